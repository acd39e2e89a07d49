"""The offline cloud's one clock: a simpy environment whose time is virtual, or the wall clock's.

In virtual time nobody waits: the clock jumps to the next event, and stands still while something outside
the simulation (a function's process) is at work. So a scenario always takes the same course. This process
sees that time everywhere (time_machine); function processes read it from `clock_file`. Monotonic clocks are
left alone: timeouts on real sockets stay real.
"""

import mmap
import struct
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from heapq import heappop
from math import inf
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import simpy
import time_machine

T = TypeVar("T")
Activity = Generator[simpy.Event, Any, T]
"""What runs on a timeline: a simpy process function's generator, returning T."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Outside:
    """Work under way outside the simulation. `give_up` makes it end, should it never end by itself."""

    def __init__(self, give_up: Callable[[], object]) -> None:
        self.give_up = give_up
        self.over = False


class Timeline:
    """Runs activities in the order of their time: processes of `env`. One thread at a time drives it.

    `start` is the first moment of virtual time (default: now). `patience` is how long, in real seconds,
    virtual time stands still for work outside before giving it up. Use it as a context manager: time is
    replaced inside only.
    """

    def __init__(
        self, start: datetime | None = None, *, real_time: bool = False, patience: float = 60.0
    ) -> None:
        self.real_time = real_time
        self.env = Environment(self._show)
        self._start = (start or datetime.now(UTC)).astimezone(UTC)
        self.patience = patience
        self._injected: deque[Callable[[], object]] = deque()
        self._injection = threading.Condition()
        self._outside: list[Outside] = []
        self._driver = threading.Lock()
        self._stopped = False
        self._began = time.monotonic()
        self._resources = ExitStack()
        self._clock: _SharedClock | None = None

    def __enter__(self) -> Self:
        if not self.real_time:
            self._clock = self._resources.enter_context(_SharedClock(self._start))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._resources.close()

    @property
    def clock_file(self) -> Path | None:
        """Where other processes read virtual time: nanoseconds since the epoch, little endian, 8 bytes."""
        return self._clock.path if self._clock else None

    def now(self) -> datetime:
        """The time, in UTC."""
        if self.real_time:
            return datetime.now(UTC)
        return self._start + timedelta(seconds=self.env.now)

    def run_until_settled(self) -> None:
        """Run until nothing is left to happen.

        Whatever waits for a time (a retry, the end of a visibility timeout) is left to happen; whatever waits
        for something that nobody does (a poller on an empty queue) is not.
        """
        self._drive(lambda: False)

    def advance(self, duration: timedelta) -> None:
        """Run for `duration`, and end exactly then."""
        end = self.env.timeout(duration.total_seconds())
        self._drive(lambda: end.processed)

    def run_forever(self) -> None:
        """Run until `stop`, waiting for injected work when nothing is left to happen."""
        self._stopped = False
        self._drive(lambda: self._stopped, linger=True)

    def stop(self) -> None:
        """End `run_forever`, from any thread."""

        def stop() -> None:
            self._stopped = True

        self.call_soon_threadsafe(stop)

    def call_soon_threadsafe(self, callback: Callable[[], object]) -> None:
        """Have the driving thread call `callback` before it goes on, from any thread."""
        with self._injection:
            self._injected.append(callback)
            self._injection.notify()

    def complete(self, activity: Activity[T]) -> T:
        """Run one activity to its end and return its result, from any thread.

        A server's thread may call this while it answers work outside: that work then waits, and time passes.
        RuntimeError when the driving thread itself waits for that answer, or when the activity can never end.
        """
        result: Future[T] = Future()
        if not self._driver.acquire(blocking=False):
            if not self.real_time and not self._outside:
                raise RuntimeError("virtual time cannot pass during a call that the simulation itself makes")
            self.call_soon_threadsafe(lambda: self._host(activity, result))
            return result.result()
        try:
            self._host(activity, result)
            self._run(result.done)
        finally:
            self._driver.release()
        if not result.done():
            raise RuntimeError("the activity waits for something that never happens")
        return result.result()

    def begin_outside(self, give_up: Callable[[], object]) -> Outside:
        """Let work outside begin: virtual time stands still until `end_outside`. Driving thread only."""
        work = Outside(give_up)
        self._outside.append(work)
        return work

    def end_outside(self, work: Outside) -> None:
        """Let work outside be over, the first time this is called for it. Driving thread only."""
        work.over = True
        with suppress(ValueError):
            self._outside.remove(work)

    def _host(self, activity: Activity[T], result: "Future[T]") -> None:
        asking = self._outside.pop() if self._outside and not self.real_time else None

        def hosted() -> Activity[None]:
            try:
                value = yield from activity
            except Exception as error:  # noqa: BLE001 — whoever asked gets it, whatever it is
                result.set_exception(error)
            else:
                result.set_result(value)
            if asking and not asking.over:
                self._outside.append(asking)

        self.env.process(hosted())

    def _drive(self, done: Callable[[], bool], *, linger: bool = False) -> None:
        if not self._driver.acquire(blocking=False):
            raise RuntimeError("the timeline is running already")
        try:
            self._run(done, linger=linger)
        finally:
            self._driver.release()

    def _run(self, done: Callable[[], bool], *, linger: bool = False) -> None:
        """Process events until `done`, or until nothing is left to happen."""
        while True:
            if self.real_time:
                self._catch_up()
            while self._injected:
                self._injected.popleft()()
            if done():
                return
            due = self.env.peek()
            if due == inf and not self._outside and not linger:
                return
            if self.real_time:
                self._await_injection(self._began + due - time.monotonic())
            elif self._outside:
                if not self._await_injection(self.patience):
                    self._outside[-1].give_up()
            elif due == inf:
                self._await_injection(inf)
            else:
                self.env.step()

    def _catch_up(self) -> None:
        """Process what is due by the wall clock, so that what is injected now happens now."""
        present = self.env.timeout(max(0.0, time.monotonic() - self._began - self.env.now))
        while not present.processed:
            self.env.step()

    def _await_injection(self, seconds: float) -> bool:
        with self._injection:
            return self._injection.wait_for(lambda: bool(self._injected), min(seconds, threading.TIMEOUT_MAX))

    def _show(self, seconds: float) -> None:
        if self._clock:
            self._clock.move_to(self._start + timedelta(seconds=seconds))


class Environment(simpy.Environment):
    """simpy's environment, which tells of each move of its clock, and whose timeouts can be cancelled."""

    def __init__(self, moving: Callable[[float], None]) -> None:
        super().__init__()
        self._moving = moving
        self._cancelled: set[simpy.Event] = set()

    def cancel(self, timeout: simpy.Event) -> None:
        """Take back a timeout that nobody waits for any more; simpy would let time pass for it."""
        if not timeout.processed:
            self._cancelled.add(timeout)

    def peek(self) -> float:
        while self._queue and self._queue[0][3] in self._cancelled:
            self._cancelled.remove(heappop(self._queue)[3])
        return super().peek()

    def step(self) -> None:
        at = self.peek()
        if self.now < at < inf:
            self._moving(at)
        super().step()


class _SharedClock:
    """Replaces this process's time, and shows it to others in a file."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._resources = ExitStack()

    def __enter__(self) -> Self:
        enter = self._resources.enter_context
        file = enter(tempfile.NamedTemporaryFile(prefix="ses-bounce-clock-"))
        file.write(bytes(8))
        file.flush()
        self.path = Path(file.name)
        self._memory = enter(mmap.mmap(file.fileno(), 8))
        # An integer, since time_machine also sets the time zone to that of an aware datetime.
        second = self._now.replace(microsecond=0)
        self._traveller = enter(time_machine.travel(int(second.timestamp()), tick=False))
        now, self._now = self._now, second
        self.move_to(now)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._resources.close()

    def move_to(self, now: datetime) -> None:
        self._traveller.shift(now - self._now)
        self._now = now
        struct.pack_into("<q", self._memory, 0, (now - EPOCH) // MICROSECOND * 1000)
