"""The function that SES calls: what it queues, counts, logs and answers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from lambda_builders import NOW, REGION, configuration, rule, ses_event

from lambda_src import receipt_handler, settings
from lambda_src.address import Address
from lambda_src.envelope import Envelope
from lambda_src.receipt_handler import receive
from lambda_src.request import SendBounceRequest, parse

Lines = Callable[[], list[dict[str, Any]]]
Queued = list[tuple[SendBounceRequest, Envelope]]


def received(raw: object, queued: Queued | None = None, **keys: Any) -> dict[str, str]:
    """The answer to an event; requests go into `queued`."""

    def lookup(_: list[Address]) -> frozenset[str]:
        raise AssertionError("nothing is to be looked up")

    def enqueue(request: SendBounceRequest, envelope: Envelope) -> None:
        assert queued is not None
        queued.append((request, envelope))

    rules = settings.read(configuration(**keys))
    return receive(raw, rules, lookup, enqueue, NOW, REGION)


def metrics(lines: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """The lines of one metric."""
    return [line for line in lines if name in line]


def test_bounce_is_queued_with_its_envelope() -> None:
    queued: Queued = []
    answer = received(ses_event("a@example.com"), queued, rules=[rule(name="all")])
    assert answer == {"disposition": "STOP_RULE_SET"}
    ((request, envelope),) = queued
    assert request.original_message_id == "d6iitobk75ur44p8kdnnp7g2n800"
    assert envelope.attributes() == {"receivedAt": "2026-01-01T00:00:00Z", "rule": "all", "mode": "enforce"}


def test_envelope_names_every_rule_that_bounces() -> None:
    queued: Queued = []
    rules = [
        rule(name="a", recipients=["a@example.com"]),
        rule(name="b", recipients=["b@example.com"]),
        {"name": "c", "recipients": ["c@example.com"], "action": "accept"},
    ]
    received(ses_event("b@example.com", "a@example.com", "c@example.com"), queued, rules=rules)
    assert queued[0][1].rule == "b, a"


def test_each_receipt_rule_that_asks_about_a_message_queues_a_part_of_its_own() -> None:
    queued: Queued = []
    for recipients in (
        ["a@example.com", "b@example.com"],
        ["c@example.com"],
        ["b@example.com", "a@example.com"],
    ):
        received(ses_event(*recipients), queued, otherwise=rule(), severalRules=True)
    first, second, again = (envelope.key("message") for _, envelope in queued)
    assert first == again != second
    assert first.startswith("message.")


def test_a_part_can_be_named_whatever_the_recipients() -> None:
    queued: Queued = []
    received(ses_event("a@example.com", "\ud800"), queued, otherwise=rule(), severalRules=True)
    assert queued[0][1].part


def test_observed_bounce_is_queued_as_such_and_the_message_goes_on() -> None:
    queued: Queued = []
    answer = received(ses_event("a@example.com"), queued, otherwise=rule(), mode="observe")
    assert answer == {"disposition": "CONTINUE"}
    assert queued[0][1].observe
    assert queued[0][1].rule is None


def test_nothing_is_queued_when_nobody_bounces() -> None:
    assert received(ses_event("a@example.com")) == {"disposition": "CONTINUE"}


@pytest.mark.parametrize("raw", [None, {}, [], {"Records": [{}]}, "\ud800"])
def test_malformed_event_is_counted_and_the_message_goes_on(raw: object, printed: Lines) -> None:
    assert received(raw, otherwise=rule()) == {"disposition": "CONTINUE"}
    lines = printed()
    assert metrics(lines, "MalformedEvents")[0]["MalformedEvents"] == [1.0]
    assert lines[-1]["level"] == "ERROR"


def test_decisions_are_counted_by_outcome_and_reason_without_addresses(printed: Lines) -> None:
    raw = ses_event("a@example.com", "b@example.com", "info@example.com")
    received(raw, [], mailboxes=["info@example.com"], rules=[rule(name="b", recipients=["b@example.com"])])
    counted = metrics(printed(), "Decisions")
    assert {(one["outcome"], one["reason"]): one["Decisions"] for one in counted} == {
        ("bounced", "otherwise"): [1.0],
        ("bounced", "rule"): [1.0],
        ("accepted", "mailbox"): [1.0],
    }
    (declared,) = counted[0]["_aws"]["CloudWatchMetrics"]
    assert declared["Namespace"] == "SesBounce"
    assert declared["Dimensions"] == [["service"], ["service", "outcome", "reason"]]
    assert "@" not in json.dumps(counted)


def test_decision_is_logged_per_recipient(printed: Lines) -> None:
    received(ses_event("a@example.com", "b@example.com", "\ud800"), [], otherwise=rule())
    log = printed()[-1]
    assert log["message"] == "decided"
    assert log["messageId"] == "d6iitobk75ur44p8kdnnp7g2n800"
    assert log["disposition"] == "CONTINUE"
    assert log["recipients"] == [
        {
            "outcome": "bounced",
            "reason": "otherwise",
            "rule": None,
            "addresses": ["a@example.com", "b@example.com"],
        },
        {"outcome": "accepted", "reason": "malformedRecipient", "rule": None, "addresses": ["?"]},
    ]


def test_no_header_reaches_the_log(printed: Lines) -> None:
    received(ses_event("a@example.com", headers={"Subject": "secret"}), [], otherwise=rule())
    assert "secret" not in json.dumps(printed())


@pytest.mark.parametrize("fails", ["lookup", "enqueue"])
def test_a_failing_table_or_queue_makes_ses_try_again(fails: str) -> None:
    def fail(*_: object) -> Any:
        raise ConnectionError(fails)

    rules = settings.read(configuration(mailboxTable="mailboxes"))
    lookup = fail if fails == "lookup" else lambda _: frozenset[str]()
    with pytest.raises(ConnectionError, match=fails):
        receive(ses_event("a@example.com"), rules, lookup, fail, NOW, REGION)


def test_handler_reads_the_configuration_of_its_archive(
    aws: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="bounces.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    dynamodb = boto3.client("dynamodb")
    dynamodb.create_table(
        TableName="mailboxes",
        KeySchema=[{"AttributeName": "address", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "address", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName="mailboxes", Item={"address": {"S": "info@example.com"}})
    (tmp_path / "lambda_src").mkdir()
    (tmp_path / "configuration.json").write_text(json.dumps(configuration(mailboxTable="mailboxes")))
    monkeypatch.setattr(receipt_handler, "__file__", str(tmp_path / "lambda_src" / "receipt_handler.py"))
    monkeypatch.setenv("QUEUE_URL", url)
    receipt_handler._collaborators.cache_clear()
    try:
        raw = ses_event("info@example.com", "nobody@example.com", timestamp=f"{2990}-01-01T00:00:00Z")
        assert receipt_handler.handler(raw, None) == {"disposition": "CONTINUE"}
        assert receipt_handler.handler(raw, None) == {"disposition": "CONTINUE"}
    finally:
        receipt_handler._collaborators.cache_clear()
    (message,) = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], AttributeNames=["All"]
    )["Messages"]
    assert parse(json.loads(message["Body"])).recipients[0].recipient == "nobody@example.com"
    assert message["Attributes"]["MessageGroupId"] == "ses-bounce"
    assert message["Attributes"]["MessageDeduplicationId"] == "d6iitobk75ur44p8kdnnp7g2n800"
    assert message["MessageAttributes"]["mode"]["StringValue"] == "enforce"
