"""A message as it comes in by SMTP, and as SES passes it on: with its own header fields in front."""

import email.policy
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.parser import BytesHeaderParser
from typing import Self

from offline.receiving.inferred import NOT_SCANNED, NULL_SOURCE
from offline.ses.bounces import ReceivedMessage

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
_PARSER = BytesHeaderParser(policy=email.policy.compat32)


@dataclass(frozen=True)
class InboundMail:
    """What a client hands over.

    Attributes:
        raw: The message.
        mail_from: The reverse-path; empty for the null sender.
        rcpt_to: The recipients of the envelope.
        verdicts: SES's verdicts by name: `spf`, `dkim`, `dmarc`, `spam`, `virus`; PASS when not named.
        dmarc_policy: What the sending domain asks for when DMARC fails.
        client_name: The name the client gives itself.
        client_address: Its IP address.
        tls: Whether the connection is encrypted.
    """

    raw: bytes
    mail_from: str
    rcpt_to: tuple[str, ...]
    verdicts: Mapping[str, str] = field(default_factory=dict)
    dmarc_policy: str | None = None
    client_name: str = "mta.example.net"
    client_address: str = "192.0.2.22"
    tls: bool = True


@dataclass(frozen=True)
class Message:
    """A message that SES accepted.

    Attributes:
        mail: What the client handed over.
        message_id: SES's ID of it.
        recipients: The recipients that were accepted.
        received_at: When.
        region: Where.
        added: Header fields that rules have added.
        scanned: Whether the rule at work asks for spam and virus scans.
    """

    mail: InboundMail
    message_id: str
    recipients: tuple[str, ...]
    received_at: datetime
    region: str
    added: tuple[tuple[str, str], ...] = ()
    scanned: bool = False

    def with_header(self, name: str, value: str) -> Self:
        """The message with one header field more."""
        return replace(self, added=(*self.added, (name, value)))

    @property
    def source(self) -> str:
        """The reverse-path as notifications show it."""
        return self.mail.mail_from or NULL_SOURCE

    def verdict(self, name: str) -> str:
        """The status of a verdict, as the rule at work sees it."""
        if name in ("spam", "virus") and not self.scanned:
            return NOT_SCANNED
        return self.mail.verdicts.get(name, "PASS")

    def remembered(self) -> ReceivedMessage:
        """What SendBounce needs to know of it."""
        return ReceivedMessage(
            message_id=self.message_id,
            mail_from=self.mail.mail_from,
            recipients=self.recipients,
            received_at=self.received_at,
            header=self._trace() + self._own_header(),
        )

    def header(self) -> bytes:
        """The header section: SES's fields, those that rules added, the message's own.

        SES's X-SES-DKIM-SIGNATURE, which only SES can make, is left out.
        """
        return self._trace() + _section(self._verdicts()) + _section(self.added) + self._own_header()

    def content(self) -> bytes:
        """The message as SES stores or publishes it."""
        _, *body = _END_OF_HEADER.split(self.mail.raw, maxsplit=1)
        return self.header() + b"\r\n" + b"".join(body)

    def fields(self) -> Iterator[tuple[str, str]]:
        """The header fields as text, unfolded; encoded words are left as they are."""
        for name, value in _PARSER.parsebytes(self.header()).raw_items():
            octets = str(value).encode("utf-8", "surrogateescape")
            yield name, re.sub(rb"\r?\n", b"", octets).decode("utf-8", "replace").strip()

    def _own_header(self) -> bytes:
        header = _END_OF_HEADER.split(self.mail.raw, maxsplit=1)[0]
        return re.sub(rb"\r?\n", b"\r\n", header.rstrip(b"\r\n")) + b"\r\n"

    def _trace(self) -> bytes:
        client, address = _clean(self.mail.client_name), self.mail.client_address
        # RFC 5321 §7.2: naming several recipients would disclose blind copies.
        recipient = f"\r\n for {_clean(self.recipients[0])};" if len(self.recipients) == 1 else ";"
        received = (
            f"from {client} ({client} [{address}])"
            f"\r\n by inbound-smtp.{self.region}.amazonaws.com with SMTP id {self.message_id}{recipient}"
            f"\r\n {self.received_at:%a, %d %b %Y %H:%M:%S +0000 (UTC)}"
        )
        return _section([("Return-Path", f"<{_clean(self.mail.mail_from)}>"), ("Received", received)])

    def _verdicts(self) -> Iterator[tuple[str, str]]:
        mail_from, client = _clean(self.mail.mail_from), _clean(self.mail.client_name)
        spf = (
            f"{self.verdict('spf').lower()} (spfCheck: domain of {mail_from.rpartition('@')[2] or client}) "
            f"client-ip={self.mail.client_address}; envelope-from={mail_from}; helo={client};"
        )
        checks = " ".join(f"{name}={self.verdict(name).lower()};" for name in ("dkim", "dmarc"))
        yield "X-SES-Spam-Verdict", self.verdict("spam")
        yield "X-SES-Virus-Verdict", self.verdict("virus")
        yield "Received-SPF", spf
        yield "Authentication-Results", f"amazonses.com; spf={spf} {checks}"
        yield "X-SES-RECEIPT", b64encode(self.message_id.encode()).decode()


def _section(fields: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in fields).encode("utf-8", "replace")


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", text)
