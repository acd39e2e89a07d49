"""moto's SES v2 backend, completed: identities as AWS reports them, their policies, the account."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.ses.exceptions import InvalidParameterValue
from moto.ses.models import EmailIdentity
from moto.sesv2.models import SESV2Backend as MotoSESV2Backend

from offline.ses.addresses import normalise
from offline.ses.exceptions import (
    InvalidPolicyError,
    TooManyPoliciesError,
    V2AlreadyExistsError,
    V2BadRequestError,
    V2LimitExceededError,
    V2NotFoundError,
)
from offline.ses.models import SESBackend

_MX_FAILURE = {"UseDefaultValue": "USE_DEFAULT_VALUE", "RejectMessage": "REJECT_MESSAGE"}
_MX_FAILURE_V1 = {v2: v1 for v1, v2 in _MX_FAILURE.items()}


class SESV2Backend(MotoSESV2Backend):  # type: ignore[misc]  # moto has no types here
    """SES v2 of one account in one Region. The texts of errors were observed on AWS."""

    core_backend: SESBackend

    def create_email_identity(
        self,
        email_identity: str,
        tags: list[dict[str, str]] | None,
        dkim_signing_attributes: dict[str, str] | None,
        configuration_set_name: str | None,
    ) -> EmailIdentity:
        """Create an identity, verified at once."""
        if normalise(email_identity) in self.core_backend.email_identities:
            raise V2AlreadyExistsError(f"Email identity {email_identity} already exist.")
        return self.core_backend.create_email_identity_v2(
            email_identity, tags, dkim_signing_attributes, configuration_set_name
        )

    def get_email_identity(self, email_identity: str) -> EmailIdentity:
        """The identity of a name."""
        return self._identity(email_identity, f"Identity {email_identity} does not exist.")

    def delete_email_identity(self, email_identity: str) -> None:
        """Delete an identity with all that belongs to it."""
        self._identity(email_identity, f"Email identity {email_identity} does not exist.")
        self.core_backend.delete_identity(email_identity)

    def describe_email_identity(self, email_identity: str) -> dict[str, Any]:
        """An identity as GetEmailIdentity reports it."""
        identity = self.get_email_identity(email_identity)
        tags = self.core_backend.tagger.list_tags_for_resource(
            self.core_backend.identity_arn(identity.email_identity)
        )
        described: dict[str, Any] = identity.get_response_object
        return described | {
            "DkimAttributes": self.core_backend.dkim_attributes_of(identity),
            "MailFromAttributes": self._mail_from(identity.email_identity),
            "Tags": tags["Tags"],
        }

    def put_mail_from(self, email_identity: str, domain: str | None, behavior: str | None) -> None:
        """Set or clear the custom MAIL FROM domain."""
        with _as_bad_request():
            self.core_backend.set_identity_mail_from_domain(
                email_identity, domain, _MX_FAILURE_V1.get(behavior or "USE_DEFAULT_VALUE")
            )

    def put_dkim_signing(
        self, email_identity: str, origin: str, attributes: dict[str, str]
    ) -> dict[str, Any]:
        """Choose how a domain is signed; returns what PutEmailIdentityDkimSigningAttributes answers."""
        if "@" in email_identity:
            raise V2BadRequestError("The EmailIdentity value must be a valid domain.")
        identity = self._identity(email_identity, f"Email identity {email_identity} does not exist.")
        easy = {name: value for name, value in attributes.items() if name == "NextSigningKeyLength"}
        self.core_backend.sign_with_dkim(identity, attributes if origin == "EXTERNAL" else easy)
        signed = identity.dkim_attributes
        answer = {"DkimStatus": signed["Status"], "DkimTokens": signed["Tokens"]}
        zone = {"SigningHostedZone": signed["SigningHostedZone"]} if origin == "AWS_SES" else {}
        return answer | zone

    def put_dkim(self, email_identity: str, signing_enabled: bool) -> None:
        """Switch a domain's DKIM signing on or off; an address has none of its own to switch."""
        identity = self.core_backend.covering_identity(email_identity)
        if identity is None:
            domain = email_identity.rpartition("@")[2]
            raise V2BadRequestError(f"Domain {domain} is not verified for DKIM signing.")
        if "@" not in email_identity:
            identity.dkim_attributes["SigningEnabled"] = signing_enabled

    def create_email_identity_policy(self, email_identity: str, policy_name: str, policy: str) -> None:
        """Attach a policy under a new name."""
        if policy_name in self._owner(email_identity).policies:
            raise V2AlreadyExistsError(f"Policy <{policy_name}> already exists")
        with _as_bad_request():
            self.core_backend.put_identity_policy(email_identity, policy_name, policy)

    def update_email_identity_policy(self, email_identity: str, policy_name: str, policy: str) -> None:
        """Replace a policy."""
        self._policy(email_identity, policy_name)
        with _as_bad_request():
            self.core_backend.put_identity_policy(email_identity, policy_name, policy)

    def delete_email_identity_policy(self, email_identity: str, policy_name: str) -> None:
        """Delete a policy."""
        self._policy(email_identity, policy_name)
        self.core_backend.delete_identity_policy(email_identity, policy_name)

    def get_email_identity_policies(self, email_identity: str) -> dict[str, str]:
        """An identity's policies by name."""
        return dict(self._owner(email_identity).policies)

    def _owner(self, email_identity: str) -> EmailIdentity:
        return self._identity(email_identity, f"Email identity <{email_identity}> does not exist.")

    def _policy(self, email_identity: str, policy_name: str) -> str:
        policies: dict[str, str] = self._owner(email_identity).policies
        if policy_name not in policies:
            raise V2NotFoundError(f"Policy <{policy_name}> does not exist")
        return policies[policy_name]

    def _identity(self, name: str, complaint: str) -> EmailIdentity:
        found = self.core_backend.email_identities.get(normalise(name))
        if found is None:
            raise V2NotFoundError(complaint)
        return found

    def _mail_from(self, identity: str) -> dict[str, str]:
        """AWS leaves out domain and status while there is no custom MAIL FROM."""
        custom = self.core_backend.identity_mail_from_domains.get(identity)
        if custom is None:
            return {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"}
        return {
            "MailFromDomain": custom["mail_from_domain"],
            "MailFromDomainStatus": "SUCCESS",
            "BehaviorOnMxFailure": _MX_FAILURE[custom["behavior_on_mx_failure"]],
        }


@contextmanager
def _as_bad_request() -> Iterator[None]:
    """v2 answers v1's refusals under its own codes, with the same texts."""
    try:
        yield
    except TooManyPoliciesError as error:
        raise V2LimitExceededError(error.message) from error
    except (InvalidParameterValue, InvalidPolicyError) as error:
        raise V2BadRequestError(error.message) from error
