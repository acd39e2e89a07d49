"""Rules: conditions on a recipient and its message, and what follows when all of them hold."""

from dataclasses import dataclass

from lambda_src import consequences
from lambda_src.address import Address
from lambda_src.consequences import CONSEQUENCE_KEYS, Consequence
from lambda_src.errors import ConfigurationError
from lambda_src.event import VERDICTS, ReceivedMessage
from lambda_src.fields import Fields, syntax
from lambda_src.patterns import ADDRESS_PATTERN, AddressPatterns, Glob

RULE_NAME = syntax(r"[\x21-\x7e](?:[\x20-\x7e]{0,62}[\x21-\x7e])?", "must be 1 to 64 characters of ASCII")
HEADER_NAME = syntax(r"[\x21-\x39\x3b-\x7e]+", "must be a header's name (RFC 5322 §3.6.8)")
VERDICT_NAME = syntax("|".join(VERDICTS), f"must be one of {', '.join(VERDICTS)}")
VERDICT_VALUE = syntax(
    "(?i:PASS|FAIL|GRAY|PROCESSING_FAILED|NONE|QUARANTINE|REJECT)",
    "must be PASS, FAIL, GRAY or PROCESSING_FAILED; for dmarcPolicy none, quarantine or reject",
)


@dataclass(frozen=True)
class Rule:
    """Conditions that must all hold, each empty when it is not set; then the consequence."""

    name: str
    consequence: Consequence
    recipients: AddressPatterns | None = None
    senders: AddressPatterns | None = None
    headers: tuple[tuple[str, Glob], ...] = ()
    verdicts: tuple[tuple[str, str], ...] = ()

    @property
    def about_recipients_only(self) -> bool:
        """Whether the rule asks nothing of the message."""
        return self.senders is None and not self.headers and not self.verdicts

    def applies(self, message: ReceivedMessage, sender: Address | None) -> bool | None:
        """Whether the message meets the conditions that are not about a recipient.

        None when that hangs on a header that SES may have cut off.
        """
        if self.senders is not None and (sender is None or not self.senders.match(sender)):
            return False
        if any(message.verdicts.get(name) != value for name, value in self.verdicts):
            return False
        if all(_any_value(glob, message.headers.get(name, ())) for name, glob in self.headers):
            return True
        return None if message.headers_truncated else False


def read(document: object, path: str) -> Rule:
    """Read one entry of `rules`; without a name it is called by its place.

    Raises:
        ConfigurationError: Naming the key at fault.
    """
    fields = Fields(
        document,
        path,
        ConfigurationError,
        ("name", "recipients", "senders", "headers", "verdicts", *CONSEQUENCE_KEYS),
    )
    recipients = fields.strings("recipients", ADDRESS_PATTERN)
    senders = fields.strings("senders", ADDRESS_PATTERN)
    return Rule(
        name=fields.optional("name", RULE_NAME) or path,
        consequence=consequences.read(fields),
        recipients=AddressPatterns.of(recipients) if recipients else None,
        senders=AddressPatterns.of(senders) if senders else None,
        headers=tuple(
            (name.lower(), Glob.of(glob.lower()))
            for name, glob in fields.mapping("headers", HEADER_NAME).items()
        ),
        verdicts=tuple(
            (name, value.upper())
            for name, value in fields.mapping("verdicts", VERDICT_NAME, VERDICT_VALUE).items()
        ),
    )


def _any_value(glob: Glob, values: tuple[str, ...]) -> bool:
    return any(glob.matches(value.strip().lower()) for value in values)
