"""What the offline cloud holds, as plain data for its page."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from moto.ses.models import ses_backends
from moto.sqs.models import sqs_backends

from offline.authorization.log import Call
from offline.deliveries import Delivery
from offline.receiving.record import Accepted, Refused
from offline.report import Arrived, Delivered, delivered
from offline.ses.bounces import SentBounce

if TYPE_CHECKING:
    from offline.cloud import Cloud

T = TypeVar("T")

SHOWN = 200  # the newest of each kind


@dataclass(frozen=True)
class QueueState:
    """A queue and its visible messages, oldest first; `waiting` counts those in flight too."""

    name: str
    account: str
    waiting: int
    messages: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Snapshot:
    """The cloud at one moment.

    Attributes:
        now: The moment.
        deliveries: The accepted messages, newest first, each with when it was accepted and from whom.
        refused: The recipients refused during SMTP, newest first.
        queues: The queues, dead letters among them.
        calls: AWS calls, newest first.
    """

    now: datetime
    deliveries: tuple[tuple[Accepted, Delivered], ...]
    refused: tuple[Refused, ...]
    queues: tuple[QueueState, ...]
    calls: tuple[Call, ...]


def look(cloud: "Cloud") -> Snapshot:
    """The cloud's state now."""
    log = list(cloud.receiving.log)
    accepted = _newest(entry for entry in log if isinstance(entry, Accepted))
    arrivals = [Arrived(Delivery("", b"", one.mail_from, one.recipients), one.message_id) for one in accepted]
    found = delivered(arrivals, (), sent_bounces(), (one.log for one in list(cloud.functions.invocations)))
    return Snapshot(
        now=cloud.timeline.now(),
        deliveries=tuple(zip(accepted, found, strict=True)),
        refused=tuple(_newest(entry for entry in log if isinstance(entry, Refused))),
        queues=tuple(_queues()),
        calls=tuple(_newest(cloud.calls)),
    )


def sent_bounces() -> Iterator[SentBounce]:
    """The bounces that SES sent, of all accounts and Regions."""
    for *_, backend in ses_backends.iter_backends():
        yield from tuple(backend.sent_bounces)


def queue_messages(account: str, region: str, name: str) -> Iterator[dict[str, str]]:
    """The visible messages of a queue, left where they are: each body with its string attributes."""
    for message in sqs_backends[account][region].get_queue(name).messages:
        attributes = {key: str(one.get("StringValue", "")) for key, one in message.message_attributes.items()}
        yield {"body": message.body, **attributes}


def _queues() -> Iterator[QueueState]:
    for account, region, backend in sqs_backends.iter_backends():
        for name, queue in backend.queues.items():
            waiting = queue.approximate_number_of_messages + queue.approximate_number_of_messages_not_visible
            messages = tuple(islice(queue_messages(account, region, name), SHOWN))
            yield QueueState(name, account, waiting, messages)


def _newest(entries: Iterable[T]) -> list[T]:
    return list(deque(entries, SHOWN))[::-1]
