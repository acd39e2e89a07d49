"""Whether a decision really depends on what is unknown, and on which keys.

Statements that each depend on a key may together not do so: one allows where it is `a`, one where it is not.
So every combination of representative values of the unknown keys is tried, as far as it makes a difference.
The outcome is a decision diagram: a key is in it exactly if some two requests that differ only in this key
are decided differently.
"""

from dataclasses import dataclass

from policies.evaluation.languages import TooManyStates
from policies.evaluation.logic import Truth
from policies.evaluation.policy_set import PolicySet
from policies.evaluation.representatives import NotComparable, Values, representatives, unknown_keys
from policies.evaluation.request import Request
from policies.evaluation.statements import Statement
from policies.evaluation.verdict import Verdict, judge

MAX_EVALUATIONS = 5_000
"""How many evaluations to spend on one request before naming every key that may matter."""

Diagram = bool | tuple[str, tuple["Diagram", ...]]
"""Allowed or not; or a key with the outcome for each of its representative values."""


@dataclass(frozen=True)
class Completion:
    """What becomes of a request once its unknown keys have values.

    Attributes:
        allowed: Whether all values lead to this decision; None when it depends.
        explicit_deny: Whether all values lead to an explicit denial.
        keys: The keys it depends on, as the policies write them, sorted.
    """

    allowed: Truth
    explicit_deny: bool = False
    keys: tuple[str, ...] = ()


class _OutOfReach(Exception):  # noqa: N818 - a limit
    """Too many combinations."""


def complete(request: Request, policies: PolicySet, verdict: Verdict) -> Completion:
    """Try what the unknown keys can be.

    Args:
        verdict: The evaluation with the keys unknown, whose outcome is unknown.
    """
    open_statements = [rule.statement for rule, truth in verdict.applied if truth is None]
    written = unknown_keys(open_statements, request.lookup)
    explorer = _Explorer(request, policies, open_statements, tuple(written))
    try:
        diagram = explorer.explore({})
    except (NotComparable, TooManyStates, _OutOfReach):
        return Completion(None, keys=tuple(sorted(set(written.values()))))
    if isinstance(diagram, bool):
        return Completion(diagram, explorer.always_explicit and not diagram)
    return Completion(None, keys=tuple(sorted({written[key] for key in _keys(diagram)})))


@dataclass
class _Explorer:
    request: Request
    policies: PolicySet
    statements: list[Statement]
    keys: tuple[str, ...]
    always_explicit: bool = True
    evaluations: int = 0

    def explore(self, given: dict[str, Values]) -> Diagram:
        """The diagram over the keys that are not given."""

        def lookup(key: str) -> Values | None:
            return given[key] if key in given else self.request.lookup(key)

        self.evaluations += 1
        if self.evaluations > MAX_EVALUATIONS:
            raise _OutOfReach
        verdict = judge(self.request, self.policies, lookup)
        if verdict.allowed is not None:
            self.always_explicit = self.always_explicit and verdict.denied is True
            return verdict.allowed
        undecided = {key for rule, truth in verdict.applied if truth is None for key in rule.statement.keys}
        key = next(key for key in self.keys if key in undecided and key not in given)
        about = [statement for statement in self.statements if key in statement.keys]
        values = representatives(key, about, self.request.resource, lookup)
        branches = tuple(self.explore({**given, key: value}) for value in values)
        return branches[0] if len(set(branches)) == 1 else (key, branches)


def _keys(diagram: Diagram) -> set[str]:
    if isinstance(diagram, bool):
        return set()
    key, branches = diagram
    return {key}.union(*(_keys(branch) for branch in set(branches)))
