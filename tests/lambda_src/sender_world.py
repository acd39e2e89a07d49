"""SES, SQS and DynamoDB as the sender meets them, on one clock that only sleeping and waiting move.

The queue follows the SQS Developer Guide on FIFO queues with one message group, and the Lambda Developer
Guide on event source mappings with ReportBatchItemFailures.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from lambda_src import bounce_sender
from lambda_src.ledger import Ledger
from lambda_src.pacing import Pace
from lambda_src.queue_message import QueueMessage
from lambda_src.sending import Sender

START = datetime(2026, 1, 1, tzinfo=UTC)
FUNCTION_TIMEOUT = 120.0
QUEUE_VISIBILITY = 720.0


class Crash(BaseException):  # no Exception: nothing can go on after it
    """The execution environment dies."""


class Clock:
    """Seconds since `START`; `travelled` is told of each step, as Powertools reads the time of day itself."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.travelled: Callable[[datetime], object] = lambda _: None

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.seconds += seconds
        self.travelled(self.time())

    def time(self) -> datetime:
        return START + timedelta(seconds=self.seconds)


def refusal(code: str, status: int = 400) -> ClientError:
    """An error answer of AWS."""
    metadata = {"HTTPStatusCode": status, "RequestId": f"request-{code}"}
    return ClientError({"Error": {"Code": code, "Message": f"{code}!"}, "ResponseMetadata": metadata}, "Call")  # type: ignore[typeddict-item]


@dataclass
class Ses:
    """SendBounce.

    Attributes:
        behave: Called before each call with the original message ID; raises what the call shall fail with.
        latency: Seconds a call takes.
        calls: Start of each call and its message ID, the failing ones too.
        sent: IDs of the messages bounced.
        too_soon: IDs of calls that started within a second of the end of another.
    """

    clock: Clock
    behave: Callable[[str], None] = lambda _: None
    latency: float = 0.0
    calls: list[tuple[float, str]] = field(default_factory=list)
    ended: float | None = None
    sent: list[str] = field(default_factory=list)
    too_soon: list[str] = field(default_factory=list)

    def send_bounce(self, **request: Any) -> dict[str, str]:
        message_id = request["OriginalMessageId"]
        if self.ended is not None and self.clock.now() - self.ended < 1.0:
            self.too_soon.append(message_id)  # an error raised here would be taken for one of SES's
        self.calls.append((self.clock.now(), message_id))
        self.clock.sleep(self.latency)
        self.ended = self.clock.now()
        self.behave(message_id)
        self.sent.append(message_id)
        return {"MessageId": f"bounce-{message_id}"}


class Table:
    """The ledger's table: the four calls that Powertools makes, and its one condition."""

    def __init__(self, clock: Clock) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.fail: Callable[[str], None] = lambda _: None
        self._clock = clock
        self.meta = type("Meta", (), {"events": type("Events", (), {"register": lambda *_, **__: None})()})()

    def put_item(self, **call: Any) -> None:
        self.fail("PutItem")
        key = call["Item"]["id"]["S"]
        old = self.items.get(key)
        if old is not None and int(old["expiration"]["N"]) >= int(self._clock.time().timestamp()):
            answer = {"Error": {"Code": "ConditionalCheckFailedException"}, "Item": old}
            raise ClientError(answer, "PutItem")  # type: ignore[arg-type]
        self.items[key] = call["Item"]

    def update_item(self, **call: Any) -> None:
        self.fail("UpdateItem")
        values = call["ExpressionAttributeValues"]
        self.items[call["Key"]["id"]["S"]] = {
            **call["Key"],
            "expiration": values[":expiry"],
            "status": values[":status"],
            "data": values[":response_data"],
        }

    def get_item(self, **call: Any) -> dict[str, Any]:
        self.fail("GetItem")
        item = self.items.get(call["Key"]["id"]["S"])
        return {} if item is None else {"Item": item}

    def delete_item(self, **call: Any) -> None:
        self.fail("DeleteItem")
        self.items.pop(call["Key"]["id"]["S"], None)


@dataclass
class Queued:
    """A message in the queue."""

    id: str
    body: str
    attributes: dict[str, str | None]
    queued_at: datetime
    visible_at: float = 0.0
    received: int = 0


class Queue:
    """The queue and its dead letters."""

    def __init__(self, clock: Clock) -> None:
        self.messages: list[Queued] = []
        self.dead: list[dict[str, Any]] = []
        self.fail: Callable[[], None] = lambda: None
        self._clock = clock
        self._number = 0

    def put(self, body: object, **attributes: str) -> str:
        self._number += 1
        text = body if isinstance(body, str) else json.dumps(body)
        self.messages.append(Queued(f"sqs-{self._number}", text, dict(attributes), self._clock.time()))
        return self.messages[-1].id

    def receive(self) -> list[QueueMessage]:
        """Up to ten messages, none while one of the group is in flight: then time passes first."""
        self._clock.sleep(max(0.0, max(one.visible_at for one in self.messages) - self._clock.now()))
        batch = self.messages[:10]
        for one in batch:
            one.received += 1
            one.visible_at = self._clock.now() + QUEUE_VISIBILITY
        return [
            QueueMessage(one.id, one.id, one.received, one.queued_at, one.body, one.attributes)
            for one in batch
        ]

    def set_visibility(self, messages: Iterable[QueueMessage], seconds: int) -> None:
        for message in messages:
            for one in self.messages:
                if one.id == message.receipt_handle:
                    one.visible_at = self._clock.now() + seconds

    def delete(self, messages: Iterable[QueueMessage]) -> None:
        gone = {message.id for message in messages}
        self.messages = [one for one in self.messages if one.id not in gone]

    def send_message(self, **call: Any) -> None:
        """What SQS's SendMessage does for the dead-letter queue, deduplication within 5 minutes included."""
        assert call["QueueUrl"] == "dead-letters"
        self.fail()
        now = self._clock.now()
        for one in self.dead:
            if one["id"] == call["MessageDeduplicationId"] and now - one["at"] < 300:
                return
        attributes = {name: value["StringValue"] for name, value in call["MessageAttributes"].items()}
        self.dead.append(
            {"id": call["MessageDeduplicationId"], "at": now, "body": call["MessageBody"], **attributes}
        )


class World:
    """Everything, and Lambda's poller."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.ses = Ses(self.clock)
        self.table = Table(self.clock)
        self.queue = Queue(self.clock)
        self.crashes = 0

    def invoke(self) -> None:
        """One batch, as Lambda's poller hands it over; a crash leaves its messages in flight."""
        batch = self.queue.receive()
        deadline = self.clock.now() + FUNCTION_TIMEOUT
        sender = Sender(
            ses=self.ses,  # type: ignore[arg-type]
            sqs=self.queue,  # type: ignore[arg-type]
            dead_letter_queue_url="dead-letters",
            ledger=Ledger("ledger", self.table),  # type: ignore[arg-type]
            pace=Pace(self.clock.now, self.clock.sleep),
            clock=self.clock.time,
        )
        try:
            left = bounce_sender.send_batch(
                batch, sender, self.queue.set_visibility, lambda: deadline - self.clock.now()
            )
        except Crash:
            self.crashes += 1
            return
        finally:
            assert self.ses.too_soon == []
        assert self.clock.now() <= deadline
        kept = {message.id for message in left}
        self.queue.delete(message for message in batch if message.id not in kept)

    def settle(self, at_most: float = 2 * 86_400) -> None:
        """Invoke until the queue is empty or so many seconds have passed."""
        end = self.clock.now() + at_most
        while self.queue.messages and self.clock.now() < end:
            self.invoke()
