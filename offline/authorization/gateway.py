"""What stands before moto: every AWS call is read, decided, listed, perhaps disturbed, served or denied."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from offline.authorization.callers import ANONYMOUS, Caller, InvalidCredentialsError, find_caller
from offline.authorization.decisions import Verdict, decide_call
from offline.authorization.log import Call, CallLog
from offline.authorization.requirements import action_name
from offline.authorization.resource_policies import owner_of
from offline.authorization.wire import ApiCall, AwsError, error_response, read
from offline.faults import Effect, Faults

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_MOTO_PAGES = ("/moto-api", "/favicon.ico")
"""The paths that moto itself takes for its own, whatever the request."""
_SERVED_BY_OWNER = {"dynamodb", "lambda", "sns", "sqs"}
"""Services that serve a call for another account's resource there; SES sends for the caller in any case."""
_ACCOUNT_HEADER = "HTTP_X_MOTO_ACCOUNT_ID"
"""Where moto looks for the account to serve a call in, before it asks whose the access key is."""


def utc_now() -> datetime:
    """The time of this process, which may be virtual."""
    return datetime.now(UTC)


class Gateway:
    """A WSGI application that lets through to `service` what may be called.

    `calls` lists every AWS call. `now` is the cloud's clock.
    """

    def __init__(
        self,
        service: WSGIApplication,
        *,
        faults: Faults | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._service = service
        self._faults = faults or Faults()
        self._now = now
        self.calls = CallLog()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(_MOTO_PAGES):
            return self._service(environ, start_response)
        call, now = read(environ), self._now()
        caller, verdict = self._decided(call, now)
        effect = self._faults.strike(call.service, call.operation, caller.arn, now)
        if effect and not effect.executes:
            verdict = Verdict("fault", f"{effect} by schedule", verdict.resource)
        self._note(call, caller, verdict, now)
        environ.pop(_ACCOUNT_HEADER, None)
        if verdict.decision == "allowed" and call.service in _SERVED_BY_OWNER:
            environ[_ACCOUNT_HEADER] = owner_of(verdict.resource) or caller.account
        return self._answer(call, verdict, effect)(environ, start_response)

    def _decided(self, call: ApiCall, now: datetime) -> tuple[Caller, Verdict]:
        try:
            caller = find_caller(call.credential.access_key if call.credential else None)
        except InvalidCredentialsError as error:
            unknown = AwsError("InvalidClientTokenId", str(error), 403)
            return ANONYMOUS, Verdict("denied", str(error), error=unknown)
        return caller, decide_call(call, caller, now)

    def _answer(self, call: ApiCall, verdict: Verdict, effect: Effect | None) -> WSGIApplication:
        application = error_response(call, verdict.error) if verdict.error else self._service
        return effect.disturb(call, application, self._faults.hold) if effect else application

    def _note(self, call: ApiCall, caller: Caller, verdict: Verdict, now: datetime) -> None:
        service, _, action = action_name(call.service, call.operation).partition(":")
        self.calls.append(
            Call(now, service, action, verdict.resource, caller.arn, verdict.decision, verdict.reason)
        )
