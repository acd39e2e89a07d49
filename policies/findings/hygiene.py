"""What is doubtful, superfluous or too large."""

from collections.abc import Iterator

from policies.documents import MAX_POLICIES, MAX_POLICY_BYTES, render
from policies.findings import rules
from policies.findings.actions import SEND_BOUNCE, covered
from policies.findings.model import Document, Finding
from policies.findings.view import Placed, View

NEAR = 0.9
"""The part of a quota from which on it counts as near."""
_INCONSISTENT = frozenset({"aws:principalorgid", "aws:sourceaccount", "aws:sourcearn"})
"""In examples of
https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policy-examples.html, but not in the list of
https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policies.html"""


def undocumented_action(view: View) -> Iterator[Finding]:
    """SB020: SendBounce allowed by an identity's policy."""
    for placed in view.allows:
        if SEND_BOUNCE in covered(placed.statement):
            yield view.finding(
                rules.UNDOCUMENTED,
                placed,
                f"{placed.label} allows {SEND_BOUNCE}, which AWS does not document for identity policies.",
            )


def inconsistent_keys(view: View) -> Iterator[Finding]:
    """SB021: condition keys on which the documentation disagrees with itself."""
    for placed in view.statements:
        keys = {test.written_key for test in placed.statement.conditions if test.key in _INCONSISTENT}
        if keys:
            yield view.finding(
                rules.INCONSISTENT_KEY, placed, f"{placed.label} relies on {', '.join(sorted(keys))}."
            )


def duplicates(view: View) -> Iterator[Finding]:
    """SB022: statements that say the same as an earlier one."""
    first: dict[object, Placed] = {}
    for placed in view.statements:
        earlier = first.setdefault(placed.statement, placed)
        if earlier is not placed:
            yield view.finding(
                rules.DUPLICATE,
                placed,
                f"{placed.label} says the same as {earlier.label} of policy {earlier.document.name!r}.",
            )


def quotas(view: View) -> Iterator[Finding]:
    """SB023 and SB024: the size and number of an identity's policies."""
    documents = view.subject.documents
    for document in documents:
        size = _size(document)
        if size > NEAR * MAX_POLICY_BYTES:
            message = f"The policy has {size} of {MAX_POLICY_BYTES} bytes."
            yield Finding(rules.POLICY_SIZE, view.subject.arn, document, None, message)
    if len(documents) > NEAR * MAX_POLICIES:
        message = f"The identity has {len(documents)} of {MAX_POLICIES} policies."
        yield Finding(rules.POLICY_COUNT, view.subject.arn, documents[-1], None, message)


def _size(document: Document) -> int:
    content = document.content
    return len((content if isinstance(content, str) else render(content)).encode())


def undecided(view: View) -> Iterator[Finding]:
    """SB025: what could not be worked out."""
    reasons = sorted({reason for _, access in view.access for reason in access.undecided})
    if reasons:
        message = f"Not decided: {'; '.join(reasons)}."
        yield Finding(rules.UNDECIDED, view.subject.arn, view.subject.documents[0], None, message)
