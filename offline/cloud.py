"""The offline AWS, put together: moto behind its gateway, one clock, functions, inbound mail."""

from contextlib import ExitStack
from datetime import datetime
from types import TracebackType
from typing import Self

from offline import ses
from offline.authorization.gateway import Gateway
from offline.authorization.log import CallLog
from offline.faults import Faults
from offline.functions import Functions
from offline.receiving import Receiving
from offline.serve.page import PREFIX, page
from offline.server import Moto, Server
from offline.timeline import Timeline


class Cloud:
    """An empty AWS that lasts as long as its context.

    Args:
        region: Where mail is received.
        start: The first moment of virtual time; default: now.
        real_time: Whether time is the wall clock's instead.
        faults: What goes wrong, and when.
        port: The port of the AWS endpoint on 127.0.0.1; 0 takes a free one.
        kept: Of how many invocations, the newest, the logs are kept; None: of all.

    Attributes:
        calls: Every AWS call and how it was decided.
        endpoint: The URL to give to AWS clients; below it, `/_ses-bounce/` shows the state in a browser.
        functions: The Lambda functions and their invocations.
        receiving: SES's inbound side.
        timeline: The clock, which also runs everything.
    """

    def __init__(
        self,
        region: str,
        *,
        start: datetime | None = None,
        real_time: bool = False,
        faults: Faults | None = None,
        port: int = 0,
        kept: int | None = None,
    ) -> None:
        self.timeline = Timeline(start, real_time=real_time)
        gateway = Gateway(Moto(), faults=faults, now=self.timeline.now)
        self.calls: CallLog = gateway.calls
        self._server = Server(gateway, port=port, pages={PREFIX: page(self)})
        self._region = region
        self._kept = kept
        self._resources = ExitStack()

    def __enter__(self) -> Self:
        ses.install()
        with ExitStack() as resources:
            resources.enter_context(self.timeline)
            resources.enter_context(self._server)
            self.endpoint = self._server.endpoint
            self.functions = resources.enter_context(Functions(self.endpoint, self.timeline, kept=self._kept))
            self.receiving = Receiving(self.timeline, self.functions.invoke, self._region)
            self._resources = resources.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._resources.close()
