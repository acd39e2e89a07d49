"""Lambda's Runtime API for one execution environment, on a port of its own on 127.0.0.1.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import socketserver
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from queue import SimpleQueue
from threading import Thread
from typing import Any

PREFIX = "/2018-06-01/runtime/"


@dataclass(frozen=True)
class Task:
    """An invocation, as the runtime client receives it."""

    request_id: str
    event: bytes
    deadline_ms: int
    function_arn: str


@dataclass(frozen=True)
class Outcome:
    """How an invocation ended: the response, or the error's JSON and its type."""

    payload: bytes
    error: str | None = None


@dataclass(frozen=True)
class Idle:
    """The process asks for its next task; `outcome` is that of the task before, if there was one."""

    outcome: Outcome | None


@dataclass(frozen=True)
class Sleep:
    """The process sleeps, until it is woken."""

    seconds: float


Action = Idle | Sleep


class RuntimeApi:
    """Tells `acted`, from threads of its own, what the process does; `give` and `wake` let it go on."""

    def __init__(self, acted: Callable[[Action], None]) -> None:
        self.acted = acted
        self.outcome: Outcome | None = None
        self.tasks: SimpleQueue[Task | None] = SimpleQueue()
        self.wakings: SimpleQueue[None] = SimpleQueue()
        self._server = _Server(("127.0.0.1", 0), _Connection, self)
        Thread(target=self._serve, name="runtime-api", daemon=True).start()

    @property
    def address(self) -> str:
        """HOST:PORT, as in AWS_LAMBDA_RUNTIME_API."""
        return "{}:{}".format(*self._server.server_address)

    def give(self, task: Task) -> None:
        self.tasks.put(task)

    def wake(self) -> None:
        self.wakings.put(None)

    def close(self) -> None:
        """Stop serving; to be called once the process has ended."""
        self.tasks.put(None)
        self.wakings.put(None)
        self._server.shutdown()

    def _serve(self) -> None:
        with self._server:
            self._server.serve_forever()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: Any, api: RuntimeApi) -> None:
        super().__init__(address, handler)
        self.api = api

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A process that was stopped leaves broken connections behind; its exit is what counts."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave in one write: two would wait 40 ms for the delayed acknowledgement
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        api = self.server.api
        if self.path != PREFIX + "invocation/next":
            self.send_error(404)
            return
        outcome, api.outcome = api.outcome, None
        api.acted(Idle(outcome))
        task = api.tasks.get()
        if task is None:
            self.close_connection = True
            return
        trace = task.request_id.replace("-", "")
        self._answer(
            200,
            task.event,
            {
                "Lambda-Runtime-Aws-Request-Id": task.request_id,
                "Lambda-Runtime-Deadline-Ms": str(task.deadline_ms),
                "Lambda-Runtime-Invoked-Function-Arn": task.function_arn,
                "Lambda-Runtime-Trace-Id": f"Root=1-{trace[:8]}-{trace[8:]};Sampled=0",
            },
        )

    def do_POST(self) -> None:
        api = self.server.api
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith("/offline/sleep/"):
            api.acted(Sleep(float(self.path.rpartition("/")[2])))
            api.wakings.get()
            self._answer(200, b"{}")
        elif self.path.endswith("/response"):
            api.outcome = Outcome(body)
            self._answer(202, b'{"status":"OK"}')
        elif self.path.endswith("/error"):
            api.outcome = Outcome(body, _error_type(body))
            self._answer(202, b'{"status":"OK"}')
        else:
            self.send_error(404)

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 — the base class's name
        """The function's own log is what matters."""


def _error_type(body: bytes) -> str:
    with suppress(ValueError, TypeError, KeyError):
        return str(json.loads(body)["errorType"])
    return "Runtime.Unknown"
