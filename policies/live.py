"""Read the policies that apply to a request from live accounts, through clients that the caller passes in.

Session policies and organization policies cannot be read from the member account, so they are not.
"""

from collections.abc import Iterator
from typing import Any

from policies.evaluation import Kind, Policy, PolicySet, Principal, compile_policy

_ENTITIES = {Kind.USER: "user", Kind.ROLE: "role", Kind.SESSION: "role"}


def caller_policies(iam: Any, principal: Principal) -> PolicySet:
    """The identity-based policies and the permissions boundary of a user (with its groups) or role.

    Args:
        iam: A boto3 client of IAM in the principal's account.
        principal: Who asks; others than users, roles and sessions have no such policies.

    Raises:
        PolicyError: One of the policies cannot be decided.
        botocore.exceptions.ClientError: IAM refused to show it.
    """
    kind = _ENTITIES.get(principal.kind)
    if kind is None:
        return PolicySet()
    name = principal.role or principal.name.rpartition("/")[2]
    documents = [*_inline(iam, kind, name), *_attached(iam, kind, name)]
    if kind == "user":
        for group in _pages(iam, "list_groups_for_user", "Groups", UserName=name):
            documents += [
                *_inline(iam, "group", group["GroupName"]),
                *_attached(iam, "group", group["GroupName"]),
            ]
    entity = iam.get_user(UserName=name)["User"] if kind == "user" else iam.get_role(RoleName=name)["Role"]
    boundary = entity.get("PermissionsBoundary")
    limits = (_managed(iam, boundary["PermissionsBoundaryArn"]),) if boundary else ()
    return PolicySet(identity=tuple(documents), boundaries=limits)


def identity_policies(sesv2: Any, identity_arn: str) -> tuple[Policy, ...]:
    """The sending authorization policies of an SES identity.

    Args:
        sesv2: A boto3 client of SES (v2) in the owner's account and the identity's Region.
        identity_arn: The identity's ARN.

    Raises:
        PolicyError: One of the policies cannot be decided.
        botocore.exceptions.ClientError: SES refused to show it.
    """
    _, _, identity = identity_arn.partition(":identity/")
    found = sesv2.get_email_identity(EmailIdentity=identity).get("Policies", {})
    return tuple(compile_policy(document, name=name) for name, document in sorted(found.items()))


def _inline(iam: Any, kind: str, name: str) -> Iterator[Policy]:
    owner = {f"{kind.capitalize()}Name": name}
    for policy in _pages(iam, f"list_{kind}_policies", "PolicyNames", **owner):
        document = getattr(iam, f"get_{kind}_policy")(PolicyName=policy, **owner)["PolicyDocument"]
        yield compile_policy(document, name=policy)


def _attached(iam: Any, kind: str, name: str) -> Iterator[Policy]:
    owner = {f"{kind.capitalize()}Name": name}
    for policy in _pages(iam, f"list_attached_{kind}_policies", "AttachedPolicies", **owner):
        yield _managed(iam, policy["PolicyArn"])


def _managed(iam: Any, arn: str) -> Policy:
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    return compile_policy(document, name=arn)


def _pages(iam: Any, operation: str, result: str, **arguments: str) -> Iterator[Any]:
    for page in iam.get_paginator(operation).paginate(**arguments):
        yield from page[result]
