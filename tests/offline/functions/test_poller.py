"""SQS as an event source: Lambda's documented semantics, seen from the function and from the queue."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from lambda_cloud import ACCOUNT, START, Cloud

RECORDER = """
import json, time
def handler(event, context):
    bodies = [record["body"] for record in event["Records"]]
    counts = [int(record["attributes"]["ApproximateReceiveCount"]) for record in event["Records"]]
    print(json.dumps({"at": time.time(), "bodies": bodies, "counts": counts}))
    time.sleep(SECONDS)
    return ANSWER
"""
FAILURES = (
    '{"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in event["Records"] if CONDITION]}'
)
PARTIAL = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}


def recorder(answer: str = "None", seconds: float = 0) -> str:
    return RECORDER.replace("ANSWER", answer).replace("SECONDS", str(seconds))


def failing(condition: str) -> str:
    return recorder(FAILURES.replace("CONDITION", condition))


class Source:
    """A queue, perhaps with a dead-letter queue, and what its function was given."""

    def __init__(self, cloud: Cloud, *, fifo: bool = True, receives: int = 0, visibility: int = 30) -> None:
        self.cloud = cloud
        self.fifo = fifo
        self.sqs = cloud.client("sqs")
        kind = {"FifoQueue": "true"} if fifo else {}
        self.suffix = ".fifo" if fifo else ""
        self.dead = self.sqs.create_queue(QueueName=f"dead{self.suffix}", Attributes=kind)["QueueUrl"]
        redrive = {"deadLetterTargetArn": self.arn("dead"), "maxReceiveCount": receives}
        attributes = kind | {"VisibilityTimeout": str(visibility)}
        if receives:
            attributes["RedrivePolicy"] = json.dumps(redrive)
        self.url = self.sqs.create_queue(QueueName=f"q{self.suffix}", Attributes=attributes)["QueueUrl"]

    def arn(self, name: str) -> str:
        return f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}{self.suffix}"

    def feed(self, source: str, *, function: dict[str, Any] | None = None, **mapping: Any) -> str:
        """Deploy a function and map the queue to it; the mapping's UUID is the answer."""
        arn = self.cloud.deploy(source, **{"Timeout": 10, **(function or {})})
        return self.cloud.client("lambda").create_event_source_mapping(  # type: ignore[no-any-return]
            EventSourceArn=self.arn("q"), FunctionName=arn, **mapping
        )["UUID"]

    def send(self, *bodies: str, group: str = "g", **options: Any) -> None:
        for body in bodies:
            more = {"MessageGroupId": group, "MessageDeduplicationId": body} if self.fifo else {}
            self.sqs.send_message(QueueUrl=self.url, MessageBody=body, **more, **options)

    def settle(self) -> None:
        self.cloud.timeline.run_until_settled()

    @property
    def batches(self) -> list[tuple[float, str]]:
        """When the function was given what: seconds since the start, bodies."""
        return [(seen["at"] - START.timestamp(), "".join(seen["bodies"])) for seen in self._seen()]

    @property
    def counts(self) -> list[list[int]]:
        return [seen["counts"] for seen in self._seen()]

    def _seen(self) -> Iterator[dict[str, Any]]:
        for invocation in self.cloud.functions.invocations:
            for line in invocation.log.splitlines():
                if line.startswith('{"at"'):
                    yield json.loads(line)

    def left(self) -> int:
        attributes = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["All"])["Attributes"]
        return sum(
            int(attributes["ApproximateNumberOfMessages" + name]) for name in ("", "NotVisible", "Delayed")
        )

    def dead_letters(self) -> str:
        answer = self.sqs.receive_message(QueueUrl=self.dead, MaxNumberOfMessages=10)
        return "".join(message["Body"] for message in answer.get("Messages", []))


def test_what_a_function_has_processed_is_deleted(cloud: Cloud) -> None:
    source = Source(cloud)
    source.feed(recorder())
    source.send("a", "b")
    source.settle()
    assert source.batches == [(0, "ab")]
    assert source.left() == 0


def test_messages_sent_before_the_mapping_are_taken_too_and_later_ones_at_once(cloud: Cloud) -> None:
    source = Source(cloud)
    source.send("a")
    source.feed(recorder())
    source.settle()
    cloud.timeline.advance(timedelta(seconds=100))
    source.send("b")
    source.settle()
    assert source.batches == [(0, "a"), (100, "b")]


def test_a_batch_has_at_most_the_batch_size_and_a_group_one_batch_in_flight(cloud: Cloud) -> None:
    source = Source(cloud)
    source.feed(recorder(seconds=2), BatchSize=3)
    source.send(*"abcdefg")
    source.settle()
    assert source.batches == [(0, "abc"), (2, "def"), (4, "g")]


def test_groups_are_processed_side_by_side(cloud: Cloud) -> None:
    source = Source(cloud)
    source.feed(recorder(seconds=2), BatchSize=1)
    source.send("a", "b", group="1")
    source.send("x", "y", group="2")
    source.settle()
    assert source.batches == [(0, "a"), (0, "x"), (2, "b"), (2, "y")]


def test_after_an_error_all_messages_come_again_in_order_once_the_visibility_timeout_has_passed(
    cloud: Cloud,
) -> None:
    source = Source(cloud, receives=3)
    source.feed(recorder("1 / 0"))
    source.send("a", "b")
    source.settle()
    assert source.batches == [(0, "ab"), (30, "ab"), (60, "ab")]
    assert source.counts == [[1, 1], [2, 2], [3, 3]]


def test_after_max_receive_count_messages_move_to_the_dead_letter_queue(cloud: Cloud) -> None:
    source = Source(cloud, receives=2)
    source.feed(recorder("1 / 0"))
    source.send("a", "b")
    source.settle()
    assert len(source.batches) == 2
    assert (source.left(), source.dead_letters()) == (0, "ab")
    assert cloud.timeline.now() == START + timedelta(seconds=60)


def test_only_reported_failures_come_again(cloud: Cloud) -> None:
    source = Source(cloud, receives=2)
    source.feed(failing("r['body'] == 'b'"), **PARTIAL)
    source.send("a", "b", "c")
    source.settle()
    assert source.batches == [(0, "abc"), (30, "b")]
    assert source.dead_letters() == "b"


def test_without_report_batch_item_failures_the_response_means_nothing(cloud: Cloud) -> None:
    source = Source(cloud, receives=1)
    source.feed(failing("True"))
    source.send("a")
    source.settle()
    assert (source.batches, source.dead_letters()) == ([(0, "a")], "")


def test_a_malformed_report_fails_the_batch(cloud: Cloud) -> None:
    source = Source(cloud, receives=2)
    source.feed(recorder("{'batchItemFailures': [{'itemIdentifier': 'unknown'}]}"), **PARTIAL)
    source.send("a", "b")
    source.settle()
    assert source.batches == [(0, "ab"), (30, "ab")]


def test_a_function_can_make_failed_messages_come_sooner_or_later(cloud: Cloud) -> None:
    source = Source(cloud, receives=3)
    hide = """
import boto3, json, time
def handler(event, context):
    print(json.dumps({"at": time.time(), "bodies": [r["body"] for r in event["Records"]], "counts": []}))
    sqs = boto3.client("sqs")
    for record in event["Records"]:
        count = int(record["attributes"]["ApproximateReceiveCount"])
        sqs.change_message_visibility(
            QueueUrl="q.fifo", ReceiptHandle=record["receiptHandle"], VisibilityTimeout=5 * 2**count)
    return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in event["Records"]]}
"""
    source.feed(hide, **PARTIAL)
    source.send("a")
    source.settle()
    assert source.batches == [(0, "a"), (10, "a"), (30, "a")]


def test_a_message_of_a_group_waits_behind_the_failed_ones(cloud: Cloud) -> None:
    source = Source(cloud, receives=2)
    source.feed(failing("r['body'] == 'a'"), BatchSize=1, **PARTIAL)
    source.send("a", "b")
    source.send("x", group="other")
    source.settle()
    assert source.batches == [(0, "a"), (0, "x"), (30, "a"), (60, "b")]


def test_a_timeout_counts_as_a_failure_of_the_batch(cloud: Cloud) -> None:
    source = Source(cloud, receives=1)
    source.feed(recorder(seconds=60), function={"Timeout": 5})
    source.send("a")
    source.settle()
    assert [i.error for i in cloud.functions.invocations] == ["Sandbox.Timedout"]
    assert source.dead_letters() == "a"


def test_messages_deleted_too_late_come_again(cloud: Cloud) -> None:
    source = Source(cloud, receives=2, visibility=5)
    source.feed(recorder(seconds=8))
    source.send("a")
    source.settle()
    assert source.batches == [(0, "a"), (5, "a")]
    assert source.left() == 0


def test_a_standard_queue_is_read_in_up_to_five_batches_at_a_time(cloud: Cloud) -> None:
    source = Source(cloud, fifo=False)
    source.feed(recorder(seconds=2), BatchSize=1)
    source.send(*"abcdefg")
    source.settle()
    assert source.batches == [(0, b) for b in "abcde"] + [(2, b) for b in "fg"]


def test_maximum_concurrency_limits_the_batches_at_a_time(cloud: Cloud) -> None:
    source = Source(cloud, fifo=False)
    source.feed(recorder(seconds=2), BatchSize=1, ScalingConfig={"MaximumConcurrency": 2})
    source.send(*"abc")
    source.settle()
    assert source.batches == [(0, "a"), (0, "b"), (2, "c")]


def test_a_batching_window_gathers_messages_until_it_ends(cloud: Cloud) -> None:
    source = Source(cloud, fifo=False)
    source.feed(recorder(), BatchSize=20, MaximumBatchingWindowInSeconds=10)
    source.send("a")
    cloud.timeline.advance(timedelta(seconds=9))
    source.send("b")
    source.settle()
    source.send("c")
    source.settle()
    assert source.batches == [(10, "ab"), (20, "c")]


def test_a_batching_window_ends_when_the_batch_is_full(cloud: Cloud) -> None:
    source = Source(cloud, fifo=False, visibility=360)
    source.feed(recorder(), BatchSize=12, MaximumBatchingWindowInSeconds=300)
    source.send(*"abcdefghijklm")
    cloud.timeline.advance(timedelta(seconds=1))
    assert source.batches == [(0, "abcdefghijkl")]
    source.settle()
    assert source.batches[1] == (300, "m")
    assert source.left() == 0


def test_delayed_messages_are_taken_when_their_delay_is_over(cloud: Cloud) -> None:
    source = Source(cloud, fifo=False)
    source.feed(recorder())
    source.send("a", DelaySeconds=7)
    source.settle()
    assert source.batches == [(7, "a")]


def test_a_throttled_batch_is_tried_again_within_the_visibility_timeout(cloud: Cloud) -> None:
    source = Source(cloud, fifo=False)
    source.feed(recorder(seconds=2), BatchSize=1)
    cloud.client("lambda").put_function_concurrency(FunctionName="function-1", ReservedConcurrentExecutions=1)
    source.send("a", "b")
    source.settle()
    assert source.batches == [(0, "a"), (3, "b")]
    assert source.counts == [[1], [1]]


def test_a_disabled_mapping_takes_nothing_until_it_is_enabled(cloud: Cloud) -> None:
    source = Source(cloud)
    mapping = source.feed(recorder(), Enabled=False)
    source.send("a")
    cloud.timeline.advance(timedelta(seconds=60))
    assert source.batches == []
    cloud.client("lambda").update_event_source_mapping(UUID=mapping, Enabled=True)
    source.settle()
    assert source.batches == [(60, "a")]


def test_a_deleted_mapping_takes_nothing_any_more(cloud: Cloud) -> None:
    source = Source(cloud)
    mapping = source.feed(recorder())
    source.settle()
    cloud.client("lambda").delete_event_source_mapping(UUID=mapping)
    source.send("a")
    source.settle()
    assert (source.batches, source.left()) == ([], 1)


def test_a_record_tells_groups_ids_and_attributes(cloud: Cloud) -> None:
    source = Source(cloud)
    source.feed("def handler(event, context):\n    import json\n    print(json.dumps(event))\n")
    attribute = {"DataType": "String", "StringValue": "enforce"}
    source.send("a", group="ses-bounce", MessageAttributes={"mode": attribute})
    source.settle()
    (invocation,) = cloud.functions.invocations
    (record,) = json.loads(invocation.log)["Records"]
    sent = str(round(START.timestamp() * 1000))
    assert record.pop("messageId")
    assert record.pop("receiptHandle")
    assert record.pop("md5OfMessageAttributes")
    assert record["attributes"].pop("SenderId")
    assert record == {
        "body": "a",
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": sent,
            "ApproximateFirstReceiveTimestamp": sent,
            "SequenceNumber": "00000000000000000001",
            "MessageGroupId": "ses-bounce",
            "MessageDeduplicationId": "a",
        },
        "messageAttributes": {
            "mode": {
                "stringValue": "enforce",
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": "String",
            }
        },
        "md5OfBody": "0cc175b9c0f1b6a831c399e269772661",
        "eventSource": "aws:sqs",
        "eventSourceARN": source.arn("q"),
        "awsRegion": "us-east-1",
    }


def test_event_filters_are_refused_rather_than_ignored(cloud: Cloud) -> None:
    with pytest.raises(ClientError, match="filters do not exist offline"):
        Source(cloud).feed(recorder(), FilterCriteria={"Filters": [{"Pattern": "{}"}]})


@pytest.mark.filterwarnings("ignore:Exception.SQSException. with code")
class TestFailingCalls:
    """The poller's own calls, made with the function's role, fail as the queue's backend says."""

    @pytest.fixture
    def refuse(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        from moto.sqs.exceptions import SQSException

        from offline.sqs.backend import SQSBackend

        def refuse(operation: str, code: str, times: int) -> list[str]:
            original = getattr(SQSBackend, operation)
            refused: list[str] = []

            def refusing(self: SQSBackend, *arguments: Any, **options: Any) -> Any:
                if len(refused) < times:
                    refused.append(code)
                    raise SQSException(code, "as the test says")
                return original(self, *arguments, **options)

            monkeypatch.setattr(SQSBackend, operation, refusing)
            return refused

        return refuse

    def test_a_refused_receive_is_not_tried_again_until_something_changes(
        self, cloud: Cloud, refuse: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        refused = refuse("receive_message", "AccessDenied", 1)
        source = Source(cloud)
        source.feed(recorder())
        source.send("a")
        source.settle()
        assert (source.batches, len(refused)) == ([], 1)
        assert "AccessDenied" in caplog.text
        source.send("b")
        source.settle()
        assert source.batches == [(0, "ab")]

    def test_a_failed_receive_is_tried_again_a_second_later(self, cloud: Cloud, refuse: Any) -> None:
        refuse("receive_message", "InternalFailure", 2)
        source = Source(cloud)
        source.feed(recorder())
        source.send("a")
        source.settle()
        assert source.batches == [(2, "a")]

    def test_what_could_not_be_deleted_comes_again(self, cloud: Cloud, refuse: Any) -> None:
        refuse("delete_message_batch", "InternalFailure", 1)
        source = Source(cloud)
        source.feed(recorder())
        source.send("a")
        source.settle()
        assert source.batches == [(0, "a"), (30, "a")]
        assert source.left() == 0
