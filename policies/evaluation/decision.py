"""Decide a request and say why."""

from dataclasses import dataclass
from typing import Literal

from policies.evaluation.completion import depends_on
from policies.evaluation.model import PolicySet, Request, StatementRef
from policies.evaluation.verdict import judge

Decision = Literal["allowed", "denied", "depends"]


@dataclass(frozen=True)
class Answer:
    """The decision on one request.

    Attributes:
        decision: `allowed`, `denied`, or `depends` on keys whose values nobody gave.
        explicit_deny: Whether a Deny statement decided.
        depends_on: For `depends`: the condition keys that make the difference, as the policies write them.
        statements: The statements that decided.
        reason: The same in a sentence; for a denial what is missing and on which side.
    """

    decision: Decision
    explicit_deny: bool
    depends_on: tuple[str, ...]
    statements: tuple[StatementRef, ...]
    reason: str


def decide(request: Request, policies: PolicySet) -> Answer:
    """Decide one request against the policies that apply to it."""
    verdict = judge(request, policies, request.lookup)
    allowed = verdict.allowed
    if allowed:
        refs = tuple([rule.ref for rule, _ in verdict.applied])
        return Answer("allowed", False, (), refs, "allowed")
    if allowed is False:
        refs = tuple([rule.ref for rule, truth in verdict.applied if not rule.statement.allows and truth])
        return Answer("denied", bool(verdict.denied), (), refs, "denied")
    refs = tuple([rule.ref for rule, _ in verdict.applied])
    return Answer("depends", False, depends_on(request, policies), refs, "depends")
