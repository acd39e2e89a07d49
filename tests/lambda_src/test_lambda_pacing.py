"""SendBounce "no more than once per second": counted from the end of one call to the start of the next."""

import math

from hypothesis import given
from hypothesis import strategies as st

from lambda_src.pacing import INTERVAL, Pace


class Clock:
    def __init__(self, resolution: float = 0.0) -> None:
        self.time = 1000.0
        self.slept = 0
        self._resolution = resolution

    def now(self) -> float:
        if not self._resolution:
            return self.time
        return math.floor(self.time / self._resolution) * self._resolution

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.time += seconds
        self.slept += 1


def test_first_call_starts_at_once() -> None:
    clock = Clock()
    Pace(clock.now, clock.sleep).wait()
    assert clock.slept == 0


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 5)), max_size=5), st.sampled_from([0, 1e-6, 0.015]))
def test_calls_are_a_second_apart_and_no_later_than_need_be(
    steps: list[tuple[float, float]], resolution: float
) -> None:
    clock = Clock(resolution)
    pace = Pace(clock.now, clock.sleep)
    ended = None
    for work, latency in steps:
        clock.time += work
        ready = clock.time
        pace.wait()
        if ended is not None:
            assert clock.time - ended >= INTERVAL - resolution - 1e-9
            assert clock.time <= max(ready, ended + INTERVAL) + max(resolution, 0.001) + 1e-9
        clock.time += latency
        pace.called()
        ended = clock.time
