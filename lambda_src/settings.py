"""The decision part of the configuration, read once: at preview, and again when a function starts."""

from collections.abc import Mapping
from dataclasses import dataclass

from lambda_src import consequences, rules
from lambda_src.address import ADDRESS, Address, a_labels
from lambda_src.consequences import ACCEPT, BOUNCE, CONSEQUENCE_KEYS, Consequence, MessageDsnTemplate
from lambda_src.errors import ConfigurationError
from lambda_src.fields import Fields, one_of, syntax
from lambda_src.patterns import ADDRESS_PATTERN, AddressPatterns
from lambda_src.request import IDENTITY_ARN
from lambda_src.rules import Rule
from lambda_src.template import Template

#: The guards that can be set to `drop` or `ignore`.
GUARDS = ("spam", "virus", "unauthenticated", "autoSubmitted", "list")

KEYS = (
    "domain",
    "subdomains",
    "bounceSender",
    "mode",
    "mailboxes",
    "mailboxTable",
    "rules",
    "otherwise",
    "guards",
    "messageDsn",
    "bounceSenderArn",
    "recipientArns",
    "explanation",
)

#: Written by whoever makes the receipt rules: whether more than one of them asks the handler.
SEVERAL_RULES = "severalRules"

DOMAIN = syntax(r"(?!.{254})\w[\w-]*(?:\.\w[\w-]*)*", "must be a domain like example.com")
TABLE_NAME = syntax(r"[A-Za-z0-9_.-]{3,255}", "must be a DynamoDB table's name")
IDENTITY_NAME = syntax(r"(?:[^\s@]+@)?\w[\w.-]*", "must be a domain or an address")


@dataclass(frozen=True)
class Settings:
    """What the functions decide by.

    Attributes:
        domain: The domain received for, as A-labels.
        subdomains: Whether every domain below it is received for too.
        bounce_sender: The From address of bounces.
        observe: Decide and count, send nothing, let every message continue.
        mailboxes: Addresses that exist; None when no list is given.
        mailbox_table: Name of the DynamoDB table of addresses that exist.
        rules: In order; the first that matches a recipient decides.
        otherwise: What follows where no rule matches and no mailbox exists.
        ignored_guards: Those of `GUARDS` that do not keep a bounce from being sent.
        message_dsn: Sent with every request; None leaves it to SES.
        bounce_sender_arn: The identity that authorises `bounce_sender`, when another account owns it.
        recipient_arns: Identity ARNs by address or domain.
        explanation: For bounces whose rule has none of its own.
        several_rules: Whether SES asks about one message once for each of several receipt rules, each time
            with the recipients of that rule.
    """

    domain: str
    subdomains: bool
    bounce_sender: str
    observe: bool
    mailboxes: AddressPatterns | None
    mailbox_table: str | None
    rules: tuple[Rule, ...]
    otherwise: Consequence
    ignored_guards: frozenset[str]
    message_dsn: MessageDsnTemplate | None
    bounce_sender_arn: str | None
    recipient_arns: Mapping[str, str]
    explanation: Template | None
    several_rules: bool

    def owns(self, domain: str) -> bool:
        """Whether mail for this domain (as A-labels) is received here."""
        return domain == self.domain or (self.subdomains and domain.endswith(f".{self.domain}"))

    def recipient_arn(self, recipient: Address) -> str | None:
        """The identity that permits receiving for the recipient: its address's, else its domain's."""
        if not self.recipient_arns:
            return None
        names = (*recipient.names, recipient.domain)
        return next((self.recipient_arns[name] for name in names if name in self.recipient_arns), None)


def read(raw: Mapping[str, object]) -> Settings:
    """Read the keys of `KEYS` and `SEVERAL_RULES`: `configuration.json` of the functions' archive.

    Raises:
        ConfigurationError: Naming the first key at fault, its value and the fix.
    """
    fields = Fields(raw, "", ConfigurationError, (*KEYS, SEVERAL_RULES))
    domain = a_labels(fields.required("domain", DOMAIN))
    bounce_sender = fields.optional("bounceSender", ADDRESS) or f"mailer-daemon@{domain}"
    if not ADDRESS.pattern.fullmatch(bounce_sender):
        raise fields.refuse("domain", DOMAIN.rule)
    mailboxes = fields.strings("mailboxes", ADDRESS_PATTERN)
    settings = Settings(
        domain=domain,
        subdomains=fields.flag("subdomains"),
        bounce_sender=bounce_sender,
        observe=fields.optional("mode", one_of("enforce", "observe")) == "observe",
        mailboxes=None if fields.raw("mailboxes") is None else AddressPatterns.of(mailboxes),
        mailbox_table=fields.optional("mailboxTable", TABLE_NAME),
        rules=fields.each("rules", rules.read),
        otherwise=fields.one("otherwise", _consequence) or _default_consequence(fields),
        ignored_guards=_ignored_guards(fields),
        message_dsn=fields.one("messageDsn", consequences.read_message_dsn),
        bounce_sender_arn=fields.optional("bounceSenderArn", IDENTITY_ARN),
        recipient_arns=_recipient_arns(fields),
        explanation=consequences.read_explanation(fields),
        several_rules=fields.flag(SEVERAL_RULES),
    )
    _check_mailboxes(fields, mailboxes, settings)
    _check_rule_names(settings.rules)
    return settings


def _consequence(document: object, path: str) -> Consequence:
    return consequences.read(Fields(document, path, ConfigurationError, CONSEQUENCE_KEYS))


def _default_consequence(fields: Fields) -> Consequence:
    if fields.raw("mailboxes") is None and fields.raw("mailboxTable") is None:
        return Consequence(ACCEPT)
    return Consequence(BOUNCE, bounce_type="DoesNotExist")


def _ignored_guards(fields: Fields) -> frozenset[str]:
    guards = fields.mapping("guards", one_of(*GUARDS), one_of("drop", "ignore"))
    return frozenset(name for name, effect in guards.items() if effect == "ignore")


def _recipient_arns(fields: Fields) -> dict[str, str]:
    found = {}
    for name, arn in fields.mapping("recipientArns", IDENTITY_NAME, IDENTITY_ARN).items():
        local, at, domain = name.lower().rpartition("@")
        found[f"{local}{at}{a_labels(domain)}"] = arn
    return found


def _check_mailboxes(fields: Fields, mailboxes: tuple[str, ...], settings: Settings) -> None:
    for index, mailbox in enumerate(mailboxes):
        local, _, domain = mailbox.rpartition("@")
        path = f"{fields.path('mailboxes')}[{index}]"
        if not local or "*" in domain:
            raise ConfigurationError(path, mailbox, "must be an address; * may stand in the local part only")
        if not settings.owns(a_labels(domain)):
            below = "" if settings.subdomains else " (subdomains: true adds those below it)"
            raise ConfigurationError(path, mailbox, f"must be an address of {settings.domain}{below}")


def _check_rule_names(found: tuple[Rule, ...]) -> None:
    names: set[str] = set()
    for index, rule in enumerate(found):
        if rule.name in names:
            raise ConfigurationError(f"rules[{index}].name", rule.name, "must be the only rule of that name")
        names.add(rule.name)
