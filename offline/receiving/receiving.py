"""Receiving mail: the SMTP decision, then the receipt rules of every account that takes the message."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from offline.receiving import inferred
from offline.receiving.acceptance import Reply, accepts, receiving_accounts, rules_for
from offline.receiving.actions import ActionFailedError, Disposition, Invoke, Step, perform
from offline.receiving.event import action_type
from offline.receiving.message import InboundMail, Message
from offline.receiving.record import (
    Accepted,
    ActionFailed,
    ActionTaken,
    Entry,
    Finished,
    Refused,
    RetryScheduled,
    RuleMatched,
)
from offline.ses import message_ids
from offline.ses.models import SESBackend
from offline.ses.targets import RuleReference
from offline.timeline import Activity, Timeline

GIVE_UP_AFTER = timedelta(hours=36)  # how long SES tries a rule set again when an action fails


class Receiving:
    """SES receiving of one Region.

    Attributes:
        log: What happened, in order.
    """

    def __init__(self, timeline: Timeline, invoke: Invoke, region: str) -> None:
        self.log: list[Entry] = []
        self._timeline = timeline
        self._invoke = invoke
        self._region = region
        self._received = 0

    def accepts(self, recipient: str, client_address: str, *, tls: bool) -> Reply:
        """SES's reply to RCPT TO."""
        return accepts(self._region, recipient, client_address, tls=tls)

    def accept(self, mail: InboundMail) -> Message | None:
        """Take a message for the recipients that SES accepts; None if it accepts none.

        From now on the receiving accounts may bounce it. `process` applies their rules.
        """
        replies = {
            recipient: self.accepts(recipient, mail.client_address, tls=mail.tls)
            for recipient in mail.rcpt_to
        }
        recipients = tuple(recipient for recipient, reply in replies.items() if reply.positive)
        message = self._remember(mail, recipients) if recipients else None
        message_id = message.message_id if message else ""
        for recipient, reply in replies.items():
            if not reply.positive:
                self._note(Refused, message_id, recipient, reply.code, reply.text)
        return message

    def process(self, message: Message) -> Activity[None]:
        """Apply the rules of every account that takes the message, until they are through or SES gives up."""
        env = self._timeline.env
        yield env.all_of([env.process(self._deliver(backend, message)) for backend in self._takers(message)])

    def receive(self, mail: InboundMail) -> Activity[Message | None]:
        """Accept and process a message; returns it, or None if SES refused it."""
        message = self.accept(mail)
        if message:
            yield from self.process(message)
        return message

    def _remember(self, mail: InboundMail, recipients: tuple[str, ...]) -> Message:
        message_id = message_ids.received(self._region, self._received)
        message = Message(mail, message_id, recipients, self._timeline.now(), self._region)
        self._received += 1
        for backend in self._takers(message):
            backend.received_messages[message_id] = message.remembered()
        self._note(Accepted, message_id, mail.mail_from, recipients)
        return message

    def _takers(self, message: Message) -> list[SESBackend]:
        return [
            backend
            for backend in receiving_accounts(self._region)
            if backend.admits(message.mail.client_address) and any(rules_for(backend, message.recipients))
        ]

    def _deliver(self, backend: SESBackend, message: Message) -> Activity[None]:
        """Apply one account's rule set, from its beginning again whenever an action fails."""
        subject = message.message_id, backend.account_id
        for delay in inferred.retry_delays():
            try:
                outcome = yield from self._apply(backend, message)
            except ActionFailedError:
                due = self._timeline.now() + delay
                if due <= message.received_at + GIVE_UP_AFTER:
                    self._note(RetryScheduled, *subject, due)
                    yield self._timeline.env.timeout(delay.total_seconds())
                    continue
                outcome = "gave up"
            self._note(Finished, *subject, outcome)
            return

    def _apply(self, backend: SESBackend, message: Message) -> Activity[str]:
        """Apply the active rule set once; returns how it ended."""
        rule_set = backend.describe_active_receipt_rule_set()
        for rule, recipients in list(rules_for(backend, message.recipients)):
            subject = message.message_id, backend.account_id, rule["Name"]
            self._note(RuleMatched, *subject, recipients)
            reference = RuleReference(backend.account_id, self._region, rule_set.name, rule["Name"])
            message = replace(message, scanned=rule["ScanEnabled"])
            for kind, settings in _actions(rule):
                step = Step(self._timeline, self._invoke, backend, reference, recipients, message)
                try:
                    outcome = yield from perform(step, kind, settings)
                except ActionFailedError as error:
                    self._note(ActionFailed, *subject, action_type(kind), str(error))
                    raise
                self._note(ActionTaken, *subject, action_type(kind), outcome.summary)
                if outcome.disposition is Disposition.STOP_RULE_SET:
                    return "rule set stopped"
                if outcome.disposition is Disposition.STOP_RULE:
                    break
                message = outcome.message or message
        return "rules applied"

    def _note(self, entry: type[Entry], message_id: str, *details: Any) -> None:
        self.log.append(entry(self._timeline.now(), message_id, *details))


def _actions(rule: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The actions of a rule in order: their kind, as in the API, and their settings."""
    for action in rule["Actions"]:
        yield from action.items()
