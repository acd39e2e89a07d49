"""What happens to a call that a fault hits: each effect is a piece of WSGI around the service."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from werkzeug import Response
from werkzeug.test import run_wsgi_app

from offline.authorization.wire import ApiCall, AwsError, error_response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ANSWER_AFTER = "x-offline-answer-after"
"""Header of an answer that arrives only after so many seconds of the client's clock, or never (`inf`)."""

LONGEST_WAIT = 900.0
"""Seconds after which nobody waits any more: the longest that a Lambda function may run."""

Hold = Callable[[float], None]
"""Waits so many real seconds in the server."""


class AnswerLostError(Exception):
    """Raised through a WSGI server to close the connection without an answer."""


class Effect(Protocol):
    """What happens to a call that a fault hits."""

    @property
    def executes(self) -> bool:
        """Whether the service still executes the call."""

    def disturb(self, call: ApiCall, service: WSGIApplication, hold: Hold | None) -> WSGIApplication:
        """The application that answers the call in place of `service`."""


@dataclass(frozen=True)
class Fail:
    """Answer an error; without one, the error by which the service throttles."""

    error: AwsError | None = None
    executes: bool = field(default=False, init=False, repr=False)

    def disturb(self, call: ApiCall, _: WSGIApplication, __: Hold | None) -> WSGIApplication:
        return error_response(call, self.error or _THROTTLING.get(call.service, _THROTTLED))


@dataclass(frozen=True)
class Hang:
    """Never answer."""

    executes: bool = field(default=False, init=False, repr=False)

    def disturb(self, _: ApiCall, __: WSGIApplication, hold: Hold | None) -> WSGIApplication:
        if hold is None:
            return Response(status=504, headers={ANSWER_AFTER: str(math.inf)})
        hold(LONGEST_WAIT)
        raise AnswerLostError


@dataclass(frozen=True)
class Late:
    """Execute, and answer so many seconds later."""

    seconds: float
    executes: bool = field(default=True, init=False, repr=False)

    def disturb(self, _: ApiCall, service: WSGIApplication, hold: Hold | None) -> WSGIApplication:
        def answer(environ: Any, start_response: Any) -> Any:
            response = Response.from_app(service, environ, buffered=True)
            if hold is None:
                response.headers[ANSWER_AFTER] = str(self.seconds)
            else:
                hold(self.seconds)
            return response(environ, start_response)

        return answer


@dataclass(frozen=True)
class Drop:
    """Close the connection without an answer, having executed the call or not."""

    executes: bool

    def disturb(self, _: ApiCall, service: WSGIApplication, __: Hold | None) -> WSGIApplication:
        def lose(environ: Any, _: Any) -> Any:
            if self.executes:
                run_wsgi_app(service, environ, buffered=True)
            raise AnswerLostError

        return lose


@dataclass(frozen=True)
class Twice:
    """Execute twice, as when a network repeats a request, and give the second answer."""

    executes: bool = field(default=True, init=False, repr=False)

    def disturb(self, _: ApiCall, service: WSGIApplication, __: Hold | None) -> WSGIApplication:
        def repeat(environ: Any, start_response: Any) -> Any:
            body = environ["wsgi.input"].read()
            run_wsgi_app(service, {**environ, "wsgi.input": io.BytesIO(body)}, buffered=True)
            return service({**environ, "wsgi.input": io.BytesIO(body)}, start_response)

        return repeat


_THROTTLED = AwsError("ThrottlingException", "Rate exceeded", 400)
_QUERY_THROTTLED = AwsError("Throttling", "Rate exceeded", 400)
_THROTTLING = {
    "iam": _QUERY_THROTTLED,
    "lambda": AwsError("TooManyRequestsException", "Rate Exceeded.", 429),
    "s3": AwsError("SlowDown", "Please reduce your request rate.", 503),
    "ses": AwsError("Throttling", "Maximum sending rate exceeded.", 400),
    "sns": _QUERY_THROTTLED,
    "sqs": AwsError("RequestThrottled", "Request is throttled.", 400),
    "sts": _QUERY_THROTTLED,
}
"""How each service throttles; the others answer ThrottlingException."""
