"""Whose access key signed a call, and which policies limit them: read from moto's IAM and STS.

An AWS service signs with its own name as access key (`lambda.amazonaws.com`). moto keeps no permissions
boundary of a user, and no managed policies passed to AssumeRole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import IAMBackend, iam_backends
from moto.sts.models import sts_backends

from offline.accounts import OPERATOR_ROLE


@dataclass(frozen=True)
class NamedPolicy:
    """A policy document as it was stored, and the name to call it by."""

    name: str
    document: str


@dataclass(frozen=True)
class Caller:
    """A principal and everything that its own account says about it; services and strangers have no account.

    A trusted caller is the operator of the offline cloud, whose calls are not decided: the account's
    administrators' role, its root user, or keys that no account issued.
    """

    arn: str
    account: str
    trusted: bool = False
    identity: tuple[NamedPolicy, ...] = ()
    boundaries: tuple[NamedPolicy, ...] = ()
    session: tuple[NamedPolicy, ...] = ()
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


ANONYMOUS = Caller(arn="*", account="")


class InvalidCredentialsError(Exception):
    """A temporary access key that this cloud never issued, or no longer knows."""


def find_caller(access_key: str | None) -> Caller:
    """The principal behind an access key; without a key it is anonymous. Raises InvalidCredentialsError."""
    if access_key is None:
        return ANONYMOUS
    if access_key.endswith(".amazonaws.com"):
        return Caller(access_key, account="")
    for account, partitions in list(iam_backends.items()):
        for partition, iam in list(partitions.items()):
            if key := iam.access_keys.get(access_key):
                if key.role_arn:
                    return _session(iam, sts_backends[account][partition], access_key)
                return _user(iam, key.user_name)
    if access_key.startswith("ASIA"):
        raise InvalidCredentialsError("The security token included in the request is invalid.")
    return Caller(f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:root", DEFAULT_ACCOUNT_ID, trusted=True)


def find_role(role_arn: str) -> Caller:
    """A role by itself: what its sessions may do at most. One that does not exist has no policies."""
    _, partition, _, _, account, _ = role_arn.split(":", 5)
    return _role(iam_backends[account][partition], role_arn, account)


def _session(iam: IAMBackend, sts: Any, access_key: str) -> Caller:
    session = sts.get_assumed_role_from_access_key(access_key)
    role = _role(iam, session.role_arn, session.account_id)
    return replace(
        role,
        arn=session.arn,
        session=(NamedPolicy("session policy", session.policy),) if session.policy else (),
        context={
            "aws:userid": (session.user_id,),
            "aws:MultiFactorAuthPresent": ("false",),
            **role.context,
        },
    )


def _role(iam: IAMBackend, role_arn: str, account: str) -> Caller:
    if role_arn.rpartition("/")[2] == OPERATOR_ROLE:
        return Caller(role_arn, account, trusted=True)
    role = next((role for role in list(iam.roles.values()) if role.arn == role_arn), None)
    if role is None:
        return Caller(role_arn, account)
    return Caller(
        role_arn,
        account,
        identity=_attached(role),
        boundaries=_boundary(iam, role),
        context={"aws:PrincipalArn": (role_arn,), **_principal_tags(role.tags)},
    )


def _user(iam: IAMBackend, name: str) -> Caller:
    user = iam.get_user(name)
    groups = [policy for group in iam.get_groups_for_user(name) for policy in _attached(group)]
    return Caller(
        user.arn,
        user.account_id,
        identity=(*_attached(user), *groups),
        context={"aws:userid": (user.id,), **_principal_tags(user.tags)},
    )


def _attached(owner: Any) -> tuple[NamedPolicy, ...]:
    """Inline and managed policies of a role, user or group."""
    inline = (NamedPolicy(name, document) for name, document in owner.policies.items())
    managed = (
        NamedPolicy(policy.name, _default_version(policy)) for policy in owner.managed_policies.values()
    )
    return (*inline, *managed)


def _boundary(iam: IAMBackend, role: Any) -> tuple[NamedPolicy, ...]:
    if not role.permissions_boundary_arn:
        return ()
    policy = iam.managed_policies[role.permissions_boundary_arn]
    return (NamedPolicy(policy.name, _default_version(policy)),)


def _default_version(policy: Any) -> str:
    return next(str(version.document) for version in policy.versions if version.is_default)


def _principal_tags(tags: Iterable[Mapping[str, str]] | None) -> dict[str, tuple[str, ...]]:
    return {f"aws:PrincipalTag/{tag['Key']}": (tag["Value"],) for tag in tags or ()}
