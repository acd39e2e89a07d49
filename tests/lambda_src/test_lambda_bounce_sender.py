"""The batch: the pace over any backlog, who holds the line and for how long, and what Lambda is told."""

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
import time_machine
from botocore import exceptions
from hypothesis import given, settings
from hypothesis import strategies as st
from lambda_builders import request_document
from sender_world import START, Clock, Crash, World, refusal

from lambda_src import bounce_sender, timestamps
from lambda_src.pacing import Pace

URL = "https://email.eu-west-1.amazonaws.com/"


@pytest.fixture
def world() -> Iterator[World]:
    with time_machine.travel(START, tick=False) as travel:
        world = World()
        world.clock.travelled = travel.move_to
        yield world


def fill(world: World, number: int) -> list[str]:
    ids = [f"message-{index}" for index in range(number)]
    for message_id in ids:
        world.queue.put(request_document(message_id))
    return ids


def test_1000_requests_within_1010_seconds_and_never_two_within_one(world: World) -> None:
    ids = fill(world, 1000)
    world.settle()
    assert world.ses.sent == ids
    assert world.ses.calls[-1][0] - world.ses.calls[0][0] <= 1010


def test_pace_is_kept_after_failures_and_from_one_invocation_to_the_next(world: World) -> None:
    count = 0

    def behave(_: str) -> None:
        nonlocal count
        count += 1
        if count % 3 == 0:
            raise refusal("ServiceUnavailable", 503)

    world.ses.behave = behave
    world.ses.latency = 0.2
    ids = fill(world, 60)
    world.settle()
    assert sorted(world.ses.sent) == sorted(ids)


def test_nothing_is_redelivered_while_it_waits_for_its_turn(world: World) -> None:
    world.ses.latency = 9.0
    fill(world, 10)
    world.invoke()
    sent = len(world.ses.sent)
    assert 5 < sent < 10
    assert [one.received for one in world.queue.messages] == [1] * (10 - sent)
    world.settle()
    assert len(world.ses.sent) == len(set(world.ses.sent)) == 10


def test_messages_for_which_time_is_too_short_are_not_kept_waiting(world: World) -> None:
    world.ses.latency = 9.0
    fill(world, 10)
    world.invoke()
    before = world.clock.now()
    world.invoke()
    assert world.ses.calls[-1][0] - before < 120
    assert world.queue.messages == []


def test_everybody_waits_longer_and_longer_while_ses_is_down(world: World) -> None:
    def behave(_: str) -> None:
        if world.clock.now() < 3600:
            raise refusal("ServiceUnavailable", 503)

    world.ses.behave = behave
    ids = fill(world, 3)
    world.settle()
    assert sorted(world.ses.sent) == ids
    assert world.queue.dead == []
    heads = [at for at, message_id in world.ses.calls if message_id == "message-0"]
    gaps = [later - earlier for earlier, later in itertools.pairwise(heads)]
    assert [round(gap) for gap in gaps[:6]] == [8, 13, 23, 43, 63, 63]


def test_ses_down_for_a_day_turns_everything_into_dead_letters_with_a_reason(world: World) -> None:
    def behave(_: str) -> None:
        raise refusal("Throttling")

    world.ses.behave = behave
    for number in range(12):
        received_at = timestamps.iso(START - timedelta(hours=23, minutes=number))
        world.queue.put(request_document(f"message-{number}"), receivedAt=received_at)
    world.settle()
    assert [dead["code"] for dead in world.queue.dead] == ["Expired"] * 12
    assert world.clock.now() > 3600


def poison(*ids: str, failure: Exception) -> Callable[[str], None]:
    def behave(message_id: str) -> None:
        if message_id in ids:
            raise failure

    return behave


@pytest.mark.parametrize(
    "failure",
    [
        refusal("Throttling"),
        refusal("InternalFailure", 500),
        exceptions.ReadTimeoutError(endpoint_url=URL),
        exceptions.ConnectTimeoutError(endpoint_url=URL),
    ],
)
@pytest.mark.parametrize("bad", [["message-0"], ["message-0", "message-1"], ["message-3", "message-7"]])
def test_who_fails_alone_is_a_dead_letter_within_10_minutes_and_the_rest_goes_on(
    world: World, bad: list[str], failure: Exception
) -> None:
    world.ses.behave = poison(*bad, failure=failure)
    ids = fill(world, 300)
    world.settle()
    assert sorted(world.ses.sent) == sorted(set(ids) - set(bad))
    assert sorted(json.loads(dead["body"])["OriginalMessageId"] for dead in world.queue.dead) == bad
    assert all(300 <= dead["at"] < 600 for dead in world.queue.dead)


def test_who_fails_alone_is_given_up_even_when_the_line_behind_it_is_gone(world: World) -> None:
    world.ses.behave = poison("message-0", failure=refusal("InternalFailure", 500))
    fill(world, 5)
    world.settle()
    assert [dead["code"] for dead in world.queue.dead] == ["InternalFailure"]
    assert world.clock.now() < 600


def test_nobody_is_given_up_when_ses_goes_down_in_the_middle_of_a_batch(world: World) -> None:
    def behave(_: str) -> None:
        if 3 <= world.clock.now() < 3600:
            raise refusal("ServiceUnavailable", 503)

    world.ses.behave = behave
    ids = fill(world, 15)
    world.settle()
    assert world.queue.dead == []
    assert sorted(world.ses.sent) == sorted(ids)


def test_who_was_once_passed_by_is_not_given_up_while_others_fail_for_the_first_time(world: World) -> None:
    def behave(message_id: str) -> None:
        down = 30 <= world.clock.now() < 3600
        if down or (message_id == "message-0" and world.clock.now() < 30):
            raise refusal("ServiceUnavailable", 503)

    world.ses.behave = behave
    ids = fill(world, 60)
    world.settle()
    assert world.queue.dead == []
    assert sorted(world.ses.sent) == sorted(ids)


def test_a_ledger_that_is_down_gives_nobody_up(world: World) -> None:
    world.ses.behave = poison("message-0", failure=refusal("Throttling"))

    def fail(operation: str) -> None:
        if operation == "GetItem":
            raise refusal("InternalServerError", 500)

    world.table.fail = fail
    fill(world, 3)
    world.settle(at_most=900)
    assert world.queue.dead == []
    world.table.fail = lambda _: None
    world.settle()
    assert len(world.queue.dead) == 1


def test_messages_sent_again_after_being_given_up_start_anew(world: World) -> None:
    world.ses.behave = poison("message-0", failure=refusal("Throttling"))
    fill(world, 3)
    world.settle()
    world.ses.behave = lambda _: None
    world.queue.put(world.queue.dead[0]["body"])
    world.settle()
    assert sorted(world.ses.sent) == ["message-0", "message-1", "message-2"]


FAULTS: list[BaseException | None] = [
    None,
    None,
    None,
    None,
    refusal("Throttling"),
    refusal("ServiceUnavailable", 503),
    refusal("InternalFailure", 500),
    refusal("MessageRejected"),
    exceptions.ReadTimeoutError(endpoint_url=URL),
    Crash(),
]


@settings(max_examples=25)
@given(st.integers(1, 25), st.lists(st.sampled_from(FAULTS), max_size=40))
def test_whatever_happens_every_request_is_sent_or_a_dead_letter(
    number: int, faults: list[BaseException | None]
) -> None:
    with time_machine.travel(START, tick=False) as travel:
        world = World()
        world.clock.travelled = travel.move_to
        left = iter(faults)

        def behave(_: str) -> None:
            if (fault := next(left, None)) is not None:
                raise fault

        world.ses.behave = behave
        ids = fill(world, number)
        world.settle()
        dead = {json.loads(one["body"])["OriginalMessageId"] for one in world.queue.dead}
        assert set(world.ses.sent) | dead == set(ids)
        assert len(world.ses.sent) == len(set(world.ses.sent))


class Context:
    """Lambda's context object."""

    def get_remaining_time_in_millis(self) -> int:
        return 120_000


@pytest.fixture
def deployed(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The queues and the table, and the environment that names them."""
    sqs = boto3.client("sqs")
    urls = {
        variable: sqs.create_queue(QueueName=name, Attributes={"FifoQueue": "true"})["QueueUrl"]
        for variable, name in (("QUEUE_URL", "q.fifo"), ("DEAD_LETTER_QUEUE_URL", "d.fifo"))
    }
    boto3.client("dynamodb").create_table(
        TableName="ledger",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for name, value in {**urls, "LEDGER_TABLE": "ledger"}.items():
        monkeypatch.setenv(name, value)
    bounce_sender._collaborators.cache_clear()
    yield urls
    bounce_sender._collaborators.cache_clear()


def record(message: Any) -> dict[str, Any]:
    """A record of Lambda's event for a received message."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {
            name: {
                "stringValue": value.get("StringValue"),
                "binaryValue": value.get("BinaryValue"),
                "dataType": value["DataType"],
            }
            for name, value in message.get("MessageAttributes", {}).items()
        },
        "eventSource": "aws:sqs",
    }


def test_handler_buries_reports_and_sets_visibility_through_aws(
    deployed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sqs = boto3.client("sqs")
    attributes: Any = {
        "rule": {"DataType": "String", "StringValue": "gone"},
        "blob": {"DataType": "Binary", "BinaryValue": b"x"},
    }
    for number, body in enumerate(["no json", json.dumps(request_document())]):
        sqs.send_message(
            QueueUrl=deployed["QUEUE_URL"],
            MessageBody=body,
            MessageGroupId="ses-bounce",
            MessageDeduplicationId=str(number),
            MessageAttributes=attributes,
        )

    def receive(variable: str) -> list[Any]:
        answer = sqs.receive_message(
            QueueUrl=deployed[variable],
            MaxNumberOfMessages=10,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return answer.get("Messages", [])

    def throttle(**_: Any) -> None:
        raise refusal("Throttling")

    new_sender, _ = bounce_sender._collaborators()
    monkeypatch.setattr(new_sender.keywords["ses"], "send_bounce", throttle)
    clock = Clock()
    monkeypatch.setattr(bounce_sender, "Pace", lambda: Pace(clock.now, clock.sleep))
    received = receive("QUEUE_URL")
    event = {"Records": [record(one) for one in received]}
    answer = bounce_sender.handler(event, Context())  # type: ignore[arg-type]
    assert answer == {"batchItemFailures": [{"itemIdentifier": received[1]["MessageId"]}]}
    (dead,) = receive("DEAD_LETTER_QUEUE_URL")
    assert dead["Body"] == "no json"
    assert dead["MessageAttributes"]["code"]["StringValue"] == "Malformed"
    assert dead["MessageAttributes"]["rule"]["StringValue"] == "gone"
    sqs.delete_message(QueueUrl=deployed["QUEUE_URL"], ReceiptHandle=received[0]["ReceiptHandle"])
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=6)):
        assert [one["MessageId"] for one in receive("QUEUE_URL")] == [received[1]["MessageId"]]


def test_clients_make_one_attempt_at_ses_and_give_up_in_time(deployed: dict[str, str]) -> None:
    new_sender, _ = bounce_sender._collaborators()
    config = new_sender.keywords["ses"].meta.config
    assert config.retries["total_max_attempts"] == 1
    assert config.connect_timeout + config.read_timeout < bounce_sender.ATTEMPT
