"""The decision on one call: its requirements against the caller's policies and those of the resources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Literal

from moto.utilities.utils import get_partition

from offline.authorization import denials
from offline.authorization.callers import Caller, NamedPolicy
from offline.authorization.context import request_context, service_context
from offline.authorization.requirements import Requirement, UnknownOperationError, action_name, requirements
from offline.authorization.resource_policies import owner_of, resource_policies
from offline.authorization.resources import Scope
from offline.authorization.wire import ApiCall, AwsError, MalformedRequestError
from policies.evaluation import (
    Answer,
    Policy,
    PolicyError,
    PolicySet,
    Request,
    compile_policy,
    decide,
    parse_principal,
)

Decision = Literal["allowed", "denied", "trusted operator", "fault"]


@dataclass(frozen=True)
class Verdict:
    """The decision on a call, on which resource it turned, and for a denial the error to answer."""

    decision: Decision
    reason: str
    resource: str = "*"
    error: AwsError | None = None


_NEEDS_NO_PERMISSION = {("sts", "GetCallerIdentity"), ("sts", "GetSessionToken")}
_RESOURCE_POLICY_MUST_ALLOW = {"kms", "sts"}
"""Services where the caller's own policies never suffice: key policies and trust policies must allow too."""
_EVERYTHING = compile_policy(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)
_SOMEWHERE_ELSE = "000000000000"


def decide_call(call: ApiCall, caller: Caller, now: datetime) -> Verdict:
    """Whether the caller may make the call, by the policies that moto holds at the moment."""
    if caller.trusted:
        return Verdict("trusted operator", "the operator of the offline cloud is not restricted")
    if (call.service, call.operation) in _NEEDS_NO_PERMISSION:
        return Verdict("allowed", "this operation needs no permission")
    try:
        verdicts = [_decide(call, caller, *each) for each in _requests(call, caller, now)]
    except (UnknownOperationError, MalformedRequestError, PolicyError) as error:
        unknown = Requirement(action_name(call.service, call.operation), "*")
        return _denied(call, caller, unknown, f"because {error}")
    return next((verdict for verdict in verdicts if verdict.decision == "denied"), verdicts[0])


def may(caller: Caller, requirement: Requirement, region: str) -> bool:
    """Whether there are calls in which the caller's and the resource's policies allow this."""
    if caller.trusted:
        return True
    request = Request(
        principal=parse_principal(caller.arn),
        action=requirement.action,
        resource=requirement.resource,
        resource_account=owner_of(requirement.resource),
        context=caller.context,
        complete=False,
    )
    return decide(request, _policies(caller, requirement, region)).decision != "denied"


def _requests(call: ApiCall, caller: Caller, now: datetime) -> Iterator[tuple[Requirement, Request]]:
    if call.model is None:
        raise UnknownOperationError(f"the offline cloud knows no such operation of {call.service}")
    parameters = call.parameters()
    scope = Scope(get_partition(call.region), call.region, caller.account)
    context = {**request_context(call, caller, now), **service_context(call, parameters)}
    for requirement in requirements(call.service, call.operation, parameters, scope):
        yield (
            requirement,
            Request(
                principal=parse_principal(caller.arn),
                action=requirement.action,
                resource=requirement.resource,
                resource_account=owner_of(requirement.resource),
                context=context,
                complete=False,
            ),
        )


def _decide(call: ApiCall, caller: Caller, requirement: Requirement, request: Request) -> Verdict:
    policies = _policies(caller, requirement, call.region)
    answer = decide(request, policies)
    if answer.decision != "allowed":
        return _denied(call, caller, requirement, _why(answer, request, policies))
    if request.service in _RESOURCE_POLICY_MUST_ALLOW and not _resource_policy_allows(request, policies):
        return _denied(call, caller, requirement, denials.not_allowed_by("resource", request.action))
    return Verdict("allowed", answer.reason, requirement.resource)


def _policies(caller: Caller, requirement: Requirement, region: str) -> PolicySet:
    return PolicySet(
        identity=_compiled(caller.identity),
        resource=_compiled(resource_policies(requirement.action, requirement.resource, region)),
        boundaries=_compiled(caller.boundaries),
        session=_compiled(caller.session),
    )


def _denied(call: ApiCall, caller: Caller, requirement: Requirement, why: str) -> Verdict:
    error = denials.access_denied(call.service, caller.arn, requirement, why)
    return Verdict("denied", why, requirement.resource, error)


def _why(answer: Answer, request: Request, policies: PolicySet) -> str:
    """The policy type that decided, as AWS's messages name it: each limit is asked by itself."""
    if answer.depends_on:
        return f"because it depends on {', '.join(answer.depends_on)}, which the offline cloud does not know"
    if answer.explicit_deny:
        denying = next(statement for statement in answer.statements if statement.effect == "Deny")
        return denials.denied_by(denying.source, request.action)
    own = replace(request, resource_account=request.principal.account)
    limits = [("boundary", policies.boundaries), ("session", policies.session)]
    sides = [(source, limit) for source, limit in limits if limit]
    if request.principal.account:
        sides = [("identity", policies.identity), *sides]
    for source, side in sides:
        if decide(own, PolicySet(identity=side)).decision != "allowed":
            return denials.not_allowed_by(source, request.action)
    return denials.not_allowed_by("resource", request.action)


def _resource_policy_allows(request: Request, policies: PolicySet) -> bool:
    """Whether the resource's policy lets the caller in, directly or through the caller's account.

    Seen from another account both sides must allow, so with a side that allows everything the other decides.
    """
    elsewhere = replace(request, resource_account=_SOMEWHERE_ELSE)
    both = PolicySet(identity=(_EVERYTHING,), resource=policies.resource)
    return decide(elsewhere, both).decision == "allowed"


def _compiled(policies: Iterable[NamedPolicy]) -> tuple[Policy, ...]:
    return tuple(_compile(policy) for policy in policies)


@lru_cache(maxsize=1024)
def _compile(policy: NamedPolicy) -> Policy:
    return compile_policy(policy.document, name=policy.name)
