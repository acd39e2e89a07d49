"""The function that works the queue off: one batch at a time, one SendBounce a second.

The queue has one message group, and SQS gives no message of a group away while one of it is in flight. So
there is one sender at a time, and whatever a batch leaves behind holds the line until it is visible again:
all of it is made visible at once, after one delay.
"""

import functools
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSEvent
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lambda_src.ledger import Ledger
from lambda_src.pacing import Pace
from lambda_src.queue_message import QueueMessage
from lambda_src.sending import Failed, Sender, Settled
from lambda_src.stuck import keep_trying
from lambda_src.telemetry import Metric, count, logger, seconds

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mypy_boto3_sqs.client import SQSClient

#: A hanging SES costs an attempt 13 seconds. No retries: each attempt is paced and recorded by itself.
SES_CONFIG = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 1})
#: Bookkeeping is retried once, and at the worst takes 6 seconds a call.
CLIENT_CONFIG = Config(
    connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2}
)
#: Seconds an attempt may take at the worst: pace, ledger, SES, ledger, and the queue afterwards.
ATTEMPT = 32.0
#: Seconds after this function's own end until SQS gives its messages to the next one, should it die.
GRACE = 10
#: Seconds to the next attempt after the first failure; doubled with each, up to the longest.
FIRST_DELAY, LONGEST_DELAY = 5, 60

SetVisibility = Callable[[Iterable[QueueMessage], int], None]


def send_batch(
    messages: Sequence[QueueMessage],
    sender: Sender,
    set_visibility: SetVisibility,
    remaining: Callable[[], float],
) -> list[QueueMessage]:
    """Send what the messages ask for.

    A failure does not end the batch: while SES answers others, the message that fails does so alone.

    Args:
        messages: A batch, in order.
        sender: Sends one.
        set_visibility: Makes messages visible again after so many seconds.
        remaining: Seconds until Lambda ends this invocation.

    Returns:
        The messages to be tried again, already set to be visible again after the delay.
    """
    set_visibility(messages, int(remaining()) + GRACE)
    oldest = min(message.received_at for message in messages)
    seconds(Metric.OLDEST_AGE, (sender.clock() - oldest).total_seconds())
    results: list[Settled | Failed] = []
    unattempted: list[QueueMessage] = []
    try:
        for message in messages:
            if remaining() < ATTEMPT:
                unattempted.append(message)
            else:
                results.append(sender.send(message))
    finally:
        sender.pace.wait()  # the next invocation does not know when this one called
    failed = keep_trying(results, sender)
    for one in failed:
        _report_retry(one)
    left = [*(one.message for one in failed), *unattempted]
    if left:
        set_visibility(left, _delay(max((one.message.received for one in failed), default=0)))
    return left


def change_visibility(
    client: "SQSClient", queue_url: str, messages: Iterable[QueueMessage], delay: int
) -> None:
    """Make messages visible again in `delay` seconds; without it they are after the queue's own timeout."""
    try:
        answer = client.change_message_visibility_batch(
            QueueUrl=queue_url,
            Entries=[
                {"Id": str(number), "ReceiptHandle": message.receipt_handle, "VisibilityTimeout": delay}
                for number, message in enumerate(messages)
            ],
        )
    except (BotoCoreError, ClientError):
        logger.exception("visibility not changed")
        return
    for refused in answer.get("Failed", ()):
        logger.warning("visibility not changed", extra={"code": refused["Code"]})


def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, list[dict[str, str]]]:
    """Lambda's entry point; what is left is reported as failed (ReportBatchItemFailures) and stays queued."""
    new_sender, set_visibility = _collaborators()
    left = send_batch(
        [QueueMessage.of(record) for record in SQSEvent(event).records],
        new_sender(pace=Pace()),
        set_visibility,
        lambda: context.get_remaining_time_in_millis() / 1000,
    )
    return {"batchItemFailures": [{"itemIdentifier": message.id} for message in left]}


@functools.cache
def _collaborators() -> tuple[functools.partial[Sender], SetVisibility]:
    """The clients, once for the life of the execution environment; a sender is for one invocation."""
    sqs = boto3.client("sqs", config=CLIENT_CONFIG)
    new_sender = functools.partial(
        Sender,
        ses=boto3.client("ses", config=SES_CONFIG),
        sqs=sqs,
        dead_letter_queue_url=os.environ["DEAD_LETTER_QUEUE_URL"],
        ledger=Ledger(os.environ["LEDGER_TABLE"], boto3.client("dynamodb", config=CLIENT_CONFIG)),
        clock=lambda: datetime.now(UTC),
    )
    return new_sender, functools.partial(change_visibility, sqs, os.environ["QUEUE_URL"])


def _delay(deliveries: int) -> int:
    """Seconds to wait, given how often the message that failed has been delivered; none when none failed."""
    return min(FIRST_DELAY * 2 ** min(deliveries - 1, 10), LONGEST_DELAY) if deliveries else 0


def _report_retry(failed: Failed) -> None:
    failure = failed.failure
    count(Metric.RETRIED, code=failure.code)
    if failure.throttled:
        count(Metric.THROTTLED)
    logger.warning(
        "will be tried again",
        extra={
            "queueMessageId": failed.message.id,
            "code": failure.code,
            "text": failure.text,
            "requestId": failure.request_id,
            "received": failed.message.received,
        },
    )
