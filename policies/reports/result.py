"""What one audit found over all that it read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from policies.findings import Finding, Severity, Subject, Trust, Unread, audit


@dataclass(frozen=True)
class Result:
    """The outcome of an audit.

    Attributes:
        findings: By identity in the order read, the gravest first.
        identities: How many identities and roles were read.
        policies: How many policies.
        unread: What could not be read, and is not known to be clean.
    """

    findings: tuple[Finding, ...]
    identities: int
    policies: int
    unread: tuple[Unread, ...]

    def at_least(self, severity: Severity) -> bool:
        """Whether there is a finding of this severity or a higher one."""
        return any(finding.rule.severity >= severity for finding in self.findings)


def collect(read: Iterable[Subject | Unread], trust: Trust, now: datetime) -> Result:
    """Audit one subject after the other, keeping only what is found."""
    findings: list[Finding] = []
    unread: list[Unread] = []
    identities = policies = 0
    for item in read:
        if isinstance(item, Unread):
            unread.append(item)
            continue
        found, malformed = audit(item, trust, now)
        findings += found
        unread += malformed
        identities += 1
        policies += len(item.documents) - len(malformed)
    return Result(tuple(findings), identities, policies, tuple(unread))
