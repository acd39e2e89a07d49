"""SES's inbound SMTP server: an unmatched recipient is refused at RCPT, mail goes to the receipt rules.

A message may say which verdicts SES should come to in a field of its own, for trying out guards:
`X-Offline-Verdicts: spf=FAIL dkim=FAIL dmarc=FAIL policy=reject spam=PASS virus=PASS`.
"""

import email
import email.policy
from concurrent.futures import Future
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from offline.cloud import Cloud
from offline.deliveries import DMARC_POLICIES, STATUSES, VERDICTS
from offline.receiving import InboundMail, Message
from offline.receiving.record import Refused

MAX_SIZE = 40 * 1024 * 1024  # bytes; DG, quotas: what SES receives for S3
VERDICTS_FIELD = "X-Offline-Verdicts"


class Inbound:
    """aiosmtpd's handler: every decision is SES's, every message goes to the cloud's one clock."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer RCPT TO as SES does."""
        reply = self._cloud.receiving.accepts(address, _client(session), tls=session.ssl is not None)
        if reply.positive:
            envelope.rcpt_tos.append(address)
        else:
            now = self._cloud.timeline.now()
            self._cloud.receiving.log.append(Refused(now, "", address, reply.code, reply.text))
        return f"{reply.code} {reply.text}"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a message; SES's reply ends with the ID it gives."""
        raw = bytes(envelope.content or b"")
        verdicts, dmarc_policy = _verdicts(raw)
        mail = InboundMail(
            raw=raw,
            mail_from=envelope.mail_from or "",
            rcpt_to=tuple(envelope.rcpt_tos),
            verdicts=verdicts,
            dmarc_policy=dmarc_policy,
            client_name=str(session.host_name or "unknown"),
            client_address=_client(session),
            tls=session.ssl is not None,
        )
        message = self._accepted(mail)
        return f"250 OK {message.message_id}" if message else "550 5.1.1 No recipient was accepted"

    def _accepted(self, mail: InboundMail) -> Message | None:
        """Accept the message on the cloud's own thread, where its rules are then applied."""
        accepted: Future[Message | None] = Future()
        timeline = self._cloud.timeline

        def take() -> None:
            message = self._cloud.receiving.accept(mail)
            if message:
                timeline.env.process(self._cloud.receiving.process(message))
            accepted.set_result(message)

        timeline.call_soon_threadsafe(take)
        return accepted.result()


def server(cloud: Cloud, port: int) -> Controller:
    """An SMTP server for `cloud` on 127.0.0.1; start and stop it. OSError when the port is taken."""
    return Controller(
        Inbound(cloud),
        hostname="127.0.0.1",
        port=port,
        data_size_limit=MAX_SIZE,
        decode_data=False,
        ident="SES offline",
    )


def _client(session: Session) -> str:
    return str(session.peer[0]) if session.peer else "127.0.0.1"


def _verdicts(raw: bytes) -> tuple[dict[str, str], str | None]:
    """The verdicts that a message asks for; what is no verdict is passed over."""
    header: Any = email.message_from_bytes(raw, policy=email.policy.compat32)
    wanted = dict(word.partition("=")[::2] for word in str(header.get(VERDICTS_FIELD, "")).split())
    policy = wanted.get("policy")
    return (
        {name: status for name, status in wanted.items() if name in VERDICTS and status in STATUSES},
        policy if policy in DMARC_POLICIES else None,
    )
