"""Redriving dead letters: what goes back, what stays and why; interrupted, nothing is lost."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from cli import redriving
from cli.redriving import DeadLetter, Selection
from lambda_src.failures import ours
from lambda_src.queue_message import QueueMessage, bury

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
BODY = json.dumps({"OriginalMessageId": "abc"})


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setattr(redriving, "LONG_POLL", 0)  # moto has one server
    with mock_aws():
        yield boto3.client("sqs", region_name="us-east-1")


@pytest.fixture
def queues(sqs: Any) -> tuple[str, str]:
    dead = sqs.create_queue(QueueName="dead.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1000})
    attributes = {"FifoQueue": "true", "RedrivePolicy": policy}
    return sqs.create_queue(QueueName="requests.fifo", Attributes=attributes)["QueueUrl"], dead


def dead_letter(sqs: Any, dead: str, code: str = "AccessDenied", name: str = "1", **attributes: str) -> None:
    message = QueueMessage(
        name, "", 1, NOW, BODY, {"receivedAt": "2026-01-02T11:00:00Z", "rule": "r", **attributes}
    )
    bury(sqs, dead, message, ours(code, "because"), NOW - timedelta(minutes=30))


def run(
    sqs: Any, queues: tuple[str, str], *, dry_run: bool = False, **selection: Any
) -> list[redriving.Result]:
    queue, dead = queues
    return list(redriving.redrive(sqs, dead, queue, Selection(**selection), lambda: NOW, dry_run=dry_run))


def waiting(sqs: Any, url: str) -> list[dict[str, Any]]:
    found = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0, MessageAttributeNames=["All"]
    )
    return list(found.get("Messages", []))


def test_a_request_goes_back_with_its_envelope_and_without_its_failure(
    sqs: Any, queues: tuple[str, str]
) -> None:
    dead_letter(sqs, queues[1])
    (result,) = run(sqs, queues)
    assert result.kept is None
    (message,) = waiting(sqs, queues[0])
    assert message["Body"] == BODY
    assert {name: one["StringValue"] for name, one in message["MessageAttributes"].items()} == {
        "receivedAt": "2026-01-02T11:00:00Z",
        "rule": "r",
    }
    assert waiting(sqs, queues[1]) == []


def test_more_than_one_batch_is_looked_at(sqs: Any, queues: tuple[str, str]) -> None:
    for number in range(23):
        dead_letter(sqs, queues[1], name=str(number))
    assert len(run(sqs, queues)) == 23


def test_a_dry_run_changes_nothing(sqs: Any, queues: tuple[str, str]) -> None:
    dead_letter(sqs, queues[1])
    (result,) = run(sqs, queues, dry_run=True)
    assert result.kept is None
    assert waiting(sqs, queues[0]) == []
    assert len(waiting(sqs, queues[1])) == 1


def test_what_is_past_24_hours_stays_and_is_said_so(sqs: Any, queues: tuple[str, str]) -> None:
    dead_letter(sqs, queues[1], receivedAt="2026-01-01T11:59:59Z")
    (result,) = run(sqs, queues)
    assert result.kept == "past SES's 24 hours: it can no longer be bounced"
    assert len(waiting(sqs, queues[1])) == 1


@pytest.mark.parametrize(
    ("selection", "kept"),
    [
        ({"codes": frozenset({"AccessDenied"})}, None),
        ({"codes": frozenset({"MessageRejected"})}, "not selected: another code"),
        ({"older": timedelta(minutes=30)}, None),
        ({"older": timedelta(minutes=31)}, "not selected: too new"),
        ({"newer": timedelta(minutes=30)}, None),
        ({"newer": timedelta(minutes=29)}, "not selected: too old"),
    ],
)
def test_codes_and_ages_select(
    sqs: Any, queues: tuple[str, str], selection: dict[str, Any], kept: str | None
) -> None:
    dead_letter(sqs, queues[1])
    (result,) = run(sqs, queues, **selection)
    assert result.kept == kept


def test_what_would_be_refused_again_goes_back_only_when_its_code_is_named(
    sqs: Any, queues: tuple[str, str]
) -> None:
    dead_letter(sqs, queues[1], code="Malformed")
    assert run(sqs, queues, dry_run=True)[0].kept
    assert run(sqs, queues, codes=frozenset({"Malformed"}))[0].kept is None


class Dying:
    """A client that dies before it deletes."""

    def __init__(self, sqs: Any) -> None:
        self._sqs = sqs

    def __getattr__(self, name: str) -> Any:
        if name == "delete_message":
            raise KeyboardInterrupt
        return getattr(self._sqs, name)


def test_interrupted_the_dead_letter_stays(sqs: Any, queues: tuple[str, str]) -> None:
    dead_letter(sqs, queues[1])
    with pytest.raises(KeyboardInterrupt):
        run(Dying(sqs), queues)
    # The look at it ends by itself.
    handles = sqs.receive_message(QueueUrl=queues[1]).get("Messages", [])
    attributes = sqs.get_queue_attributes(QueueUrl=queues[1], AttributeNames=["All"])["Attributes"]
    assert len(handles) + int(attributes["ApproximateNumberOfMessagesNotVisible"]) == 1
    assert len(waiting(sqs, queues[0])) == 1


def test_the_queue_of_the_dead_letters_is_found(sqs: Any, queues: tuple[str, str]) -> None:
    assert redriving.source_queue(sqs, queues[1]) == queues[0]
    assert redriving.source_queue(sqs, queues[0]) is None


@pytest.mark.parametrize("code", [*redriving.EXPLANATIONS, "Throttling", ""])
def test_every_dead_letter_is_explained(code: str) -> None:
    assert DeadLetter("1", "h", BODY, {"code": code, "text": "SES said so"}).explanation
