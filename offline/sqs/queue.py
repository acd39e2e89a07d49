"""A queue of messages: their order, their visibility, and what is remembered of them."""

from collections.abc import Callable, Iterable
from itertools import count
from typing import Any, NamedTuple

from moto.core.utils import unix_time_millis
from moto.sqs import models
from moto.sqs.exceptions import InvalidParameterValue, ReceiptHandleIsInvalid, SQSException

DEDUPLICATION_INTERVAL = 300_000
"""Milliseconds for which a FIFO queue remembers a deduplication ID, whatever happens to its message."""
LONGEST_VISIBILITY_TIMEOUT = 43_200
"""Seconds, counted from the receipt."""


class MessageNotInflight(SQSException):  # type: ignore[misc] # moto is not followed by mypy
    def __init__(self) -> None:
        super().__init__(
            "AWS.SimpleQueueService.MessageNotInflight",
            "The specified message isn't in flight.",
        )


class _Accepted(NamedTuple):
    sent: int
    message_id: str
    sequence_number: str


class Queue(models.Queue):  # type: ignore[misc] # moto is not followed by mypy
    """A queue that tells its `listeners` whenever a message may have become receivable."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.listeners: list[Callable[[], object]] = []
        self._messages: dict[models.Message, None] = {}
        self._delayed: set[models.Message] = set()
        self._in_flight: dict[models.Message, float] = {}
        self._by_handle: dict[str, models.Message] = {}
        self._accepted: dict[tuple[str | None, str], _Accepted] = {}
        self._sequence = count(1)

    @property
    def messages(self) -> list[models.Message]:
        """The visible messages, oldest first."""
        with self._messages_lock:
            self._reveal()
            return [m for m in self._messages if m not in self._in_flight and m not in self._delayed]

    @property
    def approximate_number_of_messages(self) -> int:
        self._reveal()
        return len(self._messages) - len(self._in_flight) - len(self._delayed)

    @property
    def approximate_number_of_messages_delayed(self) -> int:
        self._reveal()
        return len(self._delayed)

    @property
    def approximate_number_of_messages_not_visible(self) -> int:
        self._reveal()
        return len(self._in_flight)

    def add_message(self, message: models.Message) -> None:
        with self._messages_lock:
            if self.fifo_queue and self._is_duplicate(message):
                return
            self._messages[message] = None
            if message.delayed:
                self._delayed.add(message)
            self._messages_lock.notify_all()
        self._tell()

    def receive(self, number: int, visibility_timeout: int) -> list[models.Message]:
        """Take up to `number` visible messages in flight; a group that has any in flight waits for them.

        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
        """
        received: list[models.Message] = []
        with self._messages_lock:
            now = unix_time_millis()
            self._reveal()
            busy = self._busy_groups()
            for message in list(self._messages):
                if len(received) == number:
                    break
                if message in self._in_flight or message in self._delayed or message.group_id in busy:
                    continue
                if message.sent_timestamp + self.message_retention_period * 1000 <= now:
                    self._forget(message)
                elif self._is_exhausted(message):
                    self._move_to_dead_letters(message)
                else:
                    message.mark_received(visibility_timeout)
                    self._by_handle[message.receipt_handle] = message
                    if message.visible_at > now:
                        self._in_flight[message] = now
                    received.append(message)
        return received

    def delete_message(self, receipt_handle: str) -> None:
        with self._messages_lock:
            if receipt_handle in self.deleted_messages:
                return
            message = self._by_handle.get(receipt_handle)
            if message is None:
                raise ReceiptHandleIsInvalid
            self._reveal()
            if self.fifo_queue and (
                receipt_handle != message.receipt_handle or message not in self._in_flight
            ):
                raise InvalidParameterValue(
                    f"Value {receipt_handle} for parameter ReceiptHandle is invalid. "
                    "Reason: The receipt handle has expired."
                )
            self.deleted_messages.update(self._forget(message))
        if self.fifo_queue:
            self._tell()

    def change_visibility(self, receipt_handle: str, visibility_timeout: int) -> None:
        """Hide a message in flight for `visibility_timeout` seconds from now."""
        with self._messages_lock:
            message = self._by_handle.get(receipt_handle)
            if message is None:
                raise ReceiptHandleIsInvalid
            self._reveal()
            if message not in self._in_flight:
                raise MessageNotInflight
            hidden = (unix_time_millis() - self._in_flight[message]) / 1000 + visibility_timeout
            if hidden > LONGEST_VISIBILITY_TIMEOUT:
                raise InvalidParameterValue(
                    f"Value {visibility_timeout} for parameter VisibilityTimeout is invalid. Reason: Total "
                    "VisibilityTimeout for the message is beyond the limit "
                    f"[{LONGEST_VISIBILITY_TIMEOUT} seconds]"
                )
            message.change_visibility(visibility_timeout)
        self._tell()

    def purge(self) -> None:
        with self._messages_lock:
            for message in list(self._messages):
                self._forget(message)

    def receivable_in(self) -> float | None:
        """Seconds until `receive` has something to do, 0 if it has now, None if nothing waits for a time."""
        with self._messages_lock:
            now = unix_time_millis()
            self._reveal()
            busy = self._busy_groups()
            earliest = min(
                (max(_hidden_until(m), busy.get(m.group_id, 0.0), now) for m in self._waiting(busy)),
                default=None,
            )
            return None if earliest is None else (earliest - now) / 1000

    def _waiting(self, busy: dict[str | None, float]) -> Iterable[models.Message]:
        """The first receivable message, or else all hidden ones."""
        for message in self._messages:
            if (
                message not in self._in_flight
                and message not in self._delayed
                and message.group_id not in busy
            ):
                return (message,)
        return (*self._in_flight, *self._delayed)

    def _reveal(self) -> None:
        with self._messages_lock:
            now = unix_time_millis()
            for message in [m for m in self._in_flight if m.visible_at <= now]:
                del self._in_flight[message]
            self._delayed = {m for m in self._delayed if m.delayed_until > now}

    def _busy_groups(self) -> dict[str | None, float]:
        """When the last message in flight of each group becomes visible."""
        busy: dict[str | None, float] = {}
        if self.fifo_queue:
            for message in self._in_flight:
                busy[message.group_id] = max(message.visible_at, busy.get(message.group_id, 0.0))
        return busy

    def _is_duplicate(self, message: models.Message) -> bool:
        """Accept a message's deduplication ID, unless it is known: then the answer is the first message's.

        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
        """
        now = message.sent_timestamp
        while self._accepted and now - next(iter(self._accepted.values())).sent >= DEDUPLICATION_INTERVAL:
            del self._accepted[next(iter(self._accepted))]
        scope = message.group_id if self.deduplication_scope == "messageGroup" else None
        key = (scope, message.deduplication_id)
        first = self._accepted.get(key)
        if first is None:
            message.sequence_number = f"{next(self._sequence):020d}"
            self._accepted[key] = _Accepted(now, message.id, message.sequence_number)
            return False
        message.id, message.sequence_number = first.message_id, first.sequence_number
        return True

    def _is_exhausted(self, message: models.Message) -> bool:
        return (
            self.dead_letter_queue is not None
            and bool(self.redrive_policy)
            and message.approximate_receive_count >= self.redrive_policy["maxReceiveCount"]
        )

    def _move_to_dead_letters(self, message: models.Message) -> None:
        """SQS's own redrive; in a FIFO queue the message becomes a new one there, under its own ID.

        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
        """
        self._forget(message)
        if self.fifo_queue:
            message.deduplication_id = message.id
            message.sent_timestamp = int(unix_time_millis())
        self.dead_letter_queue.add_message(message)

    def _forget(self, message: models.Message) -> list[str]:
        """Remove a message; its receipt handles are the answer."""
        del self._messages[message]
        self._in_flight.pop(message, None)
        self._delayed.discard(message)
        handles = [handle for handle in message.all_receipt_handles if handle]
        for handle in handles:
            self._by_handle.pop(handle, None)
        return handles

    def _tell(self) -> None:
        for listener in self.listeners:
            listener()


def _hidden_until(message: models.Message) -> float:
    return float(max(message.visible_at, message.delayed_until))
