"""Which messages have been bounced: what keeps a message from being bounced twice.

Powertools' idempotency records in DynamoDB, written around each call. Its decorator is not used: once the
time of an interrupted attempt is over it runs the function again without a word, and exactly that case, where
SES may have sent a bounce that nobody recorded, has to be counted and must not go on for ever.
"""

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyItemAlreadyExistsError,
    IdempotencyItemNotFoundError,
)

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import DataRecord
    from mypy_boto3_dynamodb.client import DynamoDBClient

#: SES brings a message back for 36 hours; a request for it is refused after 24.
KEEP = timedelta(days=3)

_FIRST, _SECOND, _PASSED = "first attempt", "second attempt", "passed by"


class Standing(Enum):
    """How a message stands when an attempt to bounce it begins."""

    NEW = "no attempt is on record"
    SENT = "it was bounced"
    INTERRUPTED = "an attempt ended without a word: SES may have sent a bounce"
    INTERRUPTED_AGAIN = "so did the one after it"


class Ledger:
    """The records of one table.

    Args:
        table: The table's name; its key is `id`, its time to live `expiration`.
        client: A DynamoDB client.
    """

    def __init__(self, table: str, client: "DynamoDBClient") -> None:
        self._store = DynamoDBPersistenceLayer(table, boto3_client=client)
        self._store.configure(
            IdempotencyConfig(expires_after_seconds=int(KEEP.total_seconds()), hash_function="sha256"),
            key_prefix="ses-bounce",
        )

    def begin(self, message_id: str) -> Standing:
        """Put on record that an attempt begins; it may go on if the standing is NEW or INTERRUPTED.

        One sender works at a time, so an attempt on record that is not done was cut short.
        """
        first = self._note(message_id, _FIRST)
        if first is None:
            return Standing.NEW
        if first.status == "COMPLETED":
            return Standing.SENT
        return Standing.INTERRUPTED if self._note(message_id, _SECOND) is None else Standing.INTERRUPTED_AGAIN

    def sent(self, message_id: str, bounce_id: str) -> None:
        """Put on record that SES took the bounce."""
        self._store.save_success(_key(message_id, _FIRST), {"MessageId": bounce_id})

    def forget(self, message_id: str) -> None:
        """Take attempts off the record: they came to nothing, and the next one is the first."""
        for what in (_FIRST, _SECOND):
            self._store.delete_record(_key(message_id, what), Exception(what))

    def note_passed(self, queue_message_id: str) -> None:
        """Put on record, the first time, that a message of the queue has been passed by."""
        self._note(queue_message_id, _PASSED)

    def passed_since(self, queue_message_id: str) -> datetime | None:
        """When that was put on record; None if it never was."""
        try:
            record = self._store.get_record(_key(queue_message_id, _PASSED))
        except IdempotencyItemNotFoundError:
            return None
        if record is None or record.expiry_timestamp is None:
            return None
        return datetime.fromtimestamp(int(record.expiry_timestamp), UTC) - KEEP  # DynamoDB's is a Decimal

    def _note(self, message_id: str, what: str) -> "DataRecord | None":
        """Write a record unless it is there; the record that was there, or None."""
        try:
            self._store.save_inprogress(_key(message_id, what), int(KEEP.total_seconds() * 1000))
        except IdempotencyItemAlreadyExistsError as error:
            return error.old_data_record
        return None


def _key(message_id: str, what: str) -> dict[str, str]:
    return {"message": message_id, "record": what}
