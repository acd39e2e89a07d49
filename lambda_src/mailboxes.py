"""The table of mailboxes that exist, for lists that change between deployments."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from lambda_src.address import Address

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

#: DynamoDB's limit for one BatchGetItem.
BATCH = 100
#: How often keys that DynamoDB left unprocessed are asked for before giving up on it.
ROUNDS = 3


class MailboxesUnavailable(Exception):  # noqa: N818 - says what is the matter
    """The table did not answer for every address: SES has to try again, lest somebody bounce by mistake."""


def existing(client: "DynamoDBClient", table: str, addresses: Iterable[Address]) -> set[str]:
    """Which of the addresses, with or without their label, are in the table.

    One BatchGetItem for up to 100 keys, so one a message unless more than 50 recipients have to be looked up.
    Reads are consistent: a mailbox created a moment ago must not bounce.

    Args:
        client: A DynamoDB client.
        table: The table's name; its key is `address`, in lower case, the domain as A-labels.
        addresses: Those that nothing else decides.

    Raises:
        MailboxesUnavailable: Some keys stayed unprocessed.
    """
    keys = list(dict.fromkeys(name for one in addresses for name in one.names))
    found: set[str] = set()
    for start in range(0, len(keys), BATCH):
        found |= _batch(client, table, keys[start : start + BATCH])
    return found


def _batch(client: "DynamoDBClient", table: str, keys: list[str]) -> set[str]:
    found: set[str] = set()
    request: dict[str, Any] = {
        table: {
            "Keys": [{"address": {"S": key}} for key in keys],
            "ProjectionExpression": "address",
            "ConsistentRead": True,
        }
    }
    for _ in range(ROUNDS):
        answer = client.batch_get_item(RequestItems=request)
        found |= {item["address"]["S"] for item in answer["Responses"].get(table, ())}
        if not answer["UnprocessedKeys"]:
            return found
        request = answer["UnprocessedKeys"]
    raise MailboxesUnavailable(f"{table} left keys unprocessed {ROUNDS} times")
