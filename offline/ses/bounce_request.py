"""A SendBounce request: the rules for its values, and the notification it asks for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.ses.exceptions import InvalidParameterValue

from offline.ses import inferred
from offline.ses.dsn import RecipientStatus


@dataclass(frozen=True)
class BounceReply:
    """What SES says of a recipient: SMTP reply code, enhanced status code, text."""

    smtp: str
    status: str
    text: str

    @property
    def diagnostic_code(self) -> str:
        """The reply as a Diagnostic-Code."""
        return f"smtp; {self.smtp} {self.status} {self.text}"


# DG, "Return bounce response action"; that BounceType stands for the template of the like name is inferred.
BOUNCE_TYPES: Mapping[str, BounceReply] = {
    "DoesNotExist": BounceReply("550", "5.1.1", "Mailbox does not exist"),
    "MessageTooLarge": BounceReply("552", "5.3.4", "Message too large"),
    "ExceededQuota": BounceReply("552", "5.2.2", "Mailbox full"),
    "ContentRejected": BounceReply("500", "5.6.1", "Message content rejected"),
    "Undefined": BounceReply("554", "5.0.0", "Unknown failure"),
    "TemporaryFailure": BounceReply("450", "4.0.0", "Temporary failure"),
}

_ADDRESS = re.compile(r"[^\s<>@,;]+@[^\s<>@,;]+")
_IDENTITY_ARN = re.compile(r"arn:aws[a-z-]*:ses:[a-z0-9-]+:\d{12}:identity/.+")
_MTA = re.compile(r"[A-Za-z0-9-]+; ?[^\s;]+")  # RFC 3464 §2.1.2
_STATUS = re.compile(r"[245]\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})")  # RFC 3463 §2
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,50}")
_HEADER_VALUE = re.compile(r"[^\r\n]{0,2048}")


def check(request: Mapping[str, Any]) -> None:
    """Refuse values that the SES API reference rules out and its service model does not.

    Raises:
        InvalidParameterValue: Naming the value.
    """
    for complaint in _complaints(request):
        raise InvalidParameterValue(complaint)


def _complaints(request: Mapping[str, Any]) -> Iterator[str]:
    if "\r" in request["BounceSender"] or "\n" in request["BounceSender"]:
        yield inferred.INVALID_TEXT.format(name="BounceSender")
    yield from _unlike(_IDENTITY_ARN, request.get("BounceSenderArn"), inferred.INVALID_ARN)
    message = request.get("MessageDsn", {})
    yield from _unlike(_MTA, message.get("ReportingMta"), inferred.INVALID_MTA)
    yield from _extension_complaints(message)
    if not request["BouncedRecipientInfoList"]:
        yield inferred.NO_RECIPIENTS
    for info in request["BouncedRecipientInfoList"]:
        yield from _recipient_complaints(info)


def _recipient_complaints(info: Mapping[str, Any]) -> Iterator[str]:
    yield from _unlike(_ADDRESS, info["Recipient"], inferred.INVALID_ADDRESS)
    yield from _unlike(_IDENTITY_ARN, info.get("RecipientArn"), inferred.INVALID_ARN)
    fields = info.get("RecipientDsnFields")
    if fields is None:
        if "BounceType" not in info:
            yield inferred.NO_REASON.format(recipient=info["Recipient"])
        return
    yield from _unlike(_ADDRESS, fields.get("FinalRecipient"), inferred.INVALID_ADDRESS)
    yield from _unlike(_STATUS, fields["Status"], inferred.INVALID_STATUS)
    yield from _unlike(_MTA, fields.get("RemoteMta"), inferred.INVALID_MTA)
    yield from _unlike(_HEADER_VALUE, fields.get("DiagnosticCode"), inferred.INVALID_TEXT, "DiagnosticCode")
    yield from _extension_complaints(fields)


def _extension_complaints(fields: Mapping[str, Any]) -> Iterator[str]:
    for field in fields.get("ExtensionFields", []):
        yield from _unlike(_HEADER_NAME, field["Name"], inferred.INVALID_HEADER_NAME)
        yield from _unlike(_HEADER_VALUE, field["Value"], inferred.INVALID_HEADER_VALUE, field["Name"])


def _unlike(pattern: re.Pattern[str], value: str | None, complaint: str, name: str = "") -> Iterator[str]:
    if value is not None and not pattern.fullmatch(value):
        yield complaint.format(value=value, name=name)


def addresses(info: Mapping[str, Any]) -> tuple[str, str]:
    """A BouncedRecipientInfo's recipient and final recipient, one of which must have been the message's."""
    return info["Recipient"], info.get("RecipientDsnFields", {}).get("FinalRecipient", info["Recipient"])


def message_fields(request: Mapping[str, Any]) -> dict[str, Any]:
    """The per-message fields that the request sets, by their names in `dsn.Notification`."""
    message = request.get("MessageDsn", {})
    fields = {
        "explanation": request.get("Explanation"),
        "reporting_mta": message.get("ReportingMta"),
        "arrived_at": _utc(message.get("ArrivalDate")),
        "extension_fields": _extension_fields(message),
    }
    return {name: value for name, value in fields.items() if value is not None}


def statuses(request: Mapping[str, Any]) -> tuple[RecipientStatus, ...]:
    """The per-recipient fields; what RecipientDsnFields leaves out, BounceType fills in."""
    return tuple(_status(info) for info in request["BouncedRecipientInfoList"])


def _status(info: Mapping[str, Any]) -> RecipientStatus:
    fields = info.get("RecipientDsnFields", {})
    reply = BOUNCE_TYPES.get(info.get("BounceType", ""))
    recipient, final = addresses(info)
    return RecipientStatus(
        original=recipient,
        final=final,
        action=fields.get("Action", "failed"),
        status=fields.get("Status", reply and reply.status),
        diagnostic_code=fields.get("DiagnosticCode", reply and reply.diagnostic_code),
        remote_mta=fields.get("RemoteMta"),
        last_attempt=_utc(fields.get("LastAttemptDate")),
        extension_fields=_extension_fields(fields),
    )


def _extension_fields(fields: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((field["Name"], field["Value"]) for field in fields.get("ExtensionFields", []))


def _utc(moment: datetime | None) -> datetime | None:
    """A timestamp as moto parses it, in UTC without saying so, with its zone."""
    return moment.replace(tzinfo=UTC) if moment else None
