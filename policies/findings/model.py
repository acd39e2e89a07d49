"""What an audit looks at and what it finds, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from policies.evaluation import Request


class Severity(IntEnum):
    """How much a finding matters, from the least to the most."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


@dataclass(frozen=True)
class Rule:
    """One kind of finding.

    Attributes:
        id: `SB` and three digits; never given to another kind.
        severity: How much it matters.
        title: What is wrong, in a few words.
        why: Why that matters, in plain sentences.
        fix: What to do about it.
    """

    id: str
    severity: Severity
    title: str
    why: str
    fix: str


@dataclass(frozen=True)
class Trust:
    """The accounts outside that are known.

    Attributes:
        own: The auditor's own accounts.
        partners: Other accounts that may be named, each with its name.
    """

    own: frozenset[str] = frozenset()
    partners: Mapping[str, str] = field(default_factory=dict)

    def knows(self, account: str) -> bool:
        """Whether the account may be named in a policy."""
        return account in self.own or account in self.partners


@dataclass(frozen=True)
class Document:
    """A policy as it was read.

    Attributes:
        name: Its name at its identity or role.
        content: Its JSON text, or the object it was parsed to.
        file: Where it was read.
        line: On which line of the file it begins, from 1.
    """

    name: str
    content: str | Mapping[str, Any]
    file: str = ""
    line: int = 1


@dataclass(frozen=True)
class Subject:
    """Something policies are attached to, with all of them.

    Attributes:
        arn: Of an SES identity or of a role.
        documents: Its policies.
    """

    arn: str
    documents: tuple[Document, ...]

    @property
    def is_ses_identity(self) -> bool:
        """Whether it is an identity of Amazon SES, else a role."""
        return ":identity/" in self.arn


@dataclass(frozen=True)
class Place:
    """A statement's place.

    Attributes:
        index: Its place in the policy, from 0.
        sid: Its Sid, if any.
        pointer: The same as a JSON pointer (RFC 6901) into the policy.
    """

    index: int
    sid: str | None
    pointer: str


@dataclass(frozen=True)
class Finding:
    """Something dangerous, dead or doubtful.

    Attributes:
        rule: Its kind.
        identity: The ARN of the identity or role.
        document: The policy.
        place: The statement; None where it is about the whole policy.
        message: What is wrong here, in one sentence.
        witness: A request that the evaluator decided, and that shows it; None where no request does.
        fix: The statement corrected; None where it has to go, or where the rule says what else to do.
    """

    rule: Rule
    identity: str
    document: Document
    place: Place | None
    message: str
    witness: Request | None = None
    fix: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Unread:
    """Something that could not be read and so is not known to be clean.

    Attributes:
        source: The file, with the line where there is one, or the policy.
        reason: Why not, in one sentence.
    """

    source: str
    reason: str
