"""Who-can and diff for machines, and the name of a statement for people."""

from dataclasses import asdict
from typing import Any

from policies.access import Access, Difference
from policies.evaluation import Request, StatementRef


def access(found: Access) -> dict[str, Any]:
    """Who may."""
    return {
        "grants": [
            {
                "callers": grant.callers,
                "keys": [list(keys) for keys in grant.keys],
                "given": grant.given,
                "statements": [asdict(ref) for ref in grant.statements],
                "witness": request(grant.witness),
            }
            for grant in found.grants
        ],
        "undecided": list(found.undecided),
    }


def difference(found: Difference) -> dict[str, Any]:
    """What changed."""
    return {
        "changes": [
            {
                "direction": change.direction,
                "callers": change.callers,
                "targets": [{"action": action, "resource": resource} for action, resource in change.targets],
                "keys": [list(keys) for keys in change.keys],
                "given": change.given,
                "old": [asdict(ref) for ref in change.old],
                "new": [asdict(ref) for ref in change.new],
                "witness": request(change.witness),
                "decisions": {"old": change.decisions[0], "new": change.decisions[1]},
            }
            for change in found.changes
        ],
        "undecided": list(found.undecided),
    }


def request(asked: Request) -> dict[str, Any]:
    """A request in the form of a `can` case."""
    return {
        "principal": asked.principal.name,
        "action": asked.action,
        "resource": asked.resource,
        "resourceAccount": asked.owner,
        "context": {key: list(values) for key, values in asked.context.items()},
        "complete": asked.complete,
    }


def named(ref: StatementRef) -> str:
    """A statement's name in a sentence."""
    return f"statement {ref.sid or ref.index} of {ref.policy or 'the policy'}"
