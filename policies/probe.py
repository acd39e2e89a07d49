"""Ask SES itself whether an identity authorises this caller, without sending mail.

The request names a message that SES never received, so it cannot be fulfilled; which error comes back tells
authorization from the rest. That SES decides authorization before it looks the message up is **inferred**:
AWS documents neither the order of its checks nor the text for an unknown message. A verdict never claims more
than the answer shows.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError

IMPOSSIBLE_MESSAGE_ID = "ses-bounce-probe-of-a-message-that-never-was"
THROTTLED_WAIT = 1.1  # seconds; SES takes one SendBounce a second


class Standing(StrEnum):
    """What the answer shows of the caller's authorization."""

    AUTHORIZED = "authorized"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """SES's answer to a probe and what it shows.

    Attributes:
        standing: Authorized, refused or unknown.
        meaning: What the answer shows, in one sentence.
        basis: Whether the reading is `documented` by AWS or `inferred`.
        code: SES's error code, empty when SES answered with success.
        text: SES's error text.
    """

    standing: Standing
    meaning: str
    basis: str
    code: str
    text: str


@dataclass(frozen=True)
class _Row:
    codes: str  # full match, regular expression
    text: str  # search, regular expression
    standing: Standing
    meaning: str
    basis: str


# The first row that fits is the reading. Sources: SES API reference, "Common Errors"; DG, "Error codes".
_ROWS = (
    _Row(
        "AccessDenied(Exception)?|NotAuthorized",
        "",
        Standing.REFUSED,
        "the caller's IAM policies or the identity's sending authorization policy do not allow it",
        "documented",
    ),
    _Row(
        "MessageRejected",
        "not verified",
        Standing.REFUSED,
        "the bounce sender is not verified for the identity that was named, or the account is in the sandbox",
        "documented",
    ),
    _Row(
        "Throttling(Exception)?|LimitExceededException|RequestLimitExceeded|TooManyRequestsException",
        "",
        Standing.UNKNOWN,
        "SES refused to answer at this rate; nothing is known of the authorization",
        "documented",
    ),
    _Row(
        "InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|ExpiredToken(Exception)?"
        "|MissingAuthenticationToken(Exception)?|IncompleteSignature|OptInRequired",
        "",
        Standing.UNKNOWN,
        "the caller's credentials were not accepted, so authorization was never decided",
        "documented",
    ),
    _Row(
        "InvalidParameterValue|ValidationError|MessageRejected",
        r"(?i)\barn\b|region",
        Standing.UNKNOWN,
        "SES did not accept an ARN of the request (another Region, or no such identity)",
        "inferred",
    ),
    _Row(
        "MessageRejected|InvalidParameterValue|ValidationError|InvalidMessageId",
        r"(?i)message|expired|24 hours|original",
        Standing.AUTHORIZED,
        "SES got as far as the message itself, which it does not know: authorization was not in the way",
        "inferred",
    ),
)


def classify(code: str, text: str) -> Verdict:
    """Read one of SES's error answers to a probe."""
    for row in _ROWS:
        if re.fullmatch(row.codes, code) and re.search(row.text, text):
            return Verdict(row.standing, row.meaning, row.basis, code, text)
    return Verdict(Standing.UNKNOWN, "an answer that this kit does not know", "inferred", code, text)


def request(
    bounce_sender: str, recipient: str, bounce_sender_arn: str | None, recipient_arn: str | None
) -> dict[str, Any]:
    """The probe's SendBounce request: complete but for a message that exists."""
    info = {"Recipient": recipient, "BounceType": "DoesNotExist"}
    if recipient_arn:
        info["RecipientArn"] = recipient_arn
    found: dict[str, Any] = {
        "OriginalMessageId": IMPOSSIBLE_MESSAGE_ID,
        "BounceSender": bounce_sender,
        "BouncedRecipientInfoList": [info],
    }
    return found | ({"BounceSenderArn": bounce_sender_arn} if bounce_sender_arn else {})


def probe(
    send_bounce: Callable[..., Any], asked: dict[str, Any], sleep: Callable[[float], None] = time.sleep
) -> Verdict:
    """Send the probe, once more after a second if SES throttles it.

    Args:
        send_bounce: A boto3 SES client's `send_bounce`.
        asked: What `request` built.
        sleep: Waits for a number of seconds.
    """
    for wait in (THROTTLED_WAIT, None):
        try:
            send_bounce(**asked)
        except ClientError as error:
            details = error.response.get("Error", {})
            verdict = classify(str(details.get("Code", "")), str(details.get("Message", "")))
            if wait is None or not verdict.code.startswith("Throttling"):
                return verdict
            sleep(wait)
        else:
            break
    return Verdict(
        Standing.AUTHORIZED,
        "SES took the request: the probe's message exists after all",
        "documented",
        "",
        "",
    )
