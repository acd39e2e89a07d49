"""The event that SES gives a Lambda action, as one received message.

SES Developer Guide, "Contents of notifications for Amazon SES email receiving" and "Lambda function
action". The two pages, and their examples, disagree on the case of verdicts and policies and on whether
`dmarcPolicy` is a string or an object with a `status`: both are read, and kept in upper case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lambda_src import timestamps
from lambda_src.errors import MalformedEvent
from lambda_src.request import MESSAGE_ID

#: Names of the verdicts in rules, and their fields in `receipt`.
VERDICTS = {
    "spam": "spamVerdict",
    "virus": "virusVerdict",
    "spf": "spfVerdict",
    "dkim": "dkimVerdict",
    "dmarc": "dmarcVerdict",
    "dmarcPolicy": "dmarcPolicy",
}


@dataclass(frozen=True)
class ReceivedMessage:
    """What a decision needs to know of a message. All text in it was written by strangers.

    Attributes:
        message_id: SES's ID of the message.
        received_at: When SES received it (`mail.timestamp`; `receipt.timestamp` is when the action ran,
            which differs when SES tries again).
        source: The envelope's MAIL FROM as SES gives it; empty when it is missing.
        recipients: The envelope's RCPT TO that the receipt rule matched, each once.
        headers: Values by lower-case name, in the message's order.
        headers_truncated: Whether headers may be missing: SES cuts them at about 50 KB.
        verdicts: Upper-case values by the names of `VERDICTS`; absent ones are absent.
    """

    message_id: str
    received_at: datetime
    source: str
    recipients: tuple[str, ...]
    headers: Mapping[str, tuple[str, ...]]
    headers_truncated: bool
    verdicts: Mapping[str, str]


def parse(event: object) -> ReceivedMessage:
    """Read an event of one record.

    Raises:
        MalformedEvent: What identifies the message, its recipients or its time is not there.
    """
    records = _member(event, "", "Records")
    if not isinstance(records, list) or len(records) != 1:
        raise MalformedEvent("Records", records, "must be a list of one record")
    ses = _member(records[0], "Records[0].", "ses")
    mail = _member(ses, "Records[0].ses.", "mail")
    receipt = _member(ses, "Records[0].ses.", "receipt")
    message_id = _member(mail, "mail.", "messageId")
    if not isinstance(message_id, str) or not MESSAGE_ID.pattern.fullmatch(message_id):
        raise MalformedEvent("mail.messageId", message_id, MESSAGE_ID.rule)
    recipients = _member(receipt, "receipt.", "recipients")
    if not isinstance(recipients, list) or not recipients or not all(isinstance(r, str) for r in recipients):
        raise MalformedEvent("receipt.recipients", recipients, "must be a list of addresses")
    source = _member(mail, "mail.", "source")
    headers = _member(mail, "mail.", "headers")
    return ReceivedMessage(
        message_id=message_id,
        received_at=_time(_member(mail, "mail.", "timestamp")),
        source=source if isinstance(source, str) else "",
        recipients=tuple(dict.fromkeys(recipients)),
        headers=_headers(headers),
        headers_truncated=bool(_member(mail, "mail.", "headersTruncated")) or not isinstance(headers, list),
        verdicts=_verdicts(receipt),
    )


def _member(parent: object, path: str, name: str) -> object:
    if not isinstance(parent, Mapping):
        raise MalformedEvent(path.removesuffix(".") or "event", parent, "must be an object")
    return parent.get(name)


def _time(value: object) -> datetime:
    if not isinstance(value, str):
        raise MalformedEvent("mail.timestamp", value, timestamps.RULE)
    try:
        return timestamps.parse(value)
    except ValueError:
        raise MalformedEvent("mail.timestamp", value, timestamps.RULE) from None


def _headers(headers: object) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for header in headers if isinstance(headers, list) else ():
        if isinstance(header, Mapping):
            name, value = header.get("name"), header.get("value")
            if isinstance(name, str) and isinstance(value, str):
                key = name.strip().lower()
                found[key] = (*found.get(key, ()), value)
    return found


def _verdicts(receipt: object) -> dict[str, str]:
    found = {}
    for name, field in VERDICTS.items():
        value = _member(receipt, "receipt.", field)
        status = value.get("status") if isinstance(value, Mapping) else value
        if isinstance(status, str):
            found[name] = status.upper()
    return found
