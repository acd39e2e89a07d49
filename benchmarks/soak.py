"""Thousands of messages while every AWS call of the functions goes wrong now and then: is anything lost?"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from offline import snapshot, stacks
from offline.cloud import Cloud
from offline.faults import Faults, parse_schedule
from offline.functions.emf import metrics
from offline.receiving import InboundMail
from offline.stacks import PROGRAM, Stack
from offline.timeline import Activity

ACCOUNT, REGION = "111111111111", "us-east-1"
STACK = Stack(
    "soak",
    {
        "aws:region": REGION,
        "aws:allowedAccountIds": [ACCOUNT],
        "ses-bounce:domain": "example.com",
        "ses-bounce:activate": True,
        "ses-bounce:mailboxes": ["alice@example.com", "team-*@example.com"],
    },
    ACCOUNT,
    REGION,
)
RAW = b"From: paul@example.net\r\nTo: somebody@example.com\r\nSubject: soak\r\n\r\nhello\r\n"
LIST_MAIL = b"List-Id: <list.example.net>\r\n" + RAW

# What arrives, in turn: the message, and whether it must be bounced.
SENDER = "paul@example.net"
KINDS = (
    (InboundMail(RAW, SENDER, ("nobody@example.com",)), True),
    (InboundMail(RAW, SENDER, ("alice@example.com",)), False),
    (InboundMail(RAW, SENDER, ("nobody@example.com", "alice@example.com", "gone@example.com")), True),
    (InboundMail(RAW, "", ("nobody@example.com",)), False),
    (InboundMail(RAW, SENDER, ("nobody+tag@example.com",)), True),
    (InboundMail(RAW, SENDER, ("nobody@example.com",), {"spam": "FAIL"}), False),
    (InboundMail(LIST_MAIL, SENDER, ("nobody@example.com",)), False),
    (InboundMail(RAW, SENDER, ("gone@example.com",)), True),
    (InboundMail(RAW, SENDER, ("nobody@example.com",), {"spf": "FAIL", "dmarc": "FAIL"}), False),
    (InboundMail(RAW, SENDER, ("team-none@example.com",)), False),
)

EFFECTS: tuple[dict[str, Any], ...] = (
    {"error": {"code": "InternalFailure", "status": 500, "message": "Internal failure"}},
    {"error": {"code": "ServiceUnavailable", "status": 503, "message": "Service unavailable"}},
    {"throttle": True},
    {"hang": True},
    {"late": 1.5},
    {"drop": "before"},
    {"drop": "after"},
    {"twice": True},
)
SERVICES = ("ses", "sqs", "dynamodb")


@dataclass(frozen=True)
class Tally:
    """What became of the messages.

    Attributes:
        messages: How many arrived.
        bounced: How many were bounced that had to be.
        dead: How many of those are dead letters instead, each with its reason.
        lost: How many of those are neither.
        wrong: Bounces of messages that must not be bounced.
        duplicates: Bounces beyond the first of a message.
        uncertain: How often the functions counted an outcome that nobody could know.
        throttled: How often the sender met a throttle.
        seconds: Virtual time from the first message until all was settled.
    """

    messages: int
    bounced: int
    dead: int
    lost: int
    wrong: int
    duplicates: int
    uncertain: int
    throttled: int
    seconds: float


def schedule(probability: float) -> Faults:
    """Every effect on every service, each call hit by each with `probability`."""
    return Faults(
        parse_schedule(
            {
                "faults": [
                    {
                        "service": service,
                        "principal": "*:assumed-role/*-role-*",  # the functions', not the operator's
                        "probability": probability,
                        "seed": number,
                        "effect": effect,
                    }
                    for number, (service, effect) in enumerate((s, e) for s in SERVICES for e in EFFECTS)
                ]
            }
        )
    )


def soak(messages: int, probability: float, gap: float = 1.0) -> Tally:
    """Deploy the program, let `messages` arrive one every `gap` seconds, and count what became of them."""
    with Cloud(REGION, faults=schedule(probability)) as cloud:
        outputs = stacks.deploy(STACK, PROGRAM, cloud.endpoint).outputs
        expected: dict[str, bool] = {}

        def arrivals() -> Activity[None]:
            for number in range(messages):
                mail, must_bounce = KINDS[number % len(KINDS)]
                message = cloud.receiving.accept(mail)
                assert message
                expected[message.message_id] = must_bounce
                cloud.timeline.env.process(cloud.receiving.process(message))
                yield cloud.timeline.env.timeout(gap)

        began = cloud.timeline.now()
        cloud.timeline.env.process(arrivals())
        cloud.timeline.run_until_settled()
        seconds = (cloud.timeline.now() - began).total_seconds()
        return _tally(cloud, expected, outputs["deadLetterQueueName"], seconds)


def _tally(cloud: Cloud, expected: Mapping[str, bool], dead_letter_queue: str, seconds: float) -> Tally:
    bounces = Counter(one.original_message_id for one in snapshot.sent_bounces())
    letters = list(snapshot.queue_messages(ACCOUNT, REGION, dead_letter_queue))
    dead = {json.loads(letter["body"])["OriginalMessageId"] for letter in letters}
    due = {message_id for message_id, must_bounce in expected.items() if must_bounce}
    log = "\n".join(invocation.log for invocation in cloud.functions.invocations)
    counted = Counter[str]()
    for metric in metrics(log):
        counted[metric.name] += int(metric.value)
    return Tally(
        messages=len(expected),
        bounced=len(due & bounces.keys()),
        dead=len((due & dead) - bounces.keys()),
        lost=len(due - bounces.keys() - dead),
        wrong=sum(count for message_id, count in bounces.items() if message_id not in due),
        duplicates=sum(count - 1 for count in bounces.values()),
        uncertain=counted["UncertainOutcome"],
        throttled=counted["Throttled"],
        seconds=seconds,
    )
