"""What happened to received mail, as plain data for reports and pages."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Entry:
    """Something that happened; `message_id` is empty for mail that SES refused altogether."""

    at: datetime
    message_id: str


@dataclass(frozen=True)
class Refused(Entry):
    """SES refused a recipient during SMTP."""

    recipient: str
    code: int
    text: str


@dataclass(frozen=True)
class Accepted(Entry):
    """SES took the message for these recipients."""

    mail_from: str
    recipients: tuple[str, ...]


@dataclass(frozen=True)
class RuleMatched(Entry):
    """A rule of an account's active set applies to the message, for these recipients."""

    account_id: str
    rule: str
    recipients: tuple[str, ...]


@dataclass(frozen=True)
class ActionTaken(Entry):
    """SES did one action of a rule.

    Attributes:
        account_id: The rule's account.
        rule: The rule's name.
        action: `AddHeader`, `Bounce`, `Connect`, `Lambda`, `S3`, `SNS`, `Stop` or `WorkMail`.
        outcome: What came of it in a few words: a disposition, an object's URL, a bounce's ID.
    """

    account_id: str
    rule: str
    action: str
    outcome: str


@dataclass(frozen=True)
class ActionFailed(Entry):
    """SES could not do an action."""

    account_id: str
    rule: str
    action: str
    error: str


@dataclass(frozen=True)
class RetryScheduled(Entry):
    """SES will apply an account's rule set to the message again."""

    account_id: str
    due: datetime


@dataclass(frozen=True)
class Finished(Entry):
    """An account is done with a message: `rules applied`, `rule set stopped` or `gave up`."""

    account_id: str
    outcome: str
