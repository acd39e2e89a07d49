"""Delivery status notifications as Amazon SES writes them.

Written after four bounces that SES really sent (tests/data/ses-bounces): the same header fields, parts and
delivery-status fields in the same order. What another server adds on the way (Received,
Authentication-Results) and a DKIM signature, which only SES can make, are left out.

No value can start a header field, a part or a line of its own: whatever comes from a request or from the
original message loses its control characters, and the boundary is one that the content does not hold.
"""

import hashlib
import re
import textwrap
import zlib
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

DEFAULT_EXPLANATION = "This message could not be delivered."

_CRLF = "\r\n"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NOT_NAME = re.compile(r"[^!-9;-~]")  # RFC 5322 §2.2: printable ASCII but the colon
_LINE_ENDS = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_FOLD_AT = 900  # RFC 5322 §2.1.1 allows 998 octets a line; extension values may be 2,048 characters long


@dataclass(frozen=True)
class RecipientStatus:
    """The per-recipient fields (RFC 3464 §2.3).

    Attributes:
        original: The recipient the sender named.
        final: The recipient the message was delivered to in the end.
        action: `failed`, `delayed`, `delivered`, `relayed` or `expanded`.
        status: Enhanced status code (RFC 3463), such as `5.1.1`.
        diagnostic_code: With its type, such as `smtp; 550 5.1.1 Mailbox does not exist`.
        remote_mta: With its type, such as `dns; mx.example.net`.
        last_attempt: When delivery was last tried.
        extension_fields: Names and values to add.
    """

    original: str
    final: str
    action: str
    status: str
    diagnostic_code: str | None = None
    remote_mta: str | None = None
    last_attempt: datetime | None = None
    extension_fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Notification:
    """One delivery status notification.

    Attributes:
        message_id: SES's ID of the notification.
        account_id: The account that sends it.
        region: Where it is sent.
        sender: The `From` address.
        recipient: The original message's reverse-path, to which it goes.
        sent_at: When it is sent.
        reporting_mta: With its type, such as `dns; inbound-smtp.us-east-1.amazonaws.com`.
        arrived_at: When the original message arrived.
        recipients: At least one.
        original_header: The original message's header section as received.
        explanation: Text for people.
        extension_fields: Names and values to add to the per-message fields.
    """

    message_id: str
    account_id: str
    region: str
    sender: str
    recipient: str
    sent_at: datetime
    reporting_mta: str
    arrived_at: datetime
    recipients: tuple[RecipientStatus, ...]
    original_header: bytes
    explanation: str = DEFAULT_EXPLANATION
    extension_fields: tuple[tuple[str, str], ...] = ()


def render(notification: Notification) -> bytes:
    """The notification as an RFC 5322 message with CRLF line ends."""
    parts = (
        _part("text/plain", "Notification", _text(notification.explanation)),
        _part("message/delivery-status", "Delivery Status Notification", _delivery_status(notification)),
        _part("text/rfc822-headers", "Undelivered Message", _header_section(notification.original_header)),
    )
    boundary = _boundary(notification, b"".join(parts))
    delimiter = f"--{boundary}".encode()
    body = b"".join(delimiter + b"\r\n" + part + b"\r\n" for part in parts)
    return _header(notification, boundary) + b"\r\n" + body + delimiter + b"--\r\n"


def _header(notification: Notification, boundary: str) -> bytes:
    domain = "email" if notification.region == "us-east-1" else notification.region
    sent_at = notification.sent_at.astimezone(UTC)
    feedback = b64encode(hashlib.sha256(notification.account_id.encode()).digest()).decode()
    return (
        _fields(
            [
                ("Return-Path", "<>"),
                ("Date", f"{sent_at:%a}, {sent_at.day} {sent_at:%b %Y %H:%M:%S} +0000"),
                ("From", notification.sender),
                ("To", notification.recipient),
                ("Message-ID", f"<{notification.message_id}@{domain}.amazonses.com>"),
                ("Subject", "Delivery Status Notification (Failure)"),
                ("MIME-Version", "1.0"),
            ]
        )
        + (
            f'Content-Type: multipart/report; \r\n\tboundary="{boundary}"; \r\n'
            "\treport-type=delivery-status\r\n"
            f"X-SES-Outgoing: {sent_at:%Y.%m.%d}-192.0.2.25\r\n"
            f"Feedback-ID: 1.{notification.region}.{feedback}:AmazonSES\r\n"
        ).encode()
    )


def _part(content_type: str, description: str, content: bytes) -> bytes:
    charset, encoding = ("us-ascii", "7bit") if content.isascii() else ("utf-8", "8bit")
    parameter = f"; charset={charset}" if content_type == "text/plain" else ""
    return (
        f"Content-Type: {content_type}{parameter}\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\n"
        f"Content-Description: {description}\r\n\r\n"
    ).encode() + content


def _text(explanation: str) -> bytes:
    lines = (_CONTROL.sub(" ", line) for line in _LINE_ENDS.split(explanation))
    return _CRLF.join(lines).encode("utf-8", "replace")


def _delivery_status(notification: Notification) -> bytes:
    message = [
        ("Reporting-MTA", notification.reporting_mta),
        ("Arrival-Date", _date(notification.arrived_at)),
        *notification.extension_fields,
    ]
    blocks = [message, *(list(_recipient_fields(status)) for status in notification.recipients)]
    return b"".join(_fields(block) + b"\r\n" for block in blocks)


def _recipient_fields(status: RecipientStatus) -> Iterable[tuple[str, str]]:
    yield "Action", status.action
    yield "Final-Recipient", f"rfc822; {status.final}"
    yield "Original-Recipient", f"rfc822; {status.original}"
    if status.diagnostic_code is not None:
        yield "Diagnostic-Code", status.diagnostic_code
    yield "Status", status.status
    if status.remote_mta is not None:
        yield "Remote-MTA", status.remote_mta
    if status.last_attempt is not None:
        yield "Last-Attempt-Date", _date(status.last_attempt)
    yield from status.extension_fields


def _date(moment: datetime) -> str:
    """SES's own form, with a two-digit year: `Thu, 01 Oct 15 13:48:54 UTC`."""
    return f"{moment.astimezone(UTC):%a, %d %b %y %H:%M:%S} UTC"


def _fields(fields: Iterable[tuple[str, str]]) -> bytes:
    lines = (f"{_NOT_NAME.sub('', name)}: {_value(value)}{_CRLF}" for name, value in fields)
    return "".join(lines).encode("utf-8", "replace")


def _value(value: str) -> str:
    one_line = _CONTROL.sub(" ", value).strip()
    if len(one_line) <= _FOLD_AT:
        return one_line
    return f"{_CRLF} ".join(textwrap.wrap(one_line, _FOLD_AT, break_on_hyphens=False))


def _header_section(header: bytes) -> bytes:
    lines = re.split(rb"\r?\n", header.replace(b"\0", b""))
    return b"".join(line.replace(b"\r", b" ") + b"\r\n" for line in lines if line) + b"\r\n"


def _boundary(notification: Notification, content: bytes) -> str:
    number = zlib.crc32(notification.message_id.encode())
    milliseconds = int(notification.sent_at.timestamp() * 1000)
    part = 0
    while (boundary := f"----=_Part_{part}_{number}.{milliseconds}").encode() in content:
        part += 1
    return boundary
