"""Put the rules together: everything there is to find about one subject."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from policies.evaluation import Policy, PolicyError, PolicySet, compile_policy
from policies.findings import breadth, dead, hygiene, roles, strangers
from policies.findings.expiry import is_over
from policies.findings.model import Document, Finding, Subject, Trust, Unread
from policies.findings.view import View, place

_EITHER = (
    breadth.deleted_principals,
    dead.keys_never_carried,
    dead.expired,
    dead.unknown_actions,
    hygiene.duplicates,
)
_IDENTITY = (
    strangers.everyone,
    strangers.unknown_accounts,
    breadth.any_address,
    breadth.management,
    breadth.confused_services,
    dead.other_resource,
    dead.impossible,
    dead.shadowed,
    hygiene.undocumented_action,
    hygiene.inconsistent_keys,
    hygiene.quotas,
    hygiene.undecided,
)
_ROLE = (roles.every_action, roles.every_identity, roles.every_address)


def audit(subject: Subject, trust: Trust, now: datetime) -> tuple[list[Finding], list[Unread]]:
    """What is to be said about an identity or a role, the gravest first, and what could not be read.

    Args:
        subject: The identity or role with all its policies: a Deny in one limits what another allows.
        trust: The accounts that are known.
        now: The time by which statements expire.
    """
    read: list[tuple[Document, Policy]] = []
    unread: list[Unread] = []
    for document in subject.documents:
        try:
            read.append((document, _compiled(subject, document, str(len(read)))))
        except PolicyError as error:
            where = f"{document.file}:{document.line}: " if document.file else ""
            source = f"{where}policy {document.name!r} of {subject.arn}"
            reason = f"{error.path}: {error.message}" if error.path else error.message
            unread.append(Unread(source, " ".join(reason.split())))
    view = View(subject, tuple(_living(policy, now) for _, policy in read), tuple(place(read)), trust, now)
    rules = (*_EITHER, *(_IDENTITY if subject.is_ses_identity else _ROLE))
    found = _once(finding for rule in rules for finding in rule(view)) if read else []
    return sorted(found, key=lambda finding: (-finding.rule.severity, finding.rule.id)), unread


def _compiled(subject: Subject, document: Document, number: str) -> Policy:
    policy = compile_policy(document.content, name=number)
    # Raises PolicyError for a Principal that is missing, or stands where none belongs.
    if subject.is_ses_identity:
        PolicySet(resource=(policy,))
    else:
        PolicySet(identity=(policy,))
    return policy


def _living(policy: Policy, now: datetime) -> Policy:
    """The policy without statements whose time is over."""
    left = tuple(statement for statement in policy.statements if not is_over(statement, now))
    return replace(policy, statements=left)


def _once(found: Iterable[Finding]) -> Iterator[Finding]:
    """One finding of a kind for each statement: the first, which the rules' order makes the plainest."""
    seen: set[tuple[object, ...]] = set()
    for finding in found:
        place = (finding.rule.id, id(finding.document), finding.place)
        if place not in seen:
            seen.add(place)
            yield finding
