"""AWS's evaluation logic, in three values.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from dataclasses import dataclass, field
from typing import Literal

from policies.evaluation.logic import Truth, all_of, any_of, negate
from policies.evaluation.model import Policy, PolicySet, Request, Statement
from policies.evaluation.organizations import RCP_SERVICES
from policies.evaluation.principal_elements import Reach
from policies.evaluation.principals import Kind
from policies.evaluation.templates import Lookup

Source = Literal["identity", "resource", "boundary", "session", "scp", "rcp"]


@dataclass(frozen=True, slots=True)
class Applied:
    """A statement that applies to the request, or may apply."""

    source: Source
    policy: Policy
    statement: Statement
    truth: Truth


@dataclass(slots=True)
class Hits:
    """What the policies of one kind say about a request.

    Attributes:
        denied: Whether one of their Deny statements applies.
        allowed: Whether an Allow statement applies, by how directly it names the principal.
        applied: The statements that apply or may apply.
    """

    denied: Truth = False
    allowed: dict[Reach, Truth] = field(default_factory=dict)
    applied: list[Applied] = field(default_factory=list)

    def allows(self, least: Reach = Reach.ACCOUNT) -> Truth:
        """Whether an Allow statement applies that names the principal at least so directly."""
        return any_of(truth for reach, truth in self.allowed.items() if reach >= least)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one evaluation.

    Attributes:
        granted: Whether every policy that must allow does.
        denied: Whether a Deny statement applies.
        applied: The statements that apply or may apply.
    """

    granted: Truth
    denied: Truth
    applied: list[Applied]

    @property
    def allowed(self) -> Truth:
        """Granted, and nothing denies."""
        return all_of((self.granted, negate(self.denied)))


def judge(request: Request, policies: PolicySet, lookup: Lookup) -> Verdict:
    """Evaluate all policies; `lookup` gives the values of the request's condition keys."""

    def scan(source: Source, group: tuple[Policy, ...]) -> Hits:
        return _scan(source, group, request, lookup)

    identity = scan("identity", policies.identity)
    resource = scan("resource", policies.resource)
    boundary = scan("boundary", policies.boundaries)
    session = scan("session", policies.session)
    levels = [scan("scp", level) for level in policies.scps] if limited_by_scps(request) else []
    levels += [scan("rcp", level) for level in policies.rcps] if limited_by_rcps(request) else []
    limits = (
        boundary.allows() if policies.boundaries else True,
        session.allows() if policies.session else request.principal.kind is not Kind.FEDERATED_USER,
    )
    permitted = _permitted(request, identity, resource, all_of(limits))
    everything = (identity, resource, boundary, session, *levels)
    return Verdict(
        granted=all_of((permitted, *(level.allows() for level in levels))),
        denied=any_of(hits.denied for hits in everything),
        applied=[applied for hits in everything for applied in hits.applied],
    )


def limited_by_scps(request: Request) -> bool:
    """Whether service control policies limit the caller: users, roles and root users of member accounts."""
    return request.principal.account is not None and not request.principal.is_service_linked


def limited_by_rcps(request: Request) -> bool:
    """Whether resource control policies protect the resource: only for the services that AWS lists."""
    return request.service in RCP_SERVICES and not request.principal.is_service_linked


def _permitted(request: Request, identity: Hits, resource: Hits, limits: Truth) -> Truth:
    """Whether the caller's and the owner's policies together allow, before organization policies."""
    principal = request.principal
    if principal.account is None:
        return resource.allows()
    if principal.kind is Kind.ACCOUNT:
        own: Truth = True  # the root user has full access on its own account's side
        limits = True
    else:
        own = identity.allows()
    if request.owner != principal.account:
        return all_of((own, limits, resource.allows()))
    return any_of(
        (resource.allows(Reach.DIRECT), all_of((any_of((own, resource.allows(Reach.ROLE))), limits)))
    )


def _scan(source: Source, group: tuple[Policy, ...], request: Request, lookup: Lookup) -> Hits:
    hits = Hits()
    by_equality = source == "resource" and request.is_ses_identity
    for policy in group:
        for statement in policy.statements:
            if not statement.covers_action(request.action_name):
                continue
            reach = statement.reach(request.principal)
            if reach is Reach.NONE or (by_equality and not statement.equals_resource(request.resource)):
                continue
            truth = statement.applies(request.resource, lookup)
            if truth is False:
                continue
            hits.applied.append(Applied(source, policy, statement, truth))
            if not statement.allows:
                hits.denied = any_of((hits.denied, truth))
            else:
                hits.allowed[reach] = any_of((hits.allowed.get(reach, False), truth))
    return hits
