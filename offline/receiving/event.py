"""What SES tells functions and topics of a message.

DG, "Contents of notifications for Amazon SES email receiving" and "Sample incoming email event".
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import getaddresses
from typing import Any

from offline.receiving.inferred import HEADERS_LIMIT
from offline.receiving.message import Message

# Header fields told in commonHeaders: as lists of mailboxes, as texts.
_LISTS = {"from": "from", "to": "to", "cc": "cc", "bcc": "bcc", "sender": "sender", "reply-to": "replyTo"}
_TEXTS = {"date": "date", "message-id": "messageId", "subject": "subject"}

# Settings of actions that the action object tells under their own names.
_TOLD = (
    "BucketName",
    "FunctionArn",
    "InvocationType",
    "Message",
    "ObjectKeyPrefix",
    "OrganizationArn",
    "Sender",
    "SmtpReplyCode",
    "StatusCode",
    "TopicArn",
)


def lambda_event(mail: Mapping[str, Any], receipt: Mapping[str, Any]) -> dict[str, Any]:
    """The event of a Lambda action."""
    return {
        "Records": [
            {"eventSource": "aws:ses", "eventVersion": "1.0", "ses": {"mail": mail, "receipt": receipt}}
        ]
    }


def notification(
    mail: Mapping[str, Any], receipt: Mapping[str, Any], content: str | None = None
) -> dict[str, Any]:
    """The message to a topic; with the mail's content for an SNS action."""
    told = {"notificationType": "Received", "mail": mail, "receipt": receipt}
    return told if content is None else {**told, "content": content}


def mail_object(message: Message) -> dict[str, Any]:
    """The `mail` object."""
    fields = list(message.fields())
    kept = _within_limit(fields)
    return {
        "timestamp": _timestamp(message.received_at),
        "source": message.source,
        "messageId": message.message_id,
        "destination": _addresses(value for name, value in fields if name.lower() in ("to", "cc", "bcc")),
        "headersTruncated": len(kept) < len(fields),
        "headers": [{"name": name, "value": value} for name, value in kept],
        "commonHeaders": {"returnPath": message.source, **_common_headers(fields)},
    }


def receipt_object(
    message: Message, recipients: tuple[str, ...], action: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    """The `receipt` object of one action of a rule, for the recipients that the rule matches."""
    verdict = message.verdict
    elapsed = (now - message.received_at).total_seconds() * 1000
    receipt: dict[str, Any] = {
        "timestamp": _timestamp(now),
        "processingTimeMillis": max(1, round(elapsed)),  # never 0 on AWS, where work takes time
        "recipients": list(recipients),
        "spamVerdict": {"status": verdict("spam")},
        "virusVerdict": {"status": verdict("virus")},
        "spfVerdict": {"status": verdict("spf")},
        "dkimVerdict": {"status": verdict("dkim")},
        "dmarcVerdict": {"status": verdict("dmarc")},
    }
    if verdict("dmarc") == "FAIL" and message.mail.dmarc_policy:
        receipt["dmarcPolicy"] = message.mail.dmarc_policy
    return {**receipt, "action": action}


def action_object(kind: str, settings: Mapping[str, str], message_id: str) -> dict[str, str]:
    """The `action` object: its type and its settings, named as in notifications."""
    told = {"type": action_type(kind)}
    told |= {f"{name[0].lower()}{name[1:]}": value for name, value in settings.items() if name in _TOLD}
    if kind == "S3Action":
        told["objectKey"] = settings.get("ObjectKeyPrefix", "") + message_id
    if kind == "SNSAction":
        told["encoding"] = settings["Encoding"].replace("-", "").upper()
    return told


def action_type(kind: str) -> str:
    """An action's type as notifications name it: `Lambda` for LambdaAction."""
    return "WorkMail" if kind == "WorkmailAction" else kind.removesuffix("Action")


def _within_limit(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    size, kept = 0, []
    for name, value in fields:
        size += len(name.encode()) + len(value.encode()) + 4
        if size > HEADERS_LIMIT:
            break
        kept.append((name, value))
    return kept


def _common_headers(fields: Iterable[tuple[str, str]]) -> dict[str, Any]:
    common: dict[str, Any] = {}
    for name, value in fields:
        key = name.lower()
        if key in _LISTS:
            common.setdefault(_LISTS[key], []).extend(_mailboxes(value))
        elif key in _TEXTS:
            common.setdefault(_TEXTS[key], _decoded(value))
    return common


def _mailboxes(value: str) -> list[str]:
    found = [_mailbox(name, address) for name, address in getaddresses([value]) if address]
    return found or [_decoded(value)]


def _mailbox(name: str, address: str) -> str:
    if not name:
        return address
    escaped = _decoded(name).replace("\\", "\\\\").replace('"', '\\"')
    quoted = escaped if all(part.isalnum() for part in escaped.split()) else f'"{escaped}"'
    return f"{quoted} <{address}>"


def _addresses(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(address for _, address in getaddresses(list(values)) if address))


def _decoded(value: str) -> str:
    """The value with encoded words decoded, or as it is when they are broken."""
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return value


def _timestamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
