"""SendBounce's pace: "no more than once per second" (API reference), per account and Region, for ever."""

import time
from collections.abc import Callable

#: Seconds from the end of one call to the start of the next. Counted from the end because only that is
#: known to be after SES counted the call.
INTERVAL = 1.0
#: The least to sleep, in seconds: a clock coarser than the rest to wait for would stand still.
_TICK = 0.001


class Pace:
    """Keeps calls apart. One per invocation: the first call may start at once, so wait before returning too.

    Args:
        now: A monotonic clock, in seconds.
        sleep: Waits for a number of seconds.
    """

    def __init__(
        self, now: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._due = now()

    def wait(self) -> None:
        """Return once a call may start."""
        while (left := self._due - self._now()) > 0:
            self._sleep(max(left, _TICK))

    def called(self) -> None:
        """Note that a call, however it went, has just ended."""
        self._due = self._now() + INTERVAL
