"""One execution environment: a process that runs one function, one invocation at a time, as long as it lives.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

import json
import os
from collections import deque
from math import ceil
from signal import strsignal
from threading import Thread

import simpy

from offline.functions import log_delivery, process
from offline.functions.deployment import Deployment
from offline.functions.file_system import FileSystem
from offline.functions.roles import Credentials
from offline.functions.runtime_api import Action, Idle, Outcome, RuntimeApi, Sleep, Task
from offline.timeline import Activity, Outside, Timeline

INITIALISATION_TIMEOUT = 10
"""Seconds that a process may take until it asks for its first task."""
LOG_LIMIT = 256 * 1024
"""Bytes of an invocation's log that are kept: the last ones."""


class Environment:
    """Starts its process at once; takes one invocation after the other, as long as it is `alive`."""

    def __init__(
        self,
        timeline: Timeline,
        deployment: Deployment,
        credentials: Credentials,
        files: FileSystem,
        endpoint: str,
    ) -> None:
        self.deployment = deployment
        self._timeline = timeline
        self._expiration = credentials.expiration
        self._initialised = False
        self._hung = False
        self._exited = timeline.env.event()
        self._actions: deque[Action] = deque()
        self._awaited: simpy.Event | None = None
        self._work: Outside | None = None
        self._api = RuntimeApi(lambda action: timeline.call_soon_threadsafe(lambda: self._acts(action)))
        self.log_stream = log_delivery.stream_name(deployment, timeline.now())
        self._log = files.new_log(deployment.name)
        self._process = process.start(
            deployment,
            files,
            credentials=credentials,
            endpoint=endpoint,
            runtime_api=self._api.address,
            log=self._log,
            log_stream=self.log_stream,
            clock=timeline.clock_file,
        )
        Thread(target=self._watch, name="environment", daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether it can take another invocation."""
        return not self._exited.triggered and self._timeline.now() < self._expiration

    def invoke(self, request_id: str, event: bytes) -> Activity[Outcome]:
        """Run one invocation to its end. Whatever goes wrong is its outcome, in Lambda's words."""
        if not self._initialised:
            failure = yield from self._run(request_id, INITIALISATION_TIMEOUT)
            if failure:
                return failure
            self._initialised = True
        timeout = self.deployment.timeout
        deadline = round(self._timeline.now().timestamp() * 1000) + timeout * 1000
        self._api.give(Task(request_id, event, deadline, self.deployment.arn))
        outcome = yield from self._run(request_id, timeout)
        assert outcome, "a process that was given a task is idle only with its outcome"
        return outcome

    def take_log(self) -> str:
        """What the process wrote since this was last called."""
        log = self._log.read_bytes()
        if log:
            os.truncate(self._log, 0)
        return log[-LOG_LIMIT:].decode(errors="replace")

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()

    def _run(self, request_id: str, timeout: int) -> Activity[Outcome | None]:
        """Let the process go on until it is idle, gone or out of time. At its first idleness, None."""
        env = self._timeline.env
        deadline = env.timeout(timeout)
        try:
            while True:
                action = self._next_action()
                yield action | self._exited | deadline
                if not action.triggered:
                    break
                done = action.value
                if isinstance(done, Idle):
                    return done.outcome
                assert isinstance(done, Sleep)
                pause = env.timeout(_whole_microseconds(min(done.seconds, timeout)))
                yield pause | deadline
                if deadline.processed:
                    env.cancel(pause)
                    break
                self._api.wake()
            if self._hung:
                yield deadline
            if not deadline.processed:
                return self._api.outcome or _exit_error(request_id, self._process.returncode)
            yield from self._stop()
            return _timeout_error(request_id, timeout)
        finally:
            env.cancel(deadline)

    def _next_action(self) -> simpy.Event:
        """What the process does next; virtual time stands still until then."""
        self._awaited = self._timeline.env.event()
        if self._actions:
            self._awaited.succeed(self._actions.popleft())
        elif not self._exited.triggered:
            self._work = self._timeline.begin_outside(self._give_up)
        return self._awaited

    def _acts(self, action: Action) -> None:
        if self._awaited is None or self._awaited.triggered:
            self._actions.append(action)
        else:
            self._end_work()
            self._awaited.succeed(action)

    def _stop(self) -> Activity[None]:
        """Kill the process, and wait until it has ended before anything else happens."""
        self._awaited = None
        if not self._exited.triggered:
            self._end_work()
            self._work = self._timeline.begin_outside(self.kill)
            self.kill()
            yield self._exited

    def _give_up(self) -> None:
        """The process hangs in real time, out of virtual time's reach: it will have timed out."""
        self._hung = True
        self.kill()

    def _watch(self) -> None:
        self._process.wait()
        self._api.close()

        def gone() -> None:
            self._end_work()
            self._exited.succeed()

        self._timeline.call_soon_threadsafe(gone)

    def _end_work(self) -> None:
        if self._work:
            self._timeline.end_outside(self._work)


def _whole_microseconds(seconds: float) -> float:
    """Never less than `seconds`: whoever sleeps until some time has reached it then."""
    return ceil(seconds * 1e6) / 1e6


def _exit_error(request_id: str, code: int) -> Outcome:
    if code == 0:
        reason = "Runtime exited without providing a reason"
    elif code < 0:
        reason = f"Runtime exited with error: signal: {(strsignal(-code) or str(-code)).lower()}"
    else:
        reason = f"Runtime exited with error: exit status {code}"
    return _error("Runtime.ExitError", f"RequestId: {request_id} Error: {reason}")


def _timeout_error(request_id: str, timeout: int) -> Outcome:
    return _error(
        "Sandbox.Timedout", f"RequestId: {request_id} Error: Task timed out after {timeout:.2f} seconds"
    )


def _error(error_type: str, message: str) -> Outcome:
    return Outcome(json.dumps({"errorType": error_type, "errorMessage": message}).encode(), error_type)
