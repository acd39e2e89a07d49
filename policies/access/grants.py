"""Who may do something to a resource by its policies, under which conditions, and by which statement."""

from collections.abc import Iterable
from dataclasses import dataclass

from policies.access.cells import Cell, Space
from policies.access.effects import Effect, rules_of
from policies.access.surroundings import surroundings
from policies.evaluation.decision import decide
from policies.evaluation.policy_set import StatementRef
from policies.evaluation.request import Request
from policies.evaluation.statements import Policy


@dataclass(frozen=True)
class Grant:
    """Callers who may, by the same statements.

    Attributes:
        callers: Who, in words.
        keys: What the condition keys that matter must be like; one entry for each combination, none: any.
        statements: The statements that allow it.
        witness: One of the requests.
        given: What else must hold, in words; empty: nothing.
    """

    callers: str
    keys: tuple[tuple[str, ...], ...]
    statements: tuple[StatementRef, ...]
    witness: Request
    given: str


@dataclass(frozen=True)
class Access:
    """All who may.

    Attributes:
        grants: Who may, one entry for each way.
        undecided: What could not be decided; only without it is the list complete.
    """

    grants: tuple[Grant, ...]
    undecided: tuple[str, ...]


def who_can(policies: Iterable[Policy], action: str, resource: str) -> Access:
    """Who may perform an action on a resource, as far as the resource's own policies say.

    Principals of the resource's own account may also be allowed by policies of theirs.

    Args:
        policies: The resource-based policies; for SES those of the identity.
        action: `service:Action`.
        resource: The resource's ARN; for SES the identity's.

    Raises:
        PolicyError: One of the policies names no principals.
    """
    compiled = tuple(policies)
    rules = rules_of(compiled, resource_based=True)
    space = Space((rules,), True, frozenset(rule.statement for rule in rules), action, resource)
    groups: dict[tuple[object, ...], list[Cell]] = {}
    for cell in space.cells():
        if cell.effects[0] >= Effect.ALLOWS_ROLE:
            groups.setdefault((cell.caller.label, _allowing(cell)), []).append(cell)
    grants = []
    for cells in groups.values():
        grant = _grant(cells, compiled)
        if grant is None:
            space.undecided.add(f"a grant to {cells[0].caller.label} could not be confirmed")
        else:
            grants.append(grant)
    return Access(tuple(grants), tuple(sorted(space.undecided)))


def _grant(cells: list[Cell], policies: tuple[Policy, ...]) -> Grant | None:
    """The grant that these cells have in common, with the first witness that the evaluator allows."""
    keys = tuple(dict.fromkeys(tuple(map(str, cell.keys)) for cell in cells if cell.keys))
    for cell in cells:
        for around in surroundings(cell.request, resource_based=True):
            if decide(cell.request, around.including(policies)).decision == "allowed":
                return Grant(cell.caller.label, keys, _allowing(cell), cell.request, around.words)
    return None


def _allowing(cell: Cell) -> tuple[StatementRef, ...]:
    return tuple(rule.ref for rule in cell.applied[0] if rule.statement.allows)
