"""How Lambda retries asynchronous invocations.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from offline.functions.result import THROTTLED, InvokeResult
from offline.timeline import Activity, Timeline

ERROR_PAUSE = 60
"""Seconds before the first retry of a function that failed; twice that before the second."""
LONGEST_THROTTLE_PAUSE = 300
"""Seconds; the pause begins at 1 and doubles."""


@dataclass(frozen=True)
class Policy:
    """A function's event invoke configuration."""

    retries: int = 2
    maximum_age: int = 6 * 3600
    """Seconds for which an event is kept for retries."""

    @classmethod
    def of(cls, configurations: list[Any]) -> "Policy":
        """From what moto keeps with a function."""
        settings = configurations[-1].config if configurations else {}
        return cls(
            settings.get("MaximumRetryAttempts", cls.retries),
            settings.get("MaximumEventAgeInSeconds", cls.maximum_age),
        )


def with_retries(
    timeline: Timeline, attempt: Callable[[], Activity[InvokeResult]], policy: Policy
) -> Activity[None]:
    """Attempt an invocation until it succeeds or Lambda would drop the event."""
    expiry = timeline.env.now + policy.maximum_age
    failures, throttle_pause = 0, 1
    while True:
        result = yield from attempt()
        if result.error is None:
            return
        if result.error == THROTTLED:
            pause, throttle_pause = throttle_pause, min(2 * throttle_pause, LONGEST_THROTTLE_PAUSE)
        else:
            failures += 1
            pause = ERROR_PAUSE * failures
        if failures > policy.retries or timeline.env.now + pause > expiry:
            return
        yield timeline.env.timeout(pause)
