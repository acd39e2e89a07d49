"""Runs a Pulumi program in this process, unchanged, against a monitor that is an object here."""

import asyncio
import contextlib
import contextvars
import runpy
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pulumi import runtime
from pulumi.runtime import settings
from pulumi.runtime.stack import run_in_stack

T = TypeVar("T")


@dataclass(frozen=True)
class Run:
    """A program and what it may know of the deployment that it is part of."""

    main: Path
    project: str
    stack: str
    config: Mapping[str, str]
    preview: bool


def run_program(run: Run, monitor: Any, engine: Any) -> None:
    """Runs the program to its end, every request of it answered by ``monitor``, its log going to ``engine``.

    The SDK keeps all it knows of a run in context variables, so each run gets a context of its own. Requests
    are answered one at a time, in the order in which they become possible: every run makes the same calls in
    the same order, and nothing is lost by it, since provider and AWS share this process.
    """
    contextvars.copy_context().run(_run, run, monitor, engine)


def _run(run: Run, monitor: Any, engine: Any) -> None:
    settings.ROOT.set(None)
    settings.configure(
        settings.Settings(
            project=run.project,
            stack=run.stack,
            monitor=monitor,
            engine=engine,
            dry_run=run.preview,
            organization="organization",
            root_directory=str(run.main.parent),
        )
    )
    runtime.set_all_config(dict(run.config))
    with _event_loop() as loop, _in_folder(run.main.parent):
        loop.run_until_complete(run_in_stack(lambda: _execute(run.main)))


def _execute(main: Path) -> None:
    runpy.run_path(str(main), run_name="__main__")


class _AtOnce(ThreadPoolExecutor):
    """Does work where it is submitted, in place of the threads in which the SDK would wait for the engine."""

    def submit(self, work: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(work(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - it belongs to whoever waits for the result
            done.set_exception(error)
        return done


@contextlib.contextmanager
def _event_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop; what a failed program leaves undone in it is dropped silently, as Pulumi does."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.set_default_executor(_AtOnce())
    loop.set_exception_handler(lambda *_: None)
    try:
        yield loop
    finally:
        unfinished = asyncio.all_tasks(loop)
        for task in unfinished:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*unfinished, return_exceptions=True))
        asyncio.set_event_loop(None)
        loop.close()


@contextlib.contextmanager
def _in_folder(folder: Path) -> Iterator[None]:
    """The program's own modules and files are found beside it."""
    sys.path.insert(0, str(folder))
    try:
        with contextlib.chdir(folder):
            yield
    finally:
        sys.path.remove(str(folder))
