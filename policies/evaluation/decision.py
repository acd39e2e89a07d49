"""Decide a request and say why."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from policies.evaluation.completion import complete
from policies.evaluation.explanation import explain
from policies.evaluation.policy_set import PolicySet, StatementRef
from policies.evaluation.request import Request
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
        request: The request.
        policies: The policies it was decided with.
    """

    decision: Decision
    explicit_deny: bool
    depends_on: tuple[str, ...]
    statements: tuple[StatementRef, ...]
    request: Request = field(repr=False, compare=False)
    policies: PolicySet = field(repr=False, compare=False)

    @cached_property
    def reason(self) -> str:
        """The decision in a sentence; for a denial what is missing and on which side."""
        return explain(self)


def decide(request: Request, policies: PolicySet) -> Answer:
    """Decide one request against the policies that apply to it."""
    verdict = judge(request, policies, request.lookup)
    allowed, explicit_deny = verdict.allowed, verdict.denied is True
    keys: tuple[str, ...] = ()
    if allowed is None:
        completion = complete(request, policies, verdict)
        allowed, explicit_deny, keys = completion.allowed, completion.explicit_deny, completion.keys
    if allowed is False:
        denying = [rule.ref for rule, truth in verdict.applied if explicit_deny and not rule.statement.allows]
        return Answer("denied", explicit_deny, keys, tuple(denying), request, policies)
    refs = tuple([rule.ref for rule, _ in verdict.applied])
    return Answer("allowed" if allowed else "depends", False, keys, refs, request, policies)
