"""moto over HTTP on 127.0.0.1, in this process, behind whatever stands before it.

Any AWS client works against `Server.endpoint`: boto3, the AWS CLI, presigned URLs. One server at a time holds
moto's state, which is empty when the server starts and again when it has stopped.
"""

from __future__ import annotations

import io
import logging
import socket
from contextlib import suppress
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from moto.moto_api._internal.models import moto_api_backend
from moto.server import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug import Response
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import ThreadedWSGIServer
from werkzeug.test import run_wsgi_app
from werkzeug.wsgi import get_input_stream

from offline.faults import AnswerLostError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

logger = logging.getLogger(__name__)


class Moto(DomainDispatcherApplication):  # type: ignore[misc]  # moto is untyped
    """moto's own WSGI application, with its per-request listing of its source directory remembered."""

    def __init__(self) -> None:
        super().__init__(create_backend_app)
        self._backend_of_host: dict[str | None, Any] = {}

    def get_backend_for_host(self, host: str | None) -> Any:
        if host not in self._backend_of_host:
            self._backend_of_host[host] = super().get_backend_for_host(host)
        return self._backend_of_host[host]


class Server:
    """Serves `app` on 127.0.0.1 for as long as the context lasts.

    `port` 0 takes a free one; OSError when the port is taken. `pages` are applications for a browser, by path
    prefix (`/_ses-bounce`), beside the AWS endpoints.
    """

    def __init__(
        self, app: WSGIApplication, *, port: int = 0, pages: dict[str, WSGIApplication] | None = None
    ) -> None:
        self._app = DispatcherMiddleware(app, pages)
        self._port = port
        self._http: _HttpServer | None = None
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        moto_api_backend.reset()
        with socket.create_server(("127.0.0.1", self._port)) as listener:
            self._http = _HttpServer(listener, self._app)
        self._thread = Thread(target=self._http.serve_forever, args=(0.05,), name="aws", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._http is not None
        assert self._thread is not None
        self._http.stop()
        self._thread.join()
        moto_api_backend.reset()

    @property
    def endpoint(self) -> str:
        """The URL to give to AWS clients as their endpoint."""
        assert self._http is not None, "the server runs inside its context"
        return f"http://127.0.0.1:{self._http.port}"


class _HttpServer(ThreadedWSGIServer):
    """werkzeug's server, which also ends the connections that clients keep alive when it stops."""

    def __init__(self, listener: socket.socket, app: WSGIApplication) -> None:
        host, port = listener.getsockname()
        super().__init__(host, port, app, handler=_Connection, fd=listener.fileno())
        self._open: set[socket.socket] = set()

    def finish_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().finish_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def stop(self) -> None:
        self.shutdown()
        for connection in tuple(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Connection(MotoRequestHandler):  # type: ignore[misc]  # moto is untyped
    """One client's connection, kept alive between requests; werkzeug's own handler closes it after each.

    A request is read whole before it is executed, and head and body of its answer leave in one write: two
    would wait 40 ms for the client's delayed acknowledgement.
    """

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(100)
            self.end_headers()
            self.wfile.flush()
        environ = self.make_environ()
        environ["wsgi.input"] = io.BytesIO(get_input_stream(environ).read())
        try:
            chunks, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        except AnswerLostError:
            self.close_connection = True
            return
        except Exception:
            logger.exception("%s %s failed", self.command, self.path)
            chunks, status, headers = run_wsgi_app(_failure, environ, buffered=True)
        body = b"".join(chunks)
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Calls are listed by the gateway, with who made them."""


_failure = Response("moto failed to serve this call; its log has the traceback\n", status=500)
