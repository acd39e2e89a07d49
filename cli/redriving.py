"""Dead letters looked at, explained, and put back into the queue."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from lambda_src import envelope

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

BOUNCE_WINDOW = timedelta(hours=24)  # API, SendBounce: "up to 24 hours after you receive it"
VISIBILITY = 600  # seconds in which a run looks at a dead letter; afterwards it is there again by itself
LONG_POLL = 1  # seconds: a short poll asks only some of SQS's servers and may miss messages

EXPLANATIONS = {
    "AccessDenied": "the sender's role or the identity's policy does not allow it; ask `ses-bounce can`",
    "Expired": "SES takes a bounce only within 24 hours of receipt",
    "Interrupted": "the sender died twice while it sent this; SES may have sent the bounce already",
    "Malformed": "the queue's message is not a SendBounce request; it would be refused again",
    "MessageRejected": "SES refused it: an identity is not verified, or the account is in the sandbox",
    "ParamValidationError": "SES's API does not take the request; it would be refused again",
}
NO_CODE = "SQS gave it up: it was received too often without an answer from the sender"


@dataclass(frozen=True)
class DeadLetter:
    """A request that was given up.

    Attributes:
        id: SQS's ID of it.
        receipt_handle: Of this look at it.
        body: The request, as it was queued.
        attributes: The string attributes, by name.
    """

    id: str
    receipt_handle: str
    body: str
    attributes: dict[str, str]

    @property
    def code(self) -> str:
        """Why it was given up: an AWS error code or one of ours; empty when SQS did it."""
        return self.attributes.get("code", "")

    @property
    def explanation(self) -> str:
        """What the code means and what would help."""
        return EXPLANATIONS.get(self.code, self.attributes.get("text", "")) if self.code else NO_CODE

    def moment(self, name: str) -> datetime | None:
        """A time among the attributes."""
        try:
            return datetime.fromisoformat(self.attributes[name])
        except (KeyError, ValueError):
            return None


@dataclass(frozen=True)
class Selection:
    """Which dead letters go back.

    Attributes:
        codes: Only those given up with one of these; all when empty.
        older: Only those given up at least so long ago.
        newer: Only those given up at most so long ago.
    """

    codes: frozenset[str] = frozenset()
    older: timedelta | None = None
    newer: timedelta | None = None

    def reason_to_keep(self, letter: DeadLetter, now: datetime) -> str | None:
        """Why a dead letter stays where it is; None when it goes back."""
        if self.codes and letter.code not in self.codes:
            return "not selected: another code"
        failed = letter.moment("failedAt")
        if self.older and (failed is None or now - failed < self.older):
            return "not selected: too new"
        if self.newer and (failed is None or now - failed > self.newer):
            return "not selected: too old"
        received = letter.moment("receivedAt")
        if received and now - received > BOUNCE_WINDOW:
            return "past SES's 24 hours: it can no longer be bounced"
        if letter.code in ("Malformed", "ParamValidationError") and not self.codes:
            return "would be refused again; name its code to insist"
        return None


@dataclass(frozen=True)
class Result:
    """What became of one dead letter; `kept` says why it stays, None when it went back."""

    letter: DeadLetter
    kept: str | None


def redrive(
    sqs: "SQSClient",
    dead_letter_queue: str,
    queue: str,
    selection: Selection,
    clock: Callable[[], datetime],
    *,
    dry_run: bool,
) -> Generator[Result, None, None]:
    """Put dead letters back into the queue, one by one; what stays is visible again at the end.

    A dead letter is deleted only after the queue has taken its request: interrupted in between, it stays, and
    the ledger keeps it from being bounced twice. The deduplication ID is a new one, since SQS drops a second
    message of the same ID within five minutes.

    Args:
        sqs: A client.
        dead_letter_queue: Its URL.
        queue: URL of the queue of requests.
        selection: Which go back.
        clock: The time of day, in UTC.
        dry_run: Only say what would happen.
    """
    seen: list[DeadLetter] = []
    try:
        for letter in _look_at_all(sqs, dead_letter_queue):
            kept = selection.reason_to_keep(letter, clock())
            if kept or dry_run:
                seen.append(letter)
            else:
                _send_back(sqs, queue, letter)
                sqs.delete_message(QueueUrl=dead_letter_queue, ReceiptHandle=letter.receipt_handle)
            yield Result(letter, kept)
    finally:
        for letter in seen:
            sqs.change_message_visibility(
                QueueUrl=dead_letter_queue, ReceiptHandle=letter.receipt_handle, VisibilityTimeout=0
            )


def source_queue(sqs: "SQSClient", dead_letter_queue: str) -> str | None:
    """URL of the one queue whose dead letters these are; None when there is not exactly one."""
    found = sqs.list_dead_letter_source_queues(QueueUrl=dead_letter_queue)["queueUrls"]
    return found[0] if len(found) == 1 else None


def _look_at_all(sqs: "SQSClient", queue: str) -> Iterator[DeadLetter]:
    """Every visible message; each is a message group of its own, so that one looked at blocks no other."""
    while messages := sqs.receive_message(
        QueueUrl=queue,
        MaxNumberOfMessages=10,
        VisibilityTimeout=VISIBILITY,
        WaitTimeSeconds=LONG_POLL,
        MessageAttributeNames=["All"],
    ).get("Messages"):
        yield from map(_dead_letter, messages)


def _dead_letter(message: "MessageTypeDef") -> DeadLetter:
    attributes: dict[str, Any] = dict(message.get("MessageAttributes", {}))
    return DeadLetter(
        id=message["MessageId"],
        receipt_handle=message["ReceiptHandle"],
        body=message["Body"],
        attributes={name: str(one.get("StringValue", "")) for name, one in attributes.items()},
    )


def _send_back(sqs: "SQSClient", queue: str, letter: DeadLetter) -> None:
    sqs.send_message(
        QueueUrl=queue,
        MessageBody=letter.body,
        MessageGroupId=envelope.MESSAGE_GROUP,
        MessageDeduplicationId=f"redrive-{letter.id}",
        MessageAttributes={
            name: {"DataType": "String", "StringValue": letter.attributes[name]}
            for name in envelope.NAMES
            if letter.attributes.get(name)
        },
    )
