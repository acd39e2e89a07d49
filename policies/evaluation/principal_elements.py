"""Whom a Principal or NotPrincipal element names.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from policies.evaluation.principals import Kind, Principal, parse_principal

EVERYONE = "*"
_UNIQUE_ID = re.compile(r"A(?:IDA|ROA|GPA|KIA|SIA)[A-Z0-9]{8,}")
PRINCIPAL_TYPES = {
    "AWS": frozenset({Kind.ACCOUNT, Kind.USER, Kind.ROLE, Kind.SESSION, Kind.FEDERATED_USER}),
    "Service": frozenset({Kind.SERVICE, Kind.IDENTITY_PROVIDER}),
    "Federated": frozenset({Kind.IDENTITY_PROVIDER, Kind.SERVICE}),
    "CanonicalUser": frozenset(),
}
"""The types of principals, each with what it may name; web identity providers look like services."""


class Reach(IntEnum):
    """How directly a Principal element names the one who asks."""

    NONE = 0
    ACCOUNT = 1
    """Only its account: the account decides on its side who of it may."""
    ROLE = 2
    """Its role: boundaries and session policies still limit the session."""
    DIRECT = 3
    """The very caller, or everyone: in the same account no implicit denial elsewhere counts."""


@dataclass(frozen=True)
class PrincipalElement:
    """A compiled Principal or NotPrincipal.

    Attributes:
        everyone: Whether it holds `*`, or `{"AWS": "*"}`, which is the same.
        accounts: Account IDs, written as ID or as the root user's ARN.
        roles: Account and friendly name of roles: a role's ARN also names its sessions.
        names: Users, sessions, federated users, services and identity providers, each exactly.
        deleted: Unique IDs, which AWS shows once the user or role is gone; they name nobody.
    """

    everyone: bool = False
    accounts: frozenset[str] = frozenset()
    roles: frozenset[tuple[str, str]] = frozenset()
    names: frozenset[str] = frozenset()
    deleted: frozenset[str] = frozenset()

    def reach(self, principal: Principal) -> Reach:
        """How directly a Principal element names this principal."""
        if self.everyone or principal.name in self.names:
            return Reach.DIRECT
        if principal.account is None:
            return Reach.NONE
        if self.roles and principal.role and (principal.account, principal.role) in self.roles:
            return Reach.ROLE
        if principal.account in self.accounts:
            return Reach.DIRECT if principal.kind is Kind.ACCOUNT else Reach.ACCOUNT
        return Reach.NONE

    def exempts(self, principal: Principal) -> bool:
        """Whether a Deny with NotPrincipal spares this principal.

        AWS lists the account beside each principal to be spared, without sparing the account's other
        principals: an account stands for all of them only where none of them is named.
        """
        reach = self.reach(principal)
        if reach is Reach.ACCOUNT:
            members = {account for account, _ in self.roles} | {_account_of(name) for name in self.names}
            return principal.account not in members
        return reach is not Reach.NONE


def parse_entry(kind: str, text: str) -> PrincipalElement:
    """Compile one entry of a Principal element: its type (`AWS`, `Service`, `Federated`) and a text.

    Raises:
        ValueError: A text that names no principal of its type.
    """
    if kind == "CanonicalUser":
        raise ValueError(
            "only S3 knows canonical users, and which account one stands for cannot be decided here"
        )
    if text == EVERYONE and kind != "Service":
        return PrincipalElement(everyone=True)
    if "*" in text or "?" in text:
        raise ValueError(f"{text!r}: a wildcard cannot match part of a principal")
    if kind == "AWS" and _UNIQUE_ID.fullmatch(text):
        return PrincipalElement(deleted=frozenset({text}))
    principal = parse_principal(text)
    if principal.kind not in PRINCIPAL_TYPES[kind]:
        raise ValueError(f"{text!r} is no principal of the type {kind}")
    if principal.kind is Kind.ACCOUNT and principal.account:
        return PrincipalElement(accounts=frozenset({principal.account}))
    if principal.kind is Kind.ROLE and principal.account and principal.role:
        return PrincipalElement(roles=frozenset({(principal.account, principal.role)}))
    return PrincipalElement(names=frozenset({text}))


def combine(elements: Iterable[PrincipalElement]) -> PrincipalElement:
    """One element that names all whom any of these names."""
    parts = tuple(elements)
    return PrincipalElement(
        everyone=any(part.everyone for part in parts),
        accounts=frozenset().union(*(part.accounts for part in parts)),
        roles=frozenset().union(*(part.roles for part in parts)),
        names=frozenset().union(*(part.names for part in parts)),
        deleted=frozenset().union(*(part.deleted for part in parts)),
    )


def _account_of(name: str) -> str:
    parts = name.split(":")
    return parts[4] if len(parts) > 5 else ""
