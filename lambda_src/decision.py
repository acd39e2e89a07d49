"""The decision: from a message to an outcome for each recipient and at most one SendBounce request.

Pure: everything it knows comes in as an argument.
"""

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime

from lambda_src import address, guards
from lambda_src.address import Address
from lambda_src.compose import compose
from lambda_src.consequences import ACCEPT, BOUNCE, DROP
from lambda_src.event import ReceivedMessage
from lambda_src.guards import Answer
from lambda_src.request import SendBounceRequest
from lambda_src.rulings import Ruling, Rulings
from lambda_src.settings import Settings
from lambda_src.template import clean

ACCEPTED, BOUNCED, DROPPED = "accepted", "bounced", "dropped"
_OUTCOMES = {ACCEPT: ACCEPTED, BOUNCE: BOUNCED, DROP: DROPPED}

#: SES Developer Guide, Lambda function action. Any other spelling counts as CONTINUE.
CONTINUE, STOP_RULE, STOP_RULE_SET = "CONTINUE", "STOP_RULE", "STOP_RULE_SET"


@dataclass(frozen=True)
class Outcome:
    """What becomes of the message for some of its recipients, and why.

    Attributes:
        outcome: `accepted`, `bounced` or `dropped`.
        reason: What decided: a ruling's reason, or the guard's that turned a bounce into a drop.
        rule: The rule's name, where one decided.
        recipients: Fit for a log, in the envelope's order.
    """

    outcome: str
    reason: str
    rule: str | None
    recipients: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """What is done with one message."""

    outcomes: tuple[Outcome, ...]
    request: SendBounceRequest | None
    disposition: str


def unresolved(message: ReceivedMessage, settings: Settings) -> list[Address]:
    """The addresses that only the mailbox table can decide; the sender's among them if it is ours."""
    if settings.mailbox_table is None:
        return []
    sender = address.parse(message.source)
    rulings = Rulings.about(message, sender, settings, frozenset())
    found = [one for one in map(address.parse, message.recipients) if one and rulings.on(one) is None]
    if sender and Rulings.about_any(settings, frozenset()).on(sender) is None:
        found.append(sender)
    return found


def decide(
    message: ReceivedMessage, settings: Settings, existing: Set[str], now: datetime, region: str
) -> Decision:
    """Decide a message.

    Args:
        message: As received.
        settings: What to decide by.
        existing: Those `names` of the `unresolved` addresses that are in the mailbox table.
        now: The time of the decision.
        region: The AWS Region that received the message.
    """
    sender = address.parse(message.source)
    rulings = Rulings.about(message, sender, settings, existing)
    otherwise = Ruling(settings.otherwise, "otherwise")
    to_sender = Rulings.about_any(settings, existing).on(sender) or otherwise
    sender_refused = to_sender.consequence.action != ACCEPT
    refusal = guards.refusal(Answer(message, sender, sender_refused, settings, now))
    ruled: defaultdict[Ruling, list[Address | str]] = defaultdict(list)
    for text in message.recipients:
        recipient = address.parse(text)
        ruled[rulings.on(recipient) or otherwise].append(recipient or clean(text))
    outcomes = tuple(_outcome(ruling, found, refusal) for ruling, found in ruled.items())
    bounced = [
        (one, ruling)
        for ruling, found in ruled.items()
        if ruling.consequence.action == BOUNCE and refusal is None
        for one in found
        if isinstance(one, Address)
    ]
    accepted = any(outcome.outcome == ACCEPTED for outcome in outcomes)
    return Decision(
        outcomes,
        compose(message, settings, bounced, region) if bounced else None,
        _disposition(settings, accepted=accepted),
    )


def _disposition(settings: Settings, *, accepted: bool) -> str:
    """What SES does next. Another rule that asks the handler may have recipients who accept the message."""
    if accepted or settings.observe:
        return CONTINUE
    return STOP_RULE if settings.several_rules else STOP_RULE_SET


def _outcome(ruling: Ruling, recipients: list[Address | str], refusal: str | None) -> Outcome:
    texts = tuple(one if isinstance(one, str) else one.text for one in recipients)
    if ruling.consequence.action == BOUNCE and refusal is not None:
        return Outcome(DROPPED, refusal, ruling.rule, texts)
    return Outcome(_OUTCOMES[ruling.consequence.action], ruling.reason, ruling.rule, texts)
