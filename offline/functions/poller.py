"""How Lambda reads an SQS queue for a function: one poller for each event source mapping.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
"""

import logging
from math import ceil
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from moto.awslambda.models import EventSourceMapping
from moto.sqs.models import sqs_backends

from offline.functions import sqs_event
from offline.functions.deployment import Deployment, UnknownFunctionError, deployed
from offline.functions.result import THROTTLED, InvokeResult
from offline.timeline import Activity

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import DeleteMessageBatchRequestEntryTypeDef, MessageTypeDef

    from offline.functions.functions import Functions
    from offline.sqs import Queue

logger = logging.getLogger(__name__)

CONCURRENT_BATCHES = 5
"""Where AWS begins; while messages remain it adds up to 300 a minute."""
LARGEST_CALL = 10
"""Messages that one ReceiveMessage or DeleteMessageBatch takes."""
RETRY_PAUSE = 1.0
"""Seconds after SQS failed."""


class Poller:
    """Takes messages to a function in batches, and deletes those that it does not report as failed.

    While there is nothing to receive it does not poll: `wake` says that the queue or the mapping has changed.
    """

    def __init__(self, functions: "Functions", mapping: EventSourceMapping) -> None:
        *_, region, account, name = mapping.event_source_arn.split(":")
        self._functions = functions
        self._env = functions.timeline.env
        self._mapping = mapping
        self._queue: Queue = sqs_backends[account][region].get_queue(name)
        self._queue_url = f"{functions.roles.endpoint}/{account}/{name}"
        self._changed = self._env.event()
        self._ended = False
        self._batches = 0
        self._queue.listeners.append(self._wake_soon)
        self._env.process(self._poll())

    def wake(self) -> None:
        """Look again whether there is something to receive. Driving thread only."""
        changed, self._changed = self._changed, self._env.event()
        changed.succeed()

    def end(self) -> None:
        """Receive nothing more; what is in flight is still handled. Driving thread only."""
        self._ended = True
        self._queue.listeners.remove(self._wake_soon)
        self.wake()

    def _wake_soon(self) -> None:
        self._functions.timeline.call_soon_threadsafe(self.wake)

    def _poll(self) -> Activity[None]:
        while not self._ended:
            pause = self._pause()
            if pause != 0:
                yield from self._sleep(pause)
                continue
            try:
                batch = yield from self._gather()
            except (ClientError, BotoCoreError, UnknownFunctionError) as error:
                logger.warning("cannot poll %s: %s", self._queue_url, error)
                yield from self._sleep(None if _is_refusal(error) else RETRY_PAUSE)
                continue
            if batch:
                self._batches += 1
                self._env.process(self._handle(batch))

    def _pause(self) -> float | None:
        """Seconds to sleep, None for ever; 0 when messages can be received now."""
        scaling = self._mapping.scaling_config or {}
        limit = scaling.get("MaximumConcurrency", CONCURRENT_BATCHES)
        if not self._mapping.enabled or self._batches >= limit:
            return None
        return self._queue.receivable_in()

    def _sleep(self, seconds: float | None) -> Activity[None]:
        if seconds is None:
            yield self._changed
            return
        milliseconds = ceil(round(seconds * 1000, 3))  # as exact as SQS's own timestamps
        timer = self._env.timeout(max(milliseconds, 1) / 1000)
        yield self._changed | timer
        self._env.cancel(timer)

    def _gather(self) -> Activity["list[MessageTypeDef]"]:
        """Receive a batch: what is there at once, and what comes within the batching window.

        Batching windows do not apply to FIFO queues. Raises what `_receive` raises.
        """
        size = self._mapping.batch_size
        batch = self._receive(size)
        window = self._mapping.max_batch_window
        if not batch or not window or self._queue.fifo_queue:
            return batch
        end = self._env.now + window
        while len(batch) < size and self._env.now < end:
            pause = self._queue.receivable_in()
            if pause == 0:
                batch += self._receive(size - len(batch))
            else:
                rest = end - self._env.now
                yield from self._sleep(rest if pause is None else min(pause, rest))
        return batch

    def _receive(self, number: int) -> "list[MessageTypeDef]":
        """ClientError or BotoCoreError if SQS fails or refuses, UnknownFunctionError without the function."""
        return (
            self._functions.roles.sqs(self._function())
            .receive_message(
                QueueUrl=self._queue_url,
                MaxNumberOfMessages=min(number, LARGEST_CALL),
                WaitTimeSeconds=0,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
            .get("Messages", [])
        )

    def _function(self) -> Deployment:
        return deployed(self._mapping.function_arn)

    def _handle(self, batch: "list[MessageTypeDef]") -> Activity[None]:
        """Take a batch to the function. What is not deleted becomes visible again by itself."""
        result = yield from self._invoke(sqs_event.event(batch, self._mapping.event_source_arn))
        message_ids = [message["MessageId"] for message in batch]
        failed: set[str] = set()
        if result.error:
            failed = set(message_ids)
        elif "ReportBatchItemFailures" in (self._mapping.function_response_types or ()):
            failed = sqs_event.failed(result.payload, message_ids)
        self._delete([message for message in batch if message["MessageId"] not in failed])
        self._batches -= 1
        self.wake()

    def _invoke(self, event: bytes) -> Activity[InvokeResult]:
        """Invoke the function; when throttled, again until the visibility timeout has passed."""
        end = self._env.now + self._queue.visibility_timeout
        pause = 1
        while True:
            result = yield from self._functions.invoke(self._mapping.function_arn, event)
            if result.error != THROTTLED or self._env.now + pause >= end:
                return result
            yield self._env.timeout(pause)
            pause *= 2

    def _delete(self, messages: "list[MessageTypeDef]") -> None:
        for start in range(0, len(messages), LARGEST_CALL):
            entries: list[DeleteMessageBatchRequestEntryTypeDef] = [
                {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                for number, message in enumerate(messages[start : start + LARGEST_CALL])
            ]
            try:
                answer = self._functions.roles.sqs(self._function()).delete_message_batch(
                    QueueUrl=self._queue_url, Entries=entries
                )
            except (ClientError, BotoCoreError, UnknownFunctionError) as error:
                logger.warning("cannot delete from %s: %s", self._queue_url, error)
                continue
            for failure in answer.get("Failed", []):
                logger.warning("not deleted from %s: %s", self._queue_url, failure["Code"])


def _is_refusal(error: Exception) -> bool:
    """Whether trying again changes nothing."""
    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        return code.startswith("AccessDenied") or code.endswith("NonExistentQueue")
    return isinstance(error, UnknownFunctionError)
