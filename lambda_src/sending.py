"""One message of the queue, sent: paced, at most once as far as that can be, its failure understood."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from lambda_src import failures, timestamps
from lambda_src.failures import Failure
from lambda_src.guards import BOUNCE_WINDOW
from lambda_src.ledger import Ledger, Standing
from lambda_src.pacing import Pace
from lambda_src.queue_message import QueueMessage, bury
from lambda_src.request import SendBounceRequest
from lambda_src.telemetry import Metric, count, logger

if TYPE_CHECKING:
    from mypy_boto3_ses.client import SESClient
    from mypy_boto3_sqs.client import SQSClient


@dataclass(frozen=True)
class Settled:
    """The message is done with: sent, not to be sent, or among the dead letters.

    Attributes:
        answered: Whether SES took or refused it: a sign that SES is there for others too.
    """

    answered: bool = False


@dataclass(frozen=True)
class Failed:
    """The message has to be tried again.

    Attributes:
        message: The message.
        failure: What it met.
    """

    message: QueueMessage
    failure: Failure


@dataclass(frozen=True)
class Sender:
    """What sending needs.

    Attributes:
        ses: A client that does not retry by itself: every attempt has to be paced.
        sqs: For the dead letters.
        dead_letter_queue_url: Where they go.
        ledger: What has been bounced.
        pace: When the next call may start.
        clock: The time of day, in UTC.
    """

    ses: "SESClient"
    sqs: "SQSClient"
    dead_letter_queue_url: str
    ledger: Ledger
    pace: Pace
    clock: Callable[[], datetime]

    def send(self, message: QueueMessage) -> Settled | Failed:
        """Send a message's request, bury it among the dead letters, or say why it must be tried again."""
        try:
            return self._send(message)
        except Exception as error:  # noqa: BLE001 - what one message meets must not keep the others from going
            return Failed(message, failures.classify(error))

    def bury(self, message: QueueMessage, failure: Failure) -> None:
        """Put a message among the dead letters.

        Raises:
            BotoCoreError, ClientError: It is not there; the message has to stay in the queue.
        """
        bury(self.sqs, self.dead_letter_queue_url, message, failure, self.clock())
        count(Metric.DEAD_LETTERED, code=failure.code)
        logger.error(
            "dead letter",
            extra={
                "code": failure.code,
                "text": failure.text,
                "requestId": failure.request_id,
                "queueMessageId": message.id,
            },
        )

    def _send(self, message: QueueMessage) -> Settled | Failed:
        try:
            request, envelope = message.read()
        except (ValueError, RecursionError) as error:
            self.bury(message, failures.ours("Malformed", str(error)))
            return Settled()
        if self.clock() - message.received_at > BOUNCE_WINDOW:
            text = f"received at {timestamps.iso(message.received_at)}, more than 24 hours ago"
            self.bury(message, failures.ours("Expired", text))
            return Settled()
        if envelope.observe:
            count(Metric.WOULD_SEND)
            return Settled()
        self.pace.wait()
        return self._attempt(message, request, envelope.key(request.original_message_id))

    def _attempt(self, message: QueueMessage, request: SendBounceRequest, key: str) -> Settled | Failed:
        message_id = request.original_message_id
        standing = self.ledger.begin(key)
        if standing is Standing.SENT:
            count(Metric.DUPLICATES_PREVENTED)
            logger.info("already bounced", extra={"messageId": message_id})
            return Settled()
        if standing is Standing.INTERRUPTED_AGAIN:
            self.bury(message, failures.ours("Interrupted", "two attempts ended without an answer"))
            self.ledger.forget(key)
            return Settled()
        if standing is Standing.INTERRUPTED:
            count(Metric.UNCERTAIN_OUTCOME)
            logger.warning("an earlier attempt was interrupted", extra={"messageId": message_id})
        try:
            bounce_id = self.ses.send_bounce(**request.to_api())["MessageId"]
        except (BotoCoreError, ClientError) as error:
            return self._failed(message, key, failures.classify(error))
        finally:
            self.pace.called()
        self._record(key, bounce_id)
        count(Metric.SENT)
        logger.info("sent", extra={"messageId": message_id, "bounceMessageId": bounce_id})
        return Settled(answered=True)

    def _failed(self, message: QueueMessage, key: str, failure: Failure) -> Settled | Failed:
        if failure.uncertain:
            count(Metric.UNCERTAIN_OUTCOME)
        self.ledger.forget(key)
        if failure.retry:
            return Failed(message, failure)
        self.bury(message, failure)
        return Settled(answered=True)

    def _record(self, key: str, bounce_id: str) -> None:
        """Note what SES took. Unless that can be noted, nothing keeps a later request from being sent too."""
        try:
            self.ledger.sent(key, bounce_id)
        except (BotoCoreError, ClientError):
            count(Metric.UNCERTAIN_OUTCOME)
            logger.exception("sent but not recorded", extra={"key": key})
