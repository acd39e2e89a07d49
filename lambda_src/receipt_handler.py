"""The function that SES calls for every message: decides it, queues its bounce, tells SES how to go on."""

import functools
import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Sequence, Set
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from lambda_src import event, mailboxes, settings
from lambda_src.address import Address
from lambda_src.decision import CONTINUE, Decision, decide, unresolved
from lambda_src.envelope import MESSAGE_GROUP, Envelope
from lambda_src.errors import MalformedEvent
from lambda_src.event import ReceivedMessage
from lambda_src.request import SendBounceRequest
from lambda_src.settings import Settings
from lambda_src.telemetry import Metric, count, logger

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

Lookup = Callable[[list[Address]], Set[str]]
Enqueue = Callable[[SendBounceRequest, Envelope], None]

#: SES waits 30 seconds for an answer and tries again for up to 36 hours: give up in good time.
CLIENT_CONFIG = Config(
    connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3}
)


def receive(
    raw: object, rules: Settings, lookup: Lookup, enqueue: Enqueue, now: datetime, region: str
) -> dict[str, str]:
    """Decide one event.

    Args:
        raw: What SES sent.
        rules: What to decide by.
        lookup: Which of some addresses are in the mailbox table.
        enqueue: Puts a request into the queue.
        now: The time of the decision.
        region: The AWS Region that received the message.

    Returns:
        The disposition. An event that cannot be read lets the message continue: mail is not lost over it.

    Raises:
        Exception: Whatever `lookup` and `enqueue` raise; SES then tries the message again.
    """
    try:
        message = event.parse(raw)
    except MalformedEvent as error:
        count(Metric.MALFORMED_EVENTS)
        logger.error("malformed event", extra={"error": str(error)})
        return {"disposition": CONTINUE}
    addresses = unresolved(message, rules)
    decision = decide(message, rules, lookup(addresses) if addresses else frozenset(), now, region)
    if decision.request is not None:
        enqueue(decision.request, _envelope(message, decision, rules))
    _report(message, decision)
    return {"disposition": decision.disposition}


def handler(raw: object, _context: object) -> dict[str, str]:
    """Lambda's entry point; see `receive`."""
    rules, lookup, enqueue = _collaborators()
    return receive(raw, rules, lookup, enqueue, datetime.now(UTC), os.environ["AWS_REGION"])


@functools.cache
def _collaborators() -> tuple[Settings, Lookup, Enqueue]:
    """The configuration in the archive and the clients, once for the life of the execution environment."""
    document = Path(__file__).parent.parent / "configuration.json"
    rules = settings.read(json.loads(document.read_text("utf-8")))
    enqueue = functools.partial(
        send_message, boto3.client("sqs", config=CLIENT_CONFIG), os.environ["QUEUE_URL"]
    )
    table = rules.mailbox_table
    if table is None:
        return rules, lambda _: frozenset(), enqueue
    client = boto3.client("dynamodb", config=CLIENT_CONFIG)
    return rules, functools.partial(mailboxes.existing, client, table), enqueue


def send_message(client: "SQSClient", queue_url: str, request: SendBounceRequest, envelope: Envelope) -> None:
    """Queue a request. SQS drops a second one for the message within 5 minutes, the sender a later one."""
    client.send_message(
        QueueUrl=queue_url,
        MessageBody=json.dumps(request.to_json()),
        MessageGroupId=MESSAGE_GROUP,
        MessageDeduplicationId=envelope.key(request.original_message_id),
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value}
            for name, value in envelope.attributes().items()
        },
    )


def _envelope(message: ReceivedMessage, decision: Decision, rules: Settings) -> Envelope:
    names = dict.fromkeys(one.rule for one in decision.outcomes if one.rule and one.outcome == "bounced")
    return Envelope(
        received_at=message.received_at,
        rule=", ".join(names) or None,
        observe=rules.observe,
        part=_part(message.recipients) if rules.several_rules else None,
    )


def _part(recipients: Sequence[str]) -> str:
    """Names the receipt rule that asks, by its recipients: the same whenever SES tries the message again."""
    return hashlib.sha256(json.dumps(sorted(recipients)).encode()).hexdigest()[:16]


def _report(message: ReceivedMessage, decision: Decision) -> None:
    counted: Counter[tuple[str, str]] = Counter()
    for one in decision.outcomes:
        counted[one.outcome, one.reason] += len(one.recipients)
    for (outcome, reason), number in counted.items():
        count(Metric.DECISIONS, number, outcome=outcome, reason=reason)
    logger.info(
        "decided",
        extra={
            "messageId": message.message_id,
            "disposition": decision.disposition,
            "recipients": [
                {
                    "outcome": one.outcome,
                    "reason": one.reason,
                    "rule": one.rule,
                    "addresses": one.recipients,
                }
                for one in decision.outcomes
            ],
        },
    )
