"""Sending authorization policies of identities: v1 and v2 share them.

DG, "Amazon SES policy anatomy" and "Quotas": at most 20 policies an identity, 4 KB each, names of at most 64
letters, digits, `-` and `_`, at least one statement, exactly one Resource and that the identity's own ARN.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from moto.ses.exceptions import InvalidParameterValue

from offline.ses import inferred
from offline.ses.exceptions import InvalidPolicyError, TooManyPoliciesError
from offline.ses.identities import Identities
from policies.evaluation import PolicyError, compile_policy

MAX_POLICIES = 20
MAX_BYTES = 4096
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_NAME_RULE = (
    "PolicyName is invalid. Policy names must only include alpha-numeric characters, dashes, and underscores."
)


class IdentityPolicies(Identities):
    """The part of the backend that keeps sending authorization policies."""

    def put_identity_policy(self, identity: str, policy_name: str, policy: str) -> None:
        """Attach a policy to an identity, or replace the one of that name.

        Args:
            identity: The identity's name or ARN.
            policy_name: The policy's name.
            policy: The policy's JSON; stored without insignificant white space, as AWS does.

        Raises:
            InvalidParameterValue: For an unknown identity or a name that SES does not take.
            InvalidPolicyError: For a document that SES does not take.
            TooManyPoliciesError: For the 21st policy.
        """
        owner = self.find_identity(identity)
        if not _NAME.fullmatch(policy_name):
            raise InvalidParameterValue(_NAME_RULE)
        parsed = parse(policy, self.identity_arn(owner.email_identity))
        if policy_name not in owner.policies and len(owner.policies) >= MAX_POLICIES:
            raise TooManyPoliciesError(owner.email_identity)
        owner.policies[policy_name] = json.dumps(parsed, separators=(",", ":"), ensure_ascii=False)

    def get_identity_policies(self, identity: str, policy_names: list[str]) -> dict[str, str]:
        """The policies of the given names; those that do not exist are left out."""
        policies = self.find_identity(identity).policies
        return {name: policies[name] for name in policy_names if name in policies}

    def list_identity_policies(self, identity: str) -> list[str]:
        """The names of an identity's policies."""
        return sorted(self.find_identity(identity).policies)

    def delete_identity_policy(self, identity: str, policy_name: str) -> None:
        """Delete a policy; one that does not exist is no error."""
        self.find_identity(identity).policies.pop(policy_name, None)


def parse(document: str, identity_arn: str) -> dict[str, Any]:
    """The policy of a document, if SES would take it for the identity.

    Raises:
        InvalidPolicyError: Saying what SES would refuse.
    """
    if len(document.encode()) > MAX_BYTES:
        raise InvalidPolicyError(inferred.POLICY_TOO_LARGE)
    try:
        compile_policy(document)
    except PolicyError as error:
        raise InvalidPolicyError(str(error)) from error
    policy: dict[str, Any] = json.loads(document)
    for statement in _as_list(policy["Statement"]):
        for complaint in _complaints(statement, identity_arn):
            raise InvalidPolicyError(complaint)
    return policy


def _complaints(statement: Mapping[str, Any], identity_arn: str) -> Iterator[str]:
    if _as_list(statement.get("Resource")) != [identity_arn]:
        yield inferred.POLICY_RESOURCE.format(arn=identity_arn)
    if "Principal" not in statement and "NotPrincipal" not in statement:
        yield inferred.POLICY_PRINCIPAL
    for keys in statement.get("Condition", {}).values():
        for key in keys:
            if not key.startswith(("aws:", "ses:")):
                # Observed on AWS, which takes `aws:SourceAccount` and refuses `AWS:SourceAccount`.
                yield f"Unknown or unapplicable condition field '{key}'."


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
