"""What rules and mailboxes say about each recipient of one message, before any guard."""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from lambda_src.address import Address
from lambda_src.consequences import ACCEPT, Consequence
from lambda_src.event import ReceivedMessage
from lambda_src.patterns import AddressPatterns
from lambda_src.rules import Rule
from lambda_src.settings import Settings


@dataclass(frozen=True, eq=False)
class Ruling:
    """A consequence and what led to it; each stands for itself, so that recipients can be grouped by it.

    Attributes:
        consequence: What follows.
        reason: `rule`, `mailbox`, `otherwise`, or why a recipient that cannot be decided is accepted:
            `malformedRecipient`, `otherDomain`, `headersTruncated`.
        rule: The rule's name, where one decided.
    """

    consequence: Consequence
    reason: str
    rule: str | None = None


_ACCEPT = Consequence(ACCEPT)
_MAILBOX = Ruling(_ACCEPT, "mailbox")
_MALFORMED_RECIPIENT = Ruling(_ACCEPT, "malformedRecipient")
_OTHER_DOMAIN = Ruling(_ACCEPT, "otherDomain")
_HEADERS_TRUNCATED = Ruling(_ACCEPT, "headersTruncated")


@dataclass(frozen=True)
class Rulings:
    """What may be ruled on the recipients of one message, in order; no patterns describe everybody."""

    settings: Settings
    candidates: tuple[tuple[AddressPatterns | None, Ruling], ...]

    @classmethod
    def about(
        cls, message: ReceivedMessage, sender: Address | None, settings: Settings, existing: Set[str]
    ) -> "Rulings":
        """What may be ruled on the recipients of `message`.

        Where a rule may apply, if only SES had not cut a header off, its recipients are accepted: that
        loses nothing, and bounces nobody wrongly.

        Args:
            message: The message.
            sender: Its envelope sender, or None where that is no address.
            settings: What to decide by.
            existing: Those names of its addresses that are in the mailbox table, as far as that is known.
        """
        return cls._of([(rule, rule.applies(message, sender)) for rule in settings.rules], settings, existing)

    @classmethod
    def about_any(cls, settings: Settings, existing: Set[str]) -> "Rulings":
        """What may be ruled on recipients whatever the message: a bounce that comes back to us, for one."""
        return cls._of([(rule, rule.about_recipients_only) for rule in settings.rules], settings, existing)

    @classmethod
    def _of(
        cls, rules: Iterable[tuple[Rule, bool | None]], settings: Settings, existing: Set[str]
    ) -> "Rulings":
        """The rules that apply, or may apply (None), then the mailboxes that exist."""
        candidates: list[tuple[AddressPatterns | None, Ruling]] = []
        for rule, applies in rules:
            if applies:
                candidates.append((rule.recipients, Ruling(rule.consequence, "rule", rule.name)))
            elif applies is None:
                candidates.append((rule.recipients, _HEADERS_TRUNCATED))
        if settings.mailboxes is not None:
            candidates.append((settings.mailboxes, _MAILBOX))
        if existing:
            candidates.append((AddressPatterns(exact=frozenset(existing)), _MAILBOX))
        return cls(settings, tuple(candidates))

    def on(self, recipient: Address | None) -> Ruling | None:
        """The ruling on a recipient, None being one that is no address; None when nothing describes it."""
        if recipient is None:
            return _MALFORMED_RECIPIENT
        if not self.settings.owns(recipient.domain):
            return _OTHER_DOMAIN
        for patterns, ruling in self.candidates:
            if patterns is None or patterns.match(recipient):
                return ruling
        return None
