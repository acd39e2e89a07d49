import struct
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from offline.timeline import Activity, Timeline

START = datetime(2026, 1, 1, 12, 0, 0, 250_000, tzinfo=UTC)


def waiting(timeline: Timeline, *seconds: float, trace: list[float]) -> Activity[str]:
    for pause in seconds:
        yield timeline.env.timeout(pause)
        trace.append((timeline.now() - START).total_seconds())
    return "done"


def test_virtual_time_jumps_to_the_next_event_and_everything_in_the_process_sees_it() -> None:
    seen = []

    def look() -> Activity[None]:
        yield timeline.env.timeout(36 * 3600 + 0.000_001)
        seen.append((timeline.now(), datetime.now(UTC), time.time()))

    began = time.monotonic()
    with Timeline(START) as timeline:
        assert datetime.now(UTC) == timeline.now() == START
        timeline.env.process(look())
        timeline.run_until_settled()
    later = START + timedelta(hours=36, microseconds=1)
    assert seen == [(later, later, later.timestamp())]
    assert time.monotonic() - began < 10


def test_no_replaced_time_stays_behind() -> None:
    with Timeline(START) as timeline:
        clock = timeline.clock_file
        assert clock
        assert time_machine.escape_hatch.is_travelling()
    assert not time_machine.escape_hatch.is_travelling()
    assert not clock.exists()


def test_the_clock_file_tells_the_time_in_nanoseconds() -> None:
    with Timeline(START) as timeline:
        assert timeline.clock_file
        assert struct.unpack("<q", timeline.clock_file.read_bytes()) == (1_767_268_800_250_000_000,)
        timeline.advance(timedelta(seconds=2))
        assert struct.unpack("<q", timeline.clock_file.read_bytes()) == (1_767_268_802_250_000_000,)


def test_events_of_one_moment_happen_in_the_order_in_which_they_were_planned() -> None:
    trace: list[str] = []

    def named(name: str) -> Activity[None]:
        yield timeline.env.timeout(1)
        trace.append(name)

    with Timeline(START) as timeline:
        for name in "abc":
            timeline.env.process(named(name))
        timeline.run_until_settled()
    assert trace == ["a", "b", "c"]


def test_advance_ends_exactly_after_the_duration_and_leaves_the_rest_for_later() -> None:
    trace: list[float] = []
    with Timeline(START) as timeline:
        timeline.env.process(waiting(timeline, 1, 1, 1, trace=trace))
        timeline.advance(timedelta(seconds=2.5))
        assert trace == [1, 2]
        assert timeline.now() == START + timedelta(seconds=2.5)
        timeline.run_until_settled()
    assert trace == [1, 2, 3]


def test_settled_means_that_nothing_waits_for_a_time_not_that_nobody_waits() -> None:
    def idle_poller() -> Activity[None]:
        yield timeline.env.event()

    with Timeline(START) as timeline:
        timeline.env.process(idle_poller())
        timeline.env.timeout(7)
        timeline.run_until_settled()
        assert timeline.now() == START + timedelta(seconds=7)


def test_a_cancelled_timeout_takes_no_time() -> None:
    with Timeline(START) as timeline:
        deadline = timeline.env.timeout(900)
        timeline.env.timeout(1)
        timeline.env.cancel(deadline)
        timeline.run_until_settled()
        assert timeline.now() == START + timedelta(seconds=1)
        assert not deadline.processed


def test_an_error_in_an_activity_ends_the_run() -> None:
    def broken() -> Activity[None]:
        yield timeline.env.timeout(1)
        raise LookupError("broken")

    with Timeline(START) as timeline:
        timeline.env.process(broken())
        with pytest.raises(LookupError, match="broken"):
            timeline.run_until_settled()


def test_virtual_time_stands_still_while_work_outside_is_under_way() -> None:
    trace: list[str] = []

    def outside() -> Activity[None]:
        finished = timeline.env.event()
        work = timeline.begin_outside(finished.fail)

        def report() -> None:
            timeline.end_outside(work)
            finished.succeed()

        threading.Timer(0.05, timeline.call_soon_threadsafe, [report]).start()
        yield finished
        trace.append(f"finished at {timeline.env.now}")

    def other() -> Activity[None]:
        yield timeline.env.timeout(1)
        trace.append(f"other at {timeline.env.now}")

    with Timeline(START) as timeline:
        timeline.env.process(outside())
        timeline.env.process(other())
        timeline.run_until_settled()
    assert trace == ["finished at 0", "other at 1"]


def test_work_outside_that_never_ends_is_given_up_after_real_patience() -> None:
    with Timeline(START, patience=0.01) as timeline:
        work = timeline.begin_outside(
            lambda: timeline.call_soon_threadsafe(lambda: timeline.end_outside(work))
        )
        timeline.run_until_settled()
        assert work.over


def test_an_activity_can_be_completed_from_the_main_thread() -> None:
    trace: list[float] = []
    with Timeline(START) as timeline:
        assert timeline.complete(waiting(timeline, 5, trace=trace)) == "done"
        assert timeline.now() == START + timedelta(seconds=5)


def test_whoever_answers_work_outside_can_let_time_pass_for_it() -> None:
    trace: list[float] = []

    def called() -> Activity[None]:
        answered = timeline.env.event()
        work = timeline.begin_outside(answered.fail)

        def server() -> None:
            timeline.complete(waiting(timeline, 3, trace=trace))
            timeline.call_soon_threadsafe(lambda: (timeline.end_outside(work), answered.succeed()))

        threading.Thread(target=server).start()
        yield answered

    with Timeline(START) as timeline:
        timeline.env.process(called())
        timeline.env.process(waiting(timeline, 1, trace=trace))
        timeline.run_until_settled()
    assert trace == [1, 3]


def test_the_error_of_a_completed_activity_reaches_whoever_asked() -> None:
    def broken() -> Activity[None]:
        yield timeline.env.timeout(1)
        raise LookupError("broken")

    with Timeline(START) as timeline, pytest.raises(LookupError, match="broken"):
        timeline.complete(broken())


def test_an_activity_that_can_never_end_is_said_so() -> None:
    def endless() -> Activity[None]:
        yield timeline.env.event()

    with Timeline(START) as timeline, pytest.raises(RuntimeError, match="never happens"):
        timeline.complete(endless())


def test_time_cannot_pass_during_a_call_that_the_simulation_itself_makes() -> None:
    def calling() -> Activity[None]:
        timeline.complete(waiting(timeline, 1, trace=[]))
        yield timeline.env.timeout(1)

    with Timeline(START) as timeline:
        timeline.env.process(calling())
        with pytest.raises(RuntimeError, match="cannot pass"):
            timeline.run_until_settled()


def test_real_time_passes_by_itself() -> None:
    with Timeline(real_time=True) as timeline:
        assert not time_machine.escape_hatch.is_travelling()
        assert timeline.clock_file is None
        began = time.monotonic()
        timeline.env.timeout(0.05)
        timeline.run_until_settled()
        assert 0.05 <= time.monotonic() - began < 5
        assert abs(timeline.now() - datetime.now(UTC)) < timedelta(seconds=1)


def test_work_injected_into_real_time_happens_now_until_stopped() -> None:
    def pause() -> Activity[float]:
        before = time.monotonic()
        yield timeline.env.timeout(0.05)
        return time.monotonic() - before

    with Timeline(real_time=True) as timeline:
        thread = threading.Thread(target=timeline.run_forever)
        thread.start()
        threading.Event().wait(0.1)
        assert 0.05 <= timeline.complete(pause()) < 5
        timeline.stop()
        thread.join(timeout=5)
        assert not thread.is_alive()
