"""Decide a request: AWS's evaluation logic within an account and across accounts.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from dataclasses import dataclass
from typing import Literal

from policies.evaluation.completion import depends_on
from policies.evaluation.model import PolicySet, Request
from policies.evaluation.verdict import Applied, Source, judge

Decision = Literal["allowed", "denied", "depends"]


@dataclass(frozen=True)
class StatementRef:
    """A statement that took part in a decision.

    Attributes:
        source: What kind of policy it stands in.
        policy: The policy's name.
        index: Its place in the policy, from 0.
        sid: Its Sid, if any.
        effect: `Allow` or `Deny`.
    """

    source: Source
    policy: str
    index: int
    sid: str | None
    effect: str


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
    if verdict.allowed:
        return _answer("allowed", False, verdict.applied)
    if verdict.allowed is False:
        return _answer(
            "denied", bool(verdict.denied), [hit for hit in verdict.applied if not hit.statement.allows]
        )
    return _answer("depends", False, verdict.applied, depends_on(request, policies))


def _answer(decision: Decision, explicit: bool, applied: list[Applied], keys: tuple[str, ...] = ()) -> Answer:
    refs = tuple(
        StatementRef(
            hit.source, hit.policy.name, hit.statement.index, hit.statement.sid, hit.statement.effect
        )
        for hit in applied
    )
    return Answer(decision, explicit, keys, refs, decision)
