"""AWS's evaluation logic, in three values.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from dataclasses import dataclass, field

from policies.evaluation.logic import Truth, both, either, negate
from policies.evaluation.organizations import RCP_SERVICES
from policies.evaluation.policy_set import PolicySet, Rule
from policies.evaluation.principal_elements import Reach
from policies.evaluation.principals import Kind
from policies.evaluation.request import Request
from policies.evaluation.templates import Lookup


@dataclass(slots=True)
class Verdict:
    """The outcome of one evaluation.

    Attributes:
        granted: Whether every policy that must allow does.
        denied: Whether a Deny statement applies.
        applied: The statements that apply (True), or may apply (None).
    """

    granted: Truth = False
    denied: Truth = False
    applied: list[tuple[Rule, Truth]] = field(default_factory=list)

    @property
    def allowed(self) -> Truth:
        """Granted, and nothing denies."""
        return both(self.granted, negate(self.denied))


def judge(request: Request, policies: PolicySet, lookup: Lookup) -> Verdict:
    """Evaluate all policies; `lookup` gives the values of the request's condition keys."""
    verdict = Verdict()

    def grants(rules: tuple[Rule, ...]) -> tuple[Truth, Truth, Truth]:
        return scan(rules, request, lookup, verdict) if rules else (False, False, False)

    def allows(rules: tuple[Rule, ...]) -> Truth:
        return grants(rules)[-1]

    rules, principal = policies.rules, request.principal
    own = allows(rules["identity"][0])
    limits = both(
        allows(rules["boundary"][0]) if policies.boundaries else True,
        allows(rules["session"][0]) if policies.session else principal.kind is not Kind.FEDERATED_USER,
    )
    if principal.kind is Kind.ACCOUNT:  # the root user has full access on its account's side
        own = limits = True
    to_account, to_role, to_caller = grants(rules["resource"][0])
    if (
        principal.account is None
    ):  # a service, an identity provider or anybody: no account of theirs has a say
        verdict.granted = to_caller
    elif principal.account == request.owner:
        verdict.granted = either(to_caller, both(either(own, to_role), limits))
    else:
        verdict.granted = both(both(own, limits), either(to_caller, either(to_role, to_account)))
    for level in organization_levels(request, policies):
        verdict.granted = both(verdict.granted, allows(level))
    return verdict


def organization_levels(request: Request, policies: PolicySet) -> tuple[tuple[Rule, ...], ...]:
    """The levels of organization policies that limit this request; each must allow.

    SCPs limit users, roles and root users of member accounts; RCPs protect the resources of listed services;
    neither limits service-linked roles.
    """
    if not (policies.scps or policies.rcps) or request.principal.is_service_linked:
        return ()
    scps = policies.rules["scp"] if request.principal.account is not None else ()
    rcps = policies.rules["rcp"] if request.service in RCP_SERVICES else ()
    return scps + rcps


def scan(
    rules: tuple[Rule, ...], request: Request, lookup: Lookup, verdict: Verdict
) -> tuple[Truth, Truth, Truth]:
    """Note in the verdict what applies of the policies of one kind.

    Returns:
        Whether they allow the account, the role, the caller itself (see `Reach`).
    """
    allowed: list[Truth] = [False] * len(Reach)
    by_equality = rules[:1] and rules[0].ref.source == "resource" and request.is_ses_identity
    for rule in rules:
        statement = rule.statement
        if not statement.covers_action(request.action_name):
            continue
        reach = statement.reach(request.principal)
        if reach is Reach.NONE or (by_equality and not statement.is_about(request.resource)):
            continue
        truth = statement.applies(request.resource, lookup)
        if truth is False:
            continue
        verdict.applied.append((rule, truth))
        if statement.allows:
            allowed[reach] = either(allowed[reach], truth)
        else:
            verdict.denied = either(verdict.denied, truth)
    return allowed[Reach.ACCOUNT], allowed[Reach.ROLE], allowed[Reach.DIRECT]
