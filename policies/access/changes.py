"""What a change of policies widens and narrows, each with a request that proves it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from policies.access.cells import Cell, Space
from policies.access.effects import Effect, rules_of
from policies.access.surroundings import surroundings
from policies.evaluation.decision import Decision, decide
from policies.evaluation.policy_set import Rule, StatementRef
from policies.evaluation.request import Request
from policies.evaluation.statements import Policy, Statement

Direction = Literal["widened", "narrowed"]


@dataclass(frozen=True)
class Change:
    """Requests that the new policies decide otherwise than the old ones.

    Attributes:
        direction: Whether more or less is allowed.
        callers: Who makes the requests, in words.
        actions: Examples of their actions.
        resources: Examples of their resources.
        keys: What the condition keys that matter are like; one entry for each combination.
        old: The old statements that apply.
        new: The new statements that apply.
        witness: One of the requests.
        given: What else must hold for the difference to show, in words; empty: nothing.
        decisions: The evaluator's decision on the witness with the old and with the new policies.
    """

    direction: Direction
    callers: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    old: tuple[StatementRef, ...]
    new: tuple[StatementRef, ...]
    witness: Request
    given: str
    decisions: tuple[Decision, Decision]


@dataclass(frozen=True)
class Difference:
    """All that changed.

    Attributes:
        changes: What was widened and narrowed.
        undecided: What could not be compared; only without it do no changes mean that nothing changed.
    """

    changes: tuple[Change, ...]
    undecided: tuple[str, ...]


def diff(old: Iterable[Policy], new: Iterable[Policy]) -> Difference:
    """Compare policies of one identity or resource, or of one user or role, before and after a change.

    Raises:
        PolicyError: Some of the policies name principals and some do not.
    """
    before, after = tuple(old), tuple(new)
    statements = [statement for policy in (*before, *after) for statement in policy.statements]
    resource_based = any(statement.principal is not None for statement in statements)
    sides = (rules_of(before, resource_based=resource_based), rules_of(after, resource_based=resource_based))
    changed = {rule.statement for rule in sides[0]} ^ {rule.statement for rule in sides[1]}
    if not changed:
        return Difference((), ())
    space = Space(sides, resource_based, frozenset(changed))
    groups: dict[tuple[str, Effect, Effect, Statement | None], list[Cell]] = {}
    for cell in space.cells():
        before_effect, after_effect = cell.effects
        if before_effect != after_effect:
            cause = next(
                (rule.statement for side in cell.applied for rule in side if rule.statement in changed), None
            )
            groups.setdefault((cell.caller.label, before_effect, after_effect, cause), []).append(cell)
    changes = []
    for (label, *_), cells in groups.items():
        change = _change(cells, before, after, resource_based=resource_based)
        if change is None:
            space.undecided.add(f"a difference for {label} could not be confirmed")
        else:
            changes.append(change)
    changes.sort(key=lambda change: change.direction, reverse=True)
    return Difference(tuple(changes), tuple(sorted(space.undecided)))


def _change(
    cells: Sequence[Cell], old: tuple[Policy, ...], new: tuple[Policy, ...], *, resource_based: bool
) -> Change | None:
    """The change that these cells have in common, with the first witness on which the evaluator agrees."""
    direction: Direction = "widened" if cells[0].effects[0] < cells[0].effects[1] else "narrowed"
    expected: tuple[Decision, Decision] = (
        ("denied", "allowed") if direction == "widened" else ("allowed", "denied")
    )
    for cell in cells:
        for around in surroundings(cell.request, resource_based=resource_based):
            decisions = tuple(decide(cell.request, around.including(side)).decision for side in (old, new))
            if decisions == expected:
                return Change(
                    direction=direction,
                    callers=cell.caller.label,
                    actions=tuple(dict.fromkeys(each.request.action for each in cells)),
                    resources=tuple(dict.fromkeys(each.request.resource for each in cells)),
                    keys=tuple(dict.fromkeys(tuple(map(str, each.keys)) for each in cells)),
                    old=_refs(rule for each in cells for rule in each.applied[0]),
                    new=_refs(rule for each in cells for rule in each.applied[1]),
                    witness=cell.request,
                    given=around.words,
                    decisions=expected,
                )
    return None


def _refs(rules: Iterable[Rule]) -> tuple[StatementRef, ...]:
    return tuple(dict.fromkeys(rule.ref for rule in rules))
