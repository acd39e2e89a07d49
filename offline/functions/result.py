"""What an invocation comes to."""

from dataclasses import dataclass
from datetime import datetime

THROTTLED = "TooManyRequestsException"
NOT_FOUND = "ResourceNotFoundException"
ROLE_REFUSED = "AccessDeniedException"


@dataclass(frozen=True)
class InvokeResult:
    """How an invocation ended, with what it wrote.

    `error` is None, or the type of the function's error (`payload` is then Lambda's JSON for it), or the code
    with which the Invoke API itself refused: THROTTLED, NOT_FOUND, ROLE_REFUSED.
    """

    function_arn: str
    request_id: str
    payload: bytes
    error: str | None
    log: str
    began: datetime
    ended: datetime
