"""The table of mailboxes: one BatchGetItem a message, and no answer is never taken for "does not exist"."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from lambda_src import address, mailboxes
from lambda_src.mailboxes import MailboxesUnavailable


def addresses(*texts: str) -> list[address.Address]:
    return [one for one in map(address.parse, texts) if one is not None]


def test_table_is_asked_for_addresses_with_and_without_label(aws: None) -> None:
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="mailboxes",
        KeySchema=[{"AttributeName": "address", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "address", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for name in ("info@example.com", "sales+eu@example.com", "user@xn--bcher-kva.example"):
        client.put_item(TableName="mailboxes", Item={"address": {"S": name}})
    asked = addresses("INFO+x@Example.com", "sales+eu@example.com", "user@bücher.example", "no@example.com")
    found = mailboxes.existing(client, "mailboxes", asked)
    assert found == {"info@example.com", "sales+eu@example.com", "user@xn--bcher-kva.example"}


class Table:
    """A client whose table leaves keys unprocessed as often as it is told to."""

    def __init__(self, unprocessed: int = 0) -> None:
        self.calls: list[list[str]] = []
        self._unprocessed = unprocessed

    def batch_get_item(self, *, RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803 - boto3's
        asked = RequestItems["mailboxes"]
        assert asked["ConsistentRead"]
        keys = [key["address"]["S"] for key in asked["Keys"]]
        self.calls.append(keys)
        assert len(keys) <= 100
        left = asked["Keys"][1:] if len(self.calls) <= self._unprocessed else []
        answered = keys[: len(keys) - len(left)]
        return {
            "Responses": {"mailboxes": [{"address": {"S": key}} for key in answered]},
            "UnprocessedKeys": {"mailboxes": {**asked, "Keys": left}} if left else {},
        }


def test_one_call_for_up_to_100_keys() -> None:
    table = Table()
    asked = addresses(*(f"u{number}+x@example.com" for number in range(50)))
    assert len(mailboxes.existing(table, "mailboxes", asked)) == 100  # type: ignore[arg-type]
    assert len(table.calls) == 1


def test_dynamodbs_limit_of_100_keys_is_kept() -> None:
    table = Table()
    asked = addresses(*(f"u{number}@example.com" for number in range(250)))
    assert len(mailboxes.existing(table, "mailboxes", asked)) == 250  # type: ignore[arg-type]
    assert [len(call) for call in table.calls] == [100, 100, 50]


def test_unprocessed_keys_are_asked_for_again() -> None:
    table = Table(unprocessed=2)
    asked = addresses("a@example.com", "b@example.com", "c@example.com")
    assert len(mailboxes.existing(table, "mailboxes", asked)) == 3  # type: ignore[arg-type]
    assert [len(call) for call in table.calls] == [3, 2, 1]


def test_keys_that_stay_unprocessed_make_ses_try_again() -> None:
    table = Table(unprocessed=9)
    with pytest.raises(MailboxesUnavailable):
        mailboxes.existing(table, "mailboxes", addresses(*(f"{name}@b.c" for name in "abcde")))  # type: ignore[arg-type]


def test_a_missing_table_makes_ses_try_again(aws: None) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        mailboxes.existing(boto3.client("dynamodb"), "mailboxes", addresses("a@example.com"))
