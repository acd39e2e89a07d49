"""What policies of one kind say about a request by themselves, ordered from the narrowest to the widest."""

from enum import IntEnum

from policies.evaluation.logic import either
from policies.evaluation.policy_set import PolicySet, Rule
from policies.evaluation.principals import Kind
from policies.evaluation.request import Request
from policies.evaluation.statements import Policy
from policies.evaluation.verdict import Verdict, scan


class Effect(IntEnum):
    """From the narrowest to the widest."""

    DENIES = 0
    SILENT = 1
    ALLOWS_ROLE = 2
    """In its own account: not past the role's boundary or the session's policy."""
    ALLOWS = 3


def rules_of(policies: tuple[Policy, ...], *, resource_based: bool) -> tuple[Rule, ...]:
    """The statements of policies that all are identity-based or all resource-based.

    Raises:
        PolicyError: They are not.
    """
    together = PolicySet(resource=policies) if resource_based else PolicySet(identity=policies)
    return together.rules["resource" if resource_based else "identity"][0]


def effect(rules: tuple[Rule, ...], request: Request) -> tuple[Effect | None, Verdict]:
    """What the statements say, None while that depends on unknown keys; and which apply or may apply."""
    verdict = Verdict()
    to_account, to_role, to_caller = scan(rules, request, request.lookup, verdict)
    if verdict.denied is not False:
        return (Effect.DENIES if verdict.denied else None), verdict
    if request.owner == request.principal.account:
        # Within the account, naming the account alone adds nothing, nor does anything for its root user.
        root = request.principal.kind is Kind.ACCOUNT
        outcomes = [] if root else [(to_caller, Effect.ALLOWS), (to_role, Effect.ALLOWS_ROLE)]
    else:
        outcomes = [(either(to_caller, either(to_role, to_account)), Effect.ALLOWS)]
    for truth, outcome in outcomes:
        if truth is not False:
            return (outcome if truth else None), verdict
    return Effect.SILENT, verdict
