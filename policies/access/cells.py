"""Divide all requests into finitely many cells, in each of which given policies say the same throughout.

A request is an action, a resource, a caller and the values of condition keys. In each of these dimensions
policies can tell only finitely many kinds of values apart (see `languages` and `representatives`), so one
request of each combination decides for all others: what is found about the cells is a proof, not a sample.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from policies.access.callers import Caller, callers, unclear
from policies.access.effects import Effect, effect
from policies.access.likeness import Likeness
from policies.evaluation.carried_keys import SES_ACTIONS, never_carried
from policies.evaluation.languages import TooManyStates, examples
from policies.evaluation.patterns import Shape
from policies.evaluation.policy_set import Rule
from policies.evaluation.representatives import NotComparable, representatives, unknown_keys
from policies.evaluation.request import Request
from policies.evaluation.statements import Statement
from policies.evaluation.templates import parse_pattern

MAX_EVALUATIONS = 100_000
"""How many evaluations to spend before saying that the rest is undecided."""
SOMEBODY = "000000000000"
"""An account that no caller belongs to."""
_ACTION = Shape(parse_pattern("?*:?*"))
_ARN = Shape(parse_pattern("arn:?*:?*:*:*:?*"))
_OF_SES = Shape(parse_pattern("ses:*"))
_IDENTITY = Shape(parse_pattern("*:identity/*"))


@dataclass(frozen=True)
class Cell:
    """Requests that all policies compared treat alike.

    Attributes:
        request: One of them, complete.
        caller: Who makes them.
        keys: What the condition keys that matter are like.
        effects: What each of the policies compared says.
        applied: The statements that apply to all of them, for each of the policies compared.
    """

    request: Request
    caller: Caller
    keys: tuple[Likeness, ...]
    effects: tuple[Effect, ...]
    applied: tuple[tuple[Rule, ...], ...]


@dataclass
class Space:
    """The requests to divide.

    Attributes:
        sides: The statements of each of the policies compared.
        resource_based: Whether they name principals.
        action: The only action to look at; None for all.
        resource: The only resource to look at; None for all.
        relevant: Only cells to which one of these statements applies are of interest.
        undecided: Why something could not be divided; complete once the cells are listed.
    """

    sides: tuple[tuple[Rule, ...], ...]
    resource_based: bool
    relevant: frozenset[Statement]
    action: str | None = None
    resource: str | None = None
    undecided: set[str] = field(default_factory=set)
    _evaluations: int = 0

    def cells(self) -> Iterator[Cell]:
        """All cells of interest."""
        statements = [rule.statement for side in self.sides for rule in side]
        tests = [test for statement in statements for test in statement.conditions]
        if any(statement.variables for statement in statements):
            self.undecided.add("policy variables can stand for more than was tried")
        try:
            self.undecided.update(unclear(tests))
            resources = self._resources(statements)
            owners = frozenset(filter(None, map(_owner, resources))) if self.resource_based else frozenset()
            everyone = callers(statements, owners, resource_based=self.resource_based)
            for action in self._actions(statements):
                concerned = [
                    statement for statement in self.relevant if statement.covers_action(action.lower())
                ]
                for resource in resources if concerned else ():
                    for caller in everyone:
                        for owner in self._owners(resource, caller):
                            request = Request(caller.principal, action, resource, owner, {}, complete=False)
                            yield from self._explore(request, caller, ())
        except TooManyStates:
            self.undecided.add("patterns overlap in too many ways")

    def _actions(self, statements: list[Statement]) -> list[str]:
        """An action for every way to be covered, of SES and of others, and for the keys it carries."""
        if self.action is not None:
            return [self.action]
        keys = sorted({key for statement in statements for key in statement.keys})
        texts = sorted({text.lower() for statement in statements for text in statement.actions})
        shapes = (_OF_SES, *(Shape(parse_pattern(text)) for text in texts))
        found: dict[tuple[bool, ...], str] = {}
        for action in (*SES_ACTIONS, *examples(shapes, prefer=_ACTION).values()):
            name = action.lower()
            covered = [_OF_SES.matcher()(name), *(statement.covers_action(name) for statement in statements)]
            carried = [never_carried(name, key) for key in keys]
            if _ACTION.matcher()(name):
                found.setdefault((*covered, *carried), action)
        return list(found.values())

    def _resources(self, statements: list[Statement]) -> list[str]:
        """A resource for every way to be covered; identities of SES and others."""
        if self.resource is not None:
            return [self.resource]
        elements = [statement.resources for statement in statements if statement.resources]
        patterns = dict.fromkeys(pattern for element in elements for pattern in element.patterns)
        shapes = (_IDENTITY, *map(Shape, patterns))
        found: dict[tuple[object, ...], str] = {}
        for resource in (*examples(shapes, prefer=_ARN).values(), "*"):
            covered = [(each.cover(resource, _unknown), each.texts == (resource,)) for each in elements]
            found.setdefault((_IDENTITY.matcher()(resource), *covered), resource)
        return list(found.values())

    def _owners(self, resource: str, caller: Caller) -> tuple[str | None, ...]:
        """The accounts that may own the resource: the one in its ARN, else the caller's or any other."""
        account = caller.principal.account
        if not self.resource_based:
            return (account,)
        owner = _owner(resource)
        return (owner,) if owner else (account, SOMEBODY)

    def _explore(self, request: Request, caller: Caller, keys: tuple[Likeness, ...]) -> Iterator[Cell]:
        """The cells within a request whose further keys are unknown, divided by a key that effects depend on.

        Args:
            keys: What the keys it has are like.
        """
        self._evaluations += 1
        if self._evaluations > MAX_EVALUATIONS:
            self.undecided.add("there are too many combinations")
            return
        outcomes = [effect(side, request) for side in self.sides]
        possible = [rule.statement for _, verdict in outcomes for rule, _ in verdict.applied]
        if self.relevant.isdisjoint(possible):
            return
        effects = tuple(found for found, _ in outcomes if found is not None)
        if len(effects) == len(outcomes):
            given = {key: values for key, values in request.context.items() if values}
            whole = replace(request, context=given, complete=True)
            applied = tuple(
                tuple(rule for rule, truth in verdict.applied if truth) for _, verdict in outcomes
            )
            yield Cell(whole, caller, keys, effects, applied)
            return
        unsettled = [
            rule.statement for _, verdict in outcomes for rule, truth in verdict.applied if truth is None
        ]
        key, written = next(iter(unknown_keys(unsettled, request.lookup).items()))
        about = [statement for statement in possible if key in statement.keys]
        tests = tuple(test for statement in about for test in statement.conditions if test.key == key)
        try:
            found = representatives(key, about, request.resource, request.lookup)
        except TooManyStates:
            self.undecided.add(f"the patterns for {written} overlap in too many ways")
        except NotComparable:
            self.undecided.add(f"{written} is compared as values of different kinds")
        else:
            for values in found:
                more = replace(request, context={**request.context, written: values})
                yield from self._explore(more, caller, (*keys, Likeness(written, values, tests)))


def _owner(resource: str) -> str | None:
    """The account in an ARN, None where there is none."""
    account = resource.split(":", 5)[4] if resource.count(":") >= 5 else ""
    return account if account.isdigit() else None


def _unknown(_: str) -> None:
    """No key has a known value."""
