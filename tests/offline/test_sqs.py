"""The queue's rules, each in the words of the SQS Developer Guide, over HTTP as clients see them."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer
from moto.sqs.models import sqs_backends

from offline import sqs as offline_sqs
from offline.timeline import Timeline

ACCOUNT = "123456789012"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    offline_sqs.install()
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def timeline() -> Iterator[Timeline]:
    with Timeline(datetime(2026, 1, 1, tzinfo=UTC)) as timeline:
        yield timeline


@pytest.fixture
def sqs(endpoint: str, timeline: Timeline) -> Any:
    return boto3.client(
        "sqs",
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id="k",
        aws_secret_access_key="s",
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.fixture
def queue(sqs: Any) -> Iterator["Queue"]:
    dead = sqs.create_queue(QueueName="dead.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    redrive = {"deadLetterTargetArn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:dead.fifo", "maxReceiveCount": 3}
    attributes = {"FifoQueue": "true", "VisibilityTimeout": "30", "RedrivePolicy": json.dumps(redrive)}
    url = sqs.create_queue(QueueName="q.fifo", Attributes=attributes)["QueueUrl"]
    yield Queue(sqs, url)
    sqs.delete_queue(QueueUrl=url)
    sqs.delete_queue(QueueUrl=dead)


@pytest.fixture
def standard(sqs: Any) -> Iterator["Queue"]:
    url = sqs.create_queue(QueueName="q", Attributes={"VisibilityTimeout": "30"})["QueueUrl"]
    yield Queue(sqs, url)
    sqs.delete_queue(QueueUrl=url)


class Queue:
    def __init__(self, client: Any, url: str) -> None:
        self.client = client
        self.url = url
        self.handles: dict[str, str] = {}

    def send(self, *bodies: str, group: str = "g") -> list[dict[str, Any]]:
        return [
            self.client.send_message(
                QueueUrl=self.url, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=body
            )
            for body in bodies
        ]

    def receive(self, number: int = 10, **options: Any) -> str:
        """The bodies received, joined; the receipt handles are kept by body."""
        answer = self.client.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=number, AttributeNames=["All"], **options
        )
        messages = answer.get("Messages", [])
        self.handles.update((m["Body"], m["ReceiptHandle"]) for m in messages)
        self.attributes = {m["Body"]: m["Attributes"] for m in messages}
        return "".join(m["Body"] for m in messages)

    def delete(self, body: str) -> None:
        self.client.delete_message(QueueUrl=self.url, ReceiptHandle=self.handles[body])

    def hide(self, body: str, seconds: int) -> None:
        self.client.change_message_visibility(
            QueueUrl=self.url, ReceiptHandle=self.handles[body], VisibilityTimeout=seconds
        )


def test_a_group_is_blocked_while_any_of_its_messages_is_in_flight(queue: Queue) -> None:
    queue.send("a", "b")
    queue.send("x", group="other")
    assert queue.receive(1) == "a"
    assert queue.receive() == "x"
    queue.delete("a")
    assert queue.receive() == "b"


def test_a_group_keeps_its_order_when_visibility_timeouts_have_passed(
    queue: Queue, timeline: Timeline
) -> None:
    queue.send("a", "b", "c")
    assert queue.receive(2) == "ab"
    timeline.advance(timedelta(seconds=30))
    assert queue.receive() == "abc"


def test_a_group_waits_for_the_last_of_its_messages_in_flight(queue: Queue, timeline: Timeline) -> None:
    queue.send("a", "b", "c")
    queue.receive(2)
    queue.hide("b", 60)
    timeline.advance(timedelta(seconds=59))
    assert queue.receive() == ""
    timeline.advance(timedelta(seconds=1))
    assert queue.receive() == "abc"


def test_a_visibility_timeout_of_zero_makes_a_message_visible_at_once(queue: Queue) -> None:
    queue.send("a")
    queue.receive()
    queue.hide("a", 0)
    assert queue.receive() == "a"
    assert queue.attributes["a"]["ApproximateReceiveCount"] == "2"


def test_receipts_are_counted_and_dated_in_virtual_time(queue: Queue, timeline: Timeline) -> None:
    queue.send("a")
    timeline.advance(timedelta(seconds=5))
    queue.receive()
    timeline.advance(timedelta(seconds=30))
    queue.receive()
    attributes = queue.attributes["a"]
    sent = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)
    assert attributes["SentTimestamp"] == str(sent)
    assert attributes["ApproximateFirstReceiveTimestamp"] == str(sent + 5000)
    assert attributes["ApproximateReceiveCount"] == "2"


def test_a_deduplication_id_is_remembered_for_five_minutes_even_when_its_message_is_deleted(
    queue: Queue, timeline: Timeline
) -> None:
    (first,) = queue.send("a")
    queue.receive()
    queue.delete("a")
    timeline.advance(timedelta(seconds=299))
    (again,) = queue.send("a")
    assert (again["MessageId"], again["SequenceNumber"]) == (first["MessageId"], first["SequenceNumber"])
    assert queue.receive() == ""
    timeline.advance(timedelta(seconds=1))
    (late,) = queue.send("a")
    assert late["MessageId"] != first["MessageId"]
    assert queue.receive() == "a"


def test_sequence_numbers_increase(queue: Queue) -> None:
    first, second = queue.send("a", "b")
    assert first["SequenceNumber"] < second["SequenceNumber"]
    assert len(first["SequenceNumber"]) == 20


def test_a_message_received_max_receive_count_times_moves_to_the_dead_letter_queue_under_its_own_id(
    queue: Queue, timeline: Timeline
) -> None:
    (sent,) = queue.send("a")
    queue.send("b")
    for _ in range(3):
        assert queue.receive(1) == "a"
        timeline.advance(timedelta(seconds=30))
    assert queue.receive() == "b"
    dead = Queue(queue.client, queue.url.replace("q.fifo", "dead.fifo"))
    assert dead.receive() == "a"
    assert dead.attributes["a"]["MessageDeduplicationId"] == sent["MessageId"]
    assert dead.attributes["a"]["MessageGroupId"] == "g"


def test_messages_that_share_a_deduplication_id_both_reach_the_dead_letter_queue(
    queue: Queue, timeline: Timeline
) -> None:
    for _ in range(2):
        queue.send("a")
        timeline.advance(timedelta(minutes=5))
    for _ in range(4):
        queue.receive()
        timeline.advance(timedelta(seconds=30))
    assert Queue(queue.client, queue.url.replace("q.fifo", "dead.fifo")).receive() == "aa"


def test_an_expired_receipt_handle_of_a_fifo_queue_deletes_nothing(queue: Queue, timeline: Timeline) -> None:
    queue.send("a")
    queue.receive()
    timeline.advance(timedelta(seconds=30))
    with pytest.raises(ClientError, match=r"\(InvalidParameterValue\).*The receipt handle has expired"):
        queue.delete("a")
    answer = queue.client.delete_message_batch(
        QueueUrl=queue.url, Entries=[{"Id": "1", "ReceiptHandle": queue.handles["a"]}]
    )
    assert [(f["Id"], f["Code"]) for f in answer["Failed"]] == [("1", "InvalidParameterValue")]
    assert queue.receive() == "a"


def test_only_a_message_in_flight_can_be_hidden_longer(queue: Queue, timeline: Timeline) -> None:
    queue.send("a")
    queue.receive()
    timeline.advance(timedelta(seconds=30))
    with pytest.raises(ClientError) as failure:
        queue.hide("a", 5)
    assert failure.value.response["Error"]["Code"] == "AWS.SimpleQueueService.MessageNotInflight"


def test_twelve_hours_of_visibility_count_from_the_receipt_not_from_the_sending(
    queue: Queue, timeline: Timeline
) -> None:
    queue.send("a")
    timeline.advance(timedelta(hours=13))
    queue.receive()
    queue.hide("a", 43_200)
    timeline.advance(timedelta(seconds=1))
    with pytest.raises(ClientError, match=r"beyond the limit \[43200 seconds\]"):
        queue.hide("a", 43_200)


def test_a_message_is_gone_after_the_retention_period(standard: Queue, timeline: Timeline) -> None:
    standard.client.send_message(QueueUrl=standard.url, MessageBody="a")
    timeline.advance(timedelta(days=4))
    assert standard.receive() == ""
    attributes = standard.client.get_queue_attributes(QueueUrl=standard.url, AttributeNames=["All"])[
        "Attributes"
    ]
    assert attributes["ApproximateNumberOfMessages"] == "0"


def test_delays_and_receipts_are_counted_apart(standard: Queue, timeline: Timeline) -> None:
    for delay in (0, 0, 10):
        standard.client.send_message(QueueUrl=standard.url, MessageBody="m", DelaySeconds=delay)
    standard.receive(1)

    def counts() -> list[str]:
        names = ["", "NotVisible", "Delayed"]
        attributes = standard.client.get_queue_attributes(QueueUrl=standard.url, AttributeNames=["All"])
        return [attributes["Attributes"]["ApproximateNumberOfMessages" + name] for name in names]

    assert counts() == ["1", "1", "1"]
    timeline.advance(timedelta(seconds=10))
    assert counts() == ["2", "1", "0"]


def test_a_standard_queue_lets_messages_of_one_group_be_received_side_by_side(standard: Queue) -> None:
    for body in "ab":
        standard.client.send_message(QueueUrl=standard.url, MessageBody=body, MessageGroupId="tenant")
    assert standard.receive(1) + standard.receive(1) == "ab"


def test_long_polling_returns_at_once_when_time_stands_still(queue: Queue) -> None:
    began = time.monotonic()
    assert queue.receive(WaitTimeSeconds=20) == ""
    assert time.monotonic() - began < 10


def test_only_the_attributes_asked_for_are_returned(standard: Queue) -> None:
    attribute = {"DataType": "String", "StringValue": "v"}
    standard.client.send_message(
        QueueUrl=standard.url, MessageBody="a", MessageAttributes={"one": attribute, "two": attribute}
    )
    standard.receive(MessageAttributeNames=["one"])
    standard.hide("a", 0)
    answer = standard.client.receive_message(QueueUrl=standard.url, MessageAttributeNames=["All"])
    assert set(answer["Messages"][0]["MessageAttributes"]) == {"one", "two"}


def test_a_queue_says_when_a_message_becomes_receivable(queue: Queue, timeline: Timeline) -> None:
    (state,) = (q for q in sqs_backends[ACCOUNT]["us-east-1"].queues.values() if q.name == "q.fifo")
    heard: list[str] = []
    state.listeners.append(lambda: heard.append("!"))
    assert state.receivable_in() is None
    queue.send("a", "b")
    assert heard == ["!", "!"]
    assert state.receivable_in() == 0
    queue.receive(1)
    assert state.receivable_in() == 30
    queue.hide("a", 5)
    timeline.advance(timedelta(seconds=2))
    assert state.receivable_in() == 3
    queue.delete("a")
    assert state.receivable_in() == 0
    assert heard == ["!"] * 4
    queue.client.purge_queue(QueueUrl=queue.url)
    assert state.receivable_in() is None


def test_sending_does_not_take_longer_as_the_queue_grows(queue: Queue) -> None:
    state = sqs_backends[ACCOUNT]["us-east-1"]
    began = time.monotonic()
    for number in range(3_000):
        state.send_message("q.fifo", "body", {}, group_id="g", deduplication_id=str(number))
    while messages := state.receive_message("q.fifo", 10, 0, 30):
        for message in messages:
            state.delete_message("q.fifo", message.receipt_handle)
    assert time.monotonic() - began < 20
