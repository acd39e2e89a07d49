"""Identities: which one covers an address, Easy DKIM, custom MAIL FROM; v1 and v2 share them.

Without DNS there is nothing to wait for: an identity is verified as soon as it is created, and so are its
DKIM tokens and its MAIL FROM domain.
"""

import hashlib
from base64 import b32encode
from typing import Any

from moto.core.utils import iso_8601_datetime_with_milliseconds
from moto.ses.exceptions import InvalidParameterValue
from moto.ses.models import EmailIdentity, ses_backends
from moto.utilities.tagging_service import TaggingService

from offline.ses import inferred
from offline.ses.addresses import normalise, split, with_parents

DKIM_ZONE = "dkim.amazonses.com"


class Identities:
    """The part of the backend that keeps identities."""

    account_id: str
    region_name: str
    partition: str
    email_identities: dict[str, EmailIdentity]
    identity_mail_from_domains: dict[str, dict[str, Any]]
    tagger: TaggingService

    def identity_arn(self, identity: str) -> str:
        """The ARN under which policies and tags know an identity of this account and Region."""
        return f"arn:{self.partition}:ses:{self.region_name}:{self.account_id}:identity/{identity}"

    def covering_identity(self, address: str) -> EmailIdentity | None:
        """The identity by which the account may use an address: it, its domain, or a domain above.

        The most specific one counts (DG, "Verified identities": subdomains inherit from the parent domain).
        """
        address = normalise(address)
        return self.email_identities.get(address) or self.covering_domain(split(address)[1])

    def covering_domain(self, domain: str) -> EmailIdentity | None:
        """The verified domain that covers a domain: itself, or the nearest above it."""
        found = (self.email_identities.get(name) for name in with_parents(domain))
        return next(filter(None, found), None)

    def may_use(self, address: str, identity_arn: str | None) -> bool:
        """Whether the account can use an address: by an identity of its own, or by the one of an ARN.

        An ARN's identity must be verified by its account in this Region and cover the address; whether its
        policies authorise the caller is not decided here.
        """
        if identity_arn is None:
            return self.covering_identity(address) is not None
        _, _, _, region, owner, resource = identity_arn.split(":", 5)
        name = normalise(resource.removeprefix("identity/"))
        address = normalise(address)
        covers = name == address or name in with_parents(split(address)[1])
        return region == self.region_name and covers and name in ses_backends[owner][region].email_identities

    def find_identity(self, name: str) -> EmailIdentity:
        """The identity of a name or of an ARN of this account.

        Raises:
            InvalidParameterValue: If there is none.
        """
        found = self.email_identities.get(normalise(name.removeprefix(self.identity_arn(""))))
        if found is None:
            raise InvalidParameterValue(inferred.IDENTITY_UNKNOWN.format(identity=name))
        return found

    def _is_verified_address(self, source: str) -> bool:
        return self.covering_identity(source) is not None

    def verify_email_identity(self, address: str) -> None:
        """Create an address identity, unless it exists."""
        self._create_unless_known(address)

    def verify_email_address(self, address: str) -> None:
        """The older name of the same."""
        self._create_unless_known(address)

    def verify_domain(self, domain: str) -> None:
        """Create a domain identity, unless it exists."""
        self._create_unless_known(domain)

    def _create_unless_known(self, name: str) -> None:
        if normalise(name) not in self.email_identities:
            self.create_email_identity_v2(name, None, None, None)

    def create_email_identity_v2(
        self,
        email_identity: str,
        tags: list[dict[str, str]] | None,
        dkim_signing_attributes: dict[str, str] | None,
        configuration_set_name: str | None,
    ) -> EmailIdentity:
        """Create an identity, or replace it."""
        name = normalise(email_identity)
        identity = EmailIdentity(name, None, dkim_signing_attributes, configuration_set_name)
        identity.verified_for_sending_status = True
        identity.feedback_forwarding_status = True
        self.email_identities[name] = identity
        if identity.identity_type == "DOMAIN":
            self.sign_with_dkim(identity, dkim_signing_attributes or {})
        if tags:
            self.tagger.tag_resource(self.identity_arn(name), tags)
        return identity

    def delete_identity(self, identity: str) -> None:
        """Forget an identity with its policies, tags and MAIL FROM; unknown ones are no error."""
        name = normalise(identity)
        self.email_identities.pop(name, None)
        self.identity_mail_from_domains.pop(name, None)
        self.tagger.delete_all_tags_for_resource(self.identity_arn(name))

    def sign_with_dkim(self, identity: EmailIdentity, attributes: dict[str, str]) -> None:
        """Set up DKIM: with the caller's own key when the attributes name a selector, else Easy DKIM."""
        selector = attributes.get("DomainSigningSelector")
        length = attributes.get("NextSigningKeyLength", "RSA_2048_BIT")
        identity.dkim_attributes = {
            "SigningEnabled": True,
            "Status": "SUCCESS",
            "Tokens": [selector] if selector else self._easy_dkim_tokens(identity.email_identity, length),
            "SigningAttributesOrigin": "EXTERNAL" if selector else "AWS_SES",
        }
        if not selector:
            identity.dkim_attributes |= {
                "SigningHostedZone": DKIM_ZONE,
                "NextSigningKeyLength": length,
                "CurrentSigningKeyLength": length,
                "LastKeyGenerationTimestamp": iso_8601_datetime_with_milliseconds(),
            }

    def _easy_dkim_tokens(self, domain: str, length: str) -> list[str]:
        seeds = (f"{self.identity_arn(domain)}/{length}/{number}" for number in range(3))
        digests = (hashlib.sha256(seed.encode()).digest() for seed in seeds)
        return [b32encode(digest).decode().lower()[:32] for digest in digests]

    def dkim_attributes_of(self, identity: EmailIdentity) -> dict[str, Any]:
        """An identity's DKIM attributes; an address inherits its domain's (observed on AWS)."""
        domain = self.covering_domain(identity.email_identity.rpartition("@")[2])
        return dict((domain or identity).dkim_attributes)

    def get_identity_dkim_attributes(self, identities: list[str]) -> dict[str, dict[str, Any]]:
        """The v1 form of the DKIM attributes; unknown identities are not started."""
        found = {}
        for name in identities:
            identity = self.email_identities.get(normalise(name))
            if identity is None:
                found[name] = {"DkimEnabled": False, "DkimVerificationStatus": "NotStarted"}
                continue
            attributes = self.dkim_attributes_of(identity)
            found[name] = {
                "DkimEnabled": attributes["SigningEnabled"],
                "DkimVerificationStatus": "Success" if attributes["Status"] == "SUCCESS" else "NotStarted",
                "DkimTokens": attributes.get("Tokens", []),
            }
        return found

    def set_identity_mail_from_domain(
        self, identity: str, mail_from_domain: str | None = None, behavior_on_mx_failure: str | None = None
    ) -> None:
        """Set an identity's custom MAIL FROM domain; without a domain, go back to amazonses.com."""
        name = self.find_identity(identity).email_identity
        if not mail_from_domain:
            self.identity_mail_from_domains.pop(name, None)
            return
        domain = name.rpartition("@")[2]
        if domain not in tuple(with_parents(normalise(mail_from_domain)))[1:]:
            raise InvalidParameterValue(
                f"Provided MAIL-FROM domain '{mail_from_domain}' is not subdomain of the domain of the "
                f"identity '{domain}'."
            )
        self.identity_mail_from_domains[name] = {
            "mail_from_domain": mail_from_domain,
            "behavior_on_mx_failure": behavior_on_mx_failure or "UseDefaultValue",
        }
