"""Lambda's invocations: of the functions that moto holds, each in a process of its own."""

import json
from collections import Counter, defaultdict, deque
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Literal, Self

import simpy
from botocore.exceptions import BotoCoreError, ClientError
from moto.moto_api._internal import mock_random

from offline.functions import backend
from offline.functions.asynchronous import Policy, with_retries
from offline.functions.deployment import Deployment, UnknownFunctionError, deployed, moto_function
from offline.functions.environment import Environment
from offline.functions.file_system import FileSystem
from offline.functions.log_delivery import LogDelivery
from offline.functions.result import NOT_FOUND, ROLE_REFUSED, THROTTLED, InvokeResult
from offline.functions.roles import Roles
from offline.functions.runtime_api import Outcome
from offline.timeline import Activity, Timeline

InvocationType = Literal["RequestResponse", "Event"]

PROCESSES = 16
"""Invocations that this machine runs at a time, where AWS runs a thousand; the others wait for their turn."""


class Functions:
    """Invokes functions, and polls the queues of their event source mappings, inside its context.

    All calls, the functions' and ours for them, go to `endpoint`. Deploy inside the context, or after
    `install`. The last `kept` invocations (None: all) are in `invocations`, oldest first.
    """

    def __init__(self, endpoint: str, timeline: Timeline, *, kept: int | None = 1000) -> None:
        self.timeline = timeline
        self.roles = Roles(endpoint, timeline.now)
        self.invocations: deque[InvokeResult] = deque(maxlen=kept)
        self._log_delivery = LogDelivery(self.roles)
        self._endpoint = endpoint
        self._folder = TemporaryDirectory(prefix="ses-bounce-functions-", ignore_cleanup_errors=True)
        self._files = FileSystem(Path(self._folder.name), virtual_time=not timeline.real_time)
        self._turns = simpy.Resource(timeline.env, PROCESSES)
        self._busy: Counter[str] = Counter()
        self._idle: defaultdict[str, list[Environment]] = defaultdict(list)
        self._started: list[Environment] = []

    def __enter__(self) -> Self:
        backend.install()
        backend.attach(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        backend.detach()
        for environment in self._started:
            environment.kill()
        self._folder.cleanup()

    def invoke(
        self, function_arn: str, event: bytes, invocation_type: InvocationType = "RequestResponse"
    ) -> Activity[InvokeResult]:
        """Invoke a function, by its ARN, with a JSON event. An Event is only accepted, and runs by itself."""
        request_id = str(mock_random.uuid4())
        if invocation_type == "RequestResponse":
            return (yield from self._attempt(function_arn, request_id, event))
        now = self.timeline.now()
        try:
            policy = Policy.of(moto_function(function_arn).event_invoke_config)
        except UnknownFunctionError:
            refusal = _refusal(NOT_FOUND, f"Function not found: {function_arn}")
            return InvokeResult(function_arn, request_id, refusal.payload, NOT_FOUND, "", now, now)

        def attempt() -> Activity[InvokeResult]:
            return self._attempt(function_arn, request_id, event)

        self.timeline.env.process(with_retries(self.timeline, attempt, policy))
        return InvokeResult(function_arn, request_id, b"", None, "", now, now)

    def _attempt(self, function_arn: str, request_id: str, event: bytes) -> Activity[InvokeResult]:
        began = self.timeline.now()
        outcome, log = yield from self._run(function_arn, request_id, event)
        result = InvokeResult(
            function_arn, request_id, outcome.payload, outcome.error, log, began, self.timeline.now()
        )
        self.invocations.append(result)
        return result

    def _run(self, function_arn: str, request_id: str, event: bytes) -> Activity[tuple[Outcome, str]]:
        try:
            deployment = deployed(function_arn)
        except UnknownFunctionError:
            return _refusal(NOT_FOUND, f"Function not found: {function_arn}"), ""
        concurrency = deployment.reserved_concurrency
        if concurrency is not None and self._busy[deployment.arn] >= concurrency:
            return _refusal(THROTTLED, "Rate Exceeded."), ""
        self._busy[deployment.arn] += 1
        try:
            with self._turns.request() as turn:
                yield turn
                try:
                    environment = self._environment(deployment)
                except (ClientError, BotoCoreError) as error:
                    return _refusal(ROLE_REFUSED, f"The role cannot be assumed by Lambda. {error}"), ""
                outcome = yield from environment.invoke(request_id, event)
        finally:
            self._busy[deployment.arn] -= 1
        if environment.alive:
            self._idle[deployment.arn].append(environment)
        log = environment.take_log()
        self._log_delivery.deliver(deployment, environment.log_stream, log, self.timeline.now())
        return outcome, log

    def _environment(self, deployment: Deployment) -> Environment:
        """A warm environment of this very deployment, or a new one. Raises what `Roles.credentials` does."""
        idle = self._idle[deployment.arn]
        while idle:
            environment = idle.pop()
            if environment.alive and environment.deployment == deployment:
                return environment
            environment.kill()
        environment = Environment(
            self.timeline, deployment, self.roles.credentials(deployment), self._files, self._endpoint
        )
        self._started.append(environment)
        return environment


def _refusal(code: str, message: str) -> Outcome:
    return Outcome(json.dumps({"Type": "User", "Message": message}).encode(), code)
