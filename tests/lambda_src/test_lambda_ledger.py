"""The ledger, on DynamoDB: what makes a bounce go out once, and an interrupted attempt be seen."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest
import time_machine

from lambda_src.ledger import KEEP, Ledger, Standing

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def ledger(aws: None) -> Ledger:
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="ledger",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return Ledger("ledger", client)


def test_a_message_is_bounced_once(ledger: Ledger) -> None:
    assert ledger.begin("m") is Standing.NEW
    ledger.sent("m", "bounce")
    assert ledger.begin("m") is Standing.SENT
    assert ledger.begin("other") is Standing.NEW


def test_an_attempt_that_ended_without_a_word_is_seen_once_and_twice(ledger: Ledger) -> None:
    assert ledger.begin("m") is Standing.NEW
    assert ledger.begin("m") is Standing.INTERRUPTED
    assert ledger.begin("m") is Standing.INTERRUPTED_AGAIN
    assert ledger.begin("m") is Standing.INTERRUPTED_AGAIN
    ledger.forget("m")
    assert ledger.begin("m") is Standing.NEW
    assert ledger.begin("m") is Standing.INTERRUPTED


def test_an_attempt_after_an_interruption_may_succeed(ledger: Ledger) -> None:
    ledger.begin("m")
    assert ledger.begin("m") is Standing.INTERRUPTED
    ledger.sent("m", "bounce")
    assert ledger.begin("m") is Standing.SENT


@pytest.mark.parametrize("sent", [True, False])
def test_records_last_longer_than_ses_brings_a_message_back(ledger: Ledger, sent: bool) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        ledger.begin("m")
        if sent:
            ledger.sent("m", "bounce")
        clock.shift(timedelta(hours=36))
        assert ledger.begin("m") is (Standing.SENT if sent else Standing.INTERRUPTED)
        clock.shift(KEEP)
        assert ledger.begin("m") is Standing.NEW


def test_when_a_message_was_first_passed_by(ledger: Ledger) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        assert ledger.passed_since("q") is None
        ledger.note_passed("q")
        clock.shift(100)
        ledger.note_passed("q")
        assert ledger.passed_since("q") == NOW
        assert ledger.passed_since("other") is None


def test_records_end_by_themselves(ledger: Ledger) -> None:
    with time_machine.travel(NOW, tick=False):
        ledger.begin("m")
    (item,) = boto3.client("dynamodb").scan(TableName="ledger")["Items"]
    assert item["id"]["S"].startswith("ses-bounce#")
    assert int(item["expiration"]["N"]) == int((NOW + KEEP).timestamp())
