"""A message of the queue as Lambda hands it over, and its way to the dead letters when it cannot be sent."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from lambda_src import envelope, request, timestamps
from lambda_src.envelope import Envelope
from lambda_src.errors import RequestError
from lambda_src.failures import Failure
from lambda_src.request import SendBounceRequest

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_sqs.type_defs import MessageAttributeValueTypeDef


@dataclass(frozen=True)
class QueueMessage:
    """What SQS knows of a message; its body and attributes may be anybody's.

    Attributes:
        id: SQS's ID of the message.
        receipt_handle: Of this delivery.
        received: How often SQS has delivered it, this time included.
        queued_at: When it came into the queue.
        body: As it was sent.
        attributes: The string attributes.
    """

    id: str
    receipt_handle: str
    received: int
    queued_at: datetime
    body: str
    attributes: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, record: SQSRecord) -> "QueueMessage":
        """The message of one record of Lambda's event."""
        return cls(
            id=record.message_id,
            receipt_handle=record.receipt_handle,
            received=int(record.attributes.approximate_receive_count),
            queued_at=datetime.fromtimestamp(int(record.attributes.sent_timestamp) / 1000, UTC),
            body=record.body,
            attributes={
                name: value.string_value
                for name, value in record.message_attributes.items()
                if value.data_type.startswith("String")
            },
        )

    @property
    def received_at(self) -> datetime:
        """When SES received the mail, as far as the envelope says so; else when the message was queued."""
        try:
            return envelope.parse(self.attributes).received_at or self.queued_at
        except RequestError:
            return self.queued_at

    def read(self) -> tuple[SendBounceRequest, Envelope]:
        """The request and its envelope.

        Raises:
            ValueError: The body is no JSON, or request or envelope cannot be used (`RequestError`).
            RecursionError: The body is nested too deeply.
        """
        return request.parse(json.loads(self.body)), envelope.parse(self.attributes)


def bury(client: "SQSClient", queue_url: str, message: QueueMessage, failure: Failure, now: datetime) -> None:
    """Put a message among the dead letters: body and envelope as they were, and why, to be sent again.

    The deduplication ID is the message's own: burying it twice in a row (the sender died before it could say
    that it was done) leaves one dead letter; a message that is sent again is another one. So is the message
    group: whoever looks at one dead letter, or leaves it, blocks no other.
    """
    said = {
        **{name: message.attributes.get(name) for name in envelope.NAMES},
        "code": failure.code,
        "text": failure.text,
        "requestId": failure.request_id,
        "failedAt": timestamps.iso(now),
    }
    attributes: dict[str, MessageAttributeValueTypeDef] = {
        name: {"DataType": "String", "StringValue": value} for name, value in said.items() if value
    }
    client.send_message(
        QueueUrl=queue_url,
        MessageBody=message.body,
        MessageGroupId=message.id,
        MessageDeduplicationId=message.id,
        MessageAttributes=attributes,
    )
