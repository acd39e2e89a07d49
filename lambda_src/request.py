"""A SendBounce request: its fields, and the one validator for configuration, queue and command.

Field for field the `SendBounceRequest` of the SES API reference (2010-12-01). What SES would refuse,
or what RFC 3464 forbids in a DSN, is refused here, before anything is sent.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from lambda_src import rfc3464, timestamps
from lambda_src.address import ADDRESS
from lambda_src.errors import InvalidValue, RequestError
from lambda_src.fields import Fields, one_of, syntax

BOUNCE_TYPE = one_of(
    "DoesNotExist", "MessageTooLarge", "ExceededQuota", "ContentRejected", "Undefined", "TemporaryFailure"
)
#: SES's are some 40 characters; the limit leaves room in SQS's deduplication IDs (128).
MESSAGE_ID = syntax(r"[\x21-\x7e]{1,100}", "must be the message ID that SES gave on receipt")
EXPLANATION = syntax(
    r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+",
    "must be text without line breaks or other control characters",
)
FINAL_RECIPIENT = syntax(
    ADDRESS.pattern.pattern, "must be an address like user@example.com, without 'rfc822;' before it"
)
IDENTITY_ARN = syntax(
    r"arn:aws[a-z-]*:ses:[a-z0-9-]+:[0-9]{12}:identity/[\x21-\x7e]+",
    "must be an identity's ARN: arn:aws:ses:REGION:ACCOUNT:identity/NAME",
)


class ExtensionField(NamedTuple):
    """A header added to the DSN."""

    name: str
    value: str


class MessageDsn(NamedTuple):
    """The DSN's fields about the message; `arrival_date` is when the reporting MTA received it."""

    reporting_mta: str
    arrival_date: datetime | None = None
    extension_fields: tuple[ExtensionField, ...] = ()


class RecipientDsnFields(NamedTuple):
    """The DSN's fields about one recipient; SES fills in `final_recipient` from the recipient."""

    action: str
    status: str
    final_recipient: str | None = None
    remote_mta: str | None = None
    diagnostic_code: str | None = None
    last_attempt_date: datetime | None = None
    extension_fields: tuple[ExtensionField, ...] = ()


class BouncedRecipient(NamedTuple):
    """A recipient to report on, by a bounce type or by explicit fields, never both."""

    recipient: str
    bounce_type: str | None = None
    dsn_fields: RecipientDsnFields | None = None
    recipient_arn: str | None = None


class SendBounceRequest(NamedTuple):
    """One call of SendBounce: one message, all its bounced recipients."""

    original_message_id: str
    bounce_sender: str
    recipients: tuple[BouncedRecipient, ...]
    explanation: str | None = None
    message_dsn: MessageDsn | None = None
    bounce_sender_arn: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The document that `aws ses send-bounce --cli-input-json` reads; times as ISO 8601."""
        return _request(self, timestamps.iso)

    def to_api(self) -> dict[str, Any]:
        """The keyword arguments of boto3's `send_bounce`; times as datetimes."""
        return _request(self, lambda moment: moment)


def parse(document: Mapping[str, object] | object) -> SendBounceRequest:
    """Read and check a request in the JSON of `aws ses send-bounce --cli-input-json`.

    Raises:
        RequestError: Naming the first field at fault, its value and the rule.
    """
    fields = Fields(
        document,
        "",
        RequestError,
        (
            "OriginalMessageId",
            "BounceSender",
            "Explanation",
            "MessageDsn",
            "BouncedRecipientInfoList",
            "BounceSenderArn",
        ),
    )
    message_id = fields.required("OriginalMessageId", MESSAGE_ID)
    sender = fields.required("BounceSender", ADDRESS)
    recipients = fields.each("BouncedRecipientInfoList", _recipient)
    if not recipients:
        raise fields.refuse("BouncedRecipientInfoList", "must name at least one recipient")
    return SendBounceRequest(
        original_message_id=message_id,
        bounce_sender=sender,
        recipients=recipients,
        explanation=fields.optional("Explanation", EXPLANATION),
        message_dsn=fields.one("MessageDsn", message_dsn),
        bounce_sender_arn=fields.optional("BounceSenderArn", IDENTITY_ARN),
    )


def message_dsn(document: object, path: str, refusal: type[InvalidValue] = RequestError) -> MessageDsn:
    """Read and check the fields of `MessageDsn`."""
    fields = Fields(document, path, refusal, ("ReportingMta", "ArrivalDate", "ExtensionFields"))
    return MessageDsn(
        reporting_mta=fields.required("ReportingMta", rfc3464.MTA_NAME),
        arrival_date=fields.timestamp("ArrivalDate"),
        extension_fields=_extension_fields(fields),
    )


def recipient_dsn_fields(
    document: object, path: str, refusal: type[InvalidValue] = RequestError
) -> RecipientDsnFields:
    """Read and check the fields of `RecipientDsnFields`."""
    fields = Fields(
        document,
        path,
        refusal,
        (
            "FinalRecipient",
            "Action",
            "RemoteMta",
            "Status",
            "DiagnosticCode",
            "LastAttemptDate",
            "ExtensionFields",
        ),
    )
    return RecipientDsnFields(
        action=fields.required("Action", rfc3464.ACTION),
        status=fields.required("Status", rfc3464.STATUS),
        final_recipient=fields.optional("FinalRecipient", FINAL_RECIPIENT),
        remote_mta=fields.optional("RemoteMta", rfc3464.MTA_NAME),
        diagnostic_code=fields.optional("DiagnosticCode", rfc3464.DIAGNOSTIC_CODE),
        last_attempt_date=fields.timestamp("LastAttemptDate"),
        extension_fields=_extension_fields(fields),
    )


def _recipient(document: object, path: str) -> BouncedRecipient:
    fields = Fields(
        document, path, RequestError, ("Recipient", "RecipientArn", "BounceType", "RecipientDsnFields")
    )
    recipient = fields.required("Recipient", ADDRESS)
    if (fields.raw("BounceType") is None) == (fields.raw("RecipientDsnFields") is None):
        raise fields.refuse("BounceType", "needs exactly one of BounceType and RecipientDsnFields")
    return BouncedRecipient(
        recipient=recipient,
        bounce_type=fields.optional("BounceType", BOUNCE_TYPE),
        dsn_fields=fields.one("RecipientDsnFields", recipient_dsn_fields),
        recipient_arn=fields.optional("RecipientArn", IDENTITY_ARN),
    )


def _extension_fields(fields: Fields) -> tuple[ExtensionField, ...]:
    def extension_field(document: object, path: str) -> ExtensionField:
        one = Fields(document, path, fields.refusal, ("Name", "Value"))
        return ExtensionField(
            one.required("Name", rfc3464.EXTENSION_NAME), one.required("Value", rfc3464.EXTENSION_VALUE)
        )

    return fields.each("ExtensionFields", extension_field)


_Stamp = Callable[[datetime], object]


def _request(request: SendBounceRequest, stamp: _Stamp) -> dict[str, Any]:
    return _present(
        OriginalMessageId=request.original_message_id,
        BounceSender=request.bounce_sender,
        Explanation=request.explanation,
        MessageDsn=request.message_dsn and _message_dsn(request.message_dsn, stamp),
        BouncedRecipientInfoList=[_bounced_recipient(one, stamp) for one in request.recipients],
        BounceSenderArn=request.bounce_sender_arn,
    )


def _bounced_recipient(one: BouncedRecipient, stamp: _Stamp) -> dict[str, Any]:
    document: dict[str, Any] = {"Recipient": one.recipient}
    if one.recipient_arn is not None:
        document["RecipientArn"] = one.recipient_arn
    if one.bounce_type is not None:
        document["BounceType"] = one.bounce_type
    if one.dsn_fields is not None:
        document["RecipientDsnFields"] = _dsn_fields(one.dsn_fields, stamp)
    return document


def _message_dsn(dsn: MessageDsn, stamp: _Stamp) -> dict[str, Any]:
    return _present(
        ReportingMta=dsn.reporting_mta,
        ArrivalDate=dsn.arrival_date and stamp(dsn.arrival_date),
        ExtensionFields=_extensions(dsn.extension_fields),
    )


def _dsn_fields(dsn: RecipientDsnFields, stamp: _Stamp) -> dict[str, Any]:
    return _present(
        FinalRecipient=dsn.final_recipient,
        Action=dsn.action,
        RemoteMta=dsn.remote_mta,
        Status=dsn.status,
        DiagnosticCode=dsn.diagnostic_code,
        LastAttemptDate=dsn.last_attempt_date and stamp(dsn.last_attempt_date),
        ExtensionFields=_extensions(dsn.extension_fields),
    )


def _extensions(extension_fields: tuple[ExtensionField, ...]) -> list[dict[str, str]] | None:
    return [{"Name": one.name, "Value": one.value} for one in extension_fields] or None


def _present(**members: object) -> dict[str, Any]:
    """The members that are there: the API takes no nulls."""
    return {name: value for name, value in members.items() if value is not None}
