"""What a change of policies widens and narrows, each with a request that proves it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from policies.access.cells import Cell, Space
from policies.access.effects import rules_of
from policies.access.surroundings import surroundings
from policies.evaluation.decision import Decision, decide
from policies.evaluation.policy_set import Rule, StatementRef
from policies.evaluation.request import Request
from policies.evaluation.statements import Policy, Statement

Direction = Literal["widened", "narrowed"]
Target = tuple[str, str]
"""An action and a resource."""


@dataclass(frozen=True)
class Change:
    """Requests that the new policies decide otherwise than the old ones: all callers × targets × keys.

    Attributes:
        direction: Whether more or less is allowed.
        callers: Who makes the requests, in words.
        targets: Action and resource of each kind of request, by an example.
        keys: What the condition keys that matter are like; one entry for each combination.
        old: The old statements that apply.
        new: The new statements that apply.
        witness: One of the requests.
        given: What else must hold for the difference to show, in words; empty: nothing.
        decisions: The evaluator's decision on the witness with the old and with the new policies.
    """

    direction: Direction
    callers: str
    targets: tuple[Target, ...]
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
    changes = []
    for cells in _alike(space.cells(), changed):
        change = _change(cells, before, after, resource_based=resource_based)
        if change is None:
            space.undecided.add(f"a difference for {cells[0].caller.label} could not be confirmed")
        else:
            changes.append(change)
    changes.sort(key=lambda change: change.direction, reverse=True)
    return Difference(tuple(changes), tuple(sorted(space.undecided)))


def _alike(cells: Iterable[Cell], changed: set[Statement]) -> Iterator[list[Cell]]:
    """Cells whose effect changed, together where caller, effects, first cause and keys are the same."""
    by_target: dict[tuple[object, ...], list[Cell]] = {}
    for cell in cells:
        if cell.effects[0] != cell.effects[1]:
            causes = (rule.statement for side in cell.applied for rule in side if rule.statement in changed)
            kind = (cell.caller.label, cell.effects, next(causes, None))
            by_target.setdefault((*kind, _target(cell)), []).append(cell)
    together: dict[tuple[object, ...], list[Cell]] = {}
    for (*kind_of_all, _), found in by_target.items():
        together.setdefault((*kind_of_all, _keys(found)), []).extend(found)
    yield from together.values()


def _change(
    cells: Sequence[Cell], old: tuple[Policy, ...], new: tuple[Policy, ...], *, resource_based: bool
) -> Change | None:
    """The change that these cells have in common, with the first witness on which the evaluator agrees."""
    widened = cells[0].effects[0] < cells[0].effects[1]
    expected: tuple[Decision, Decision] = ("denied", "allowed") if widened else ("allowed", "denied")
    for cell in cells:
        for around in surroundings(cell.request, resource_based=resource_based):
            decisions = tuple(decide(cell.request, around.including(side)).decision for side in (old, new))
            if decisions == expected:
                return Change(
                    direction="widened" if widened else "narrowed",
                    callers=cell.caller.label,
                    targets=tuple(dict.fromkeys(map(_target, cells))),
                    keys=_keys(cells),
                    old=_refs(rule for each in cells for rule in each.applied[0]),
                    new=_refs(rule for each in cells for rule in each.applied[1]),
                    witness=cell.request,
                    given=around.words,
                    decisions=expected,
                )
    return None


def _target(cell: Cell) -> Target:
    return cell.request.action, cell.request.resource


def _keys(cells: Iterable[Cell]) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(tuple(map(str, cell.keys)) for cell in cells))


def _refs(rules: Iterable[Rule]) -> tuple[StatementRef, ...]:
    return tuple(dict.fromkeys(rule.ref for rule in rules))
