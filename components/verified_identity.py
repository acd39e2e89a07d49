"""A domain or an address that SES may send for, and the DNS records that make it so."""

from typing import Any, NotRequired, TypedDict

import pulumi
from pulumi_aws import route53, sesv2

from components import dns
from components.errors import refuse
from components.identities import below
from components.inputs import derive, resolved
from components.lookup import location
from components.naming import outputs
from lambda_src.errors import ConfigurationError

DNS_TTL = 300
"""Seconds: short, since the records change while a domain is being moved to SES."""


class VerifiedIdentityArgs(TypedDict):
    identity: pulumi.Input[str]
    """The domain, such as `example.com`, or the address to verify. SES verifies an address by a mail to it;
    it needs no DNS records."""
    zone_id: NotRequired[pulumi.Input[str]]
    """The domain's hosted zone in Route 53, where the DNS records are made. Without it they are outputs
    only."""
    mail_from_domain: NotRequired[pulumi.Input[str]]
    """The custom MAIL FROM domain: a subdomain of the domain, used for nothing else. Default:
    `mail-from.{domain}`."""
    receiving: NotRequired[bool]
    """Whether mail for the domain comes to SES in this Region, which takes an MX record. Default: false."""
    subdomains: NotRequired[bool]
    """Whether mail for all its subdomains comes too. Default: false."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags for the identity."""


class VerifiedIdentity(pulumi.ComponentResource):
    """A domain with Easy DKIM and a custom MAIL FROM domain, or an address, that SES may send for."""

    arn: pulumi.Output[str]
    """The identity's ARN: what others name as BounceSenderArn or RecipientArn."""
    dns_records: pulumi.Output[list[dict[str, str]]]
    """Every DNS record the domain needs: objects of name, type, value and purpose."""

    def __init__(
        self, name: str, args: VerifiedIdentityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("ses-bounce:index:VerifiedIdentity", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        identity = sesv2.EmailIdentity(
            f"{name}-email", email_identity=args["identity"], tags=args.get("tags"), opts=child
        )
        records = {} if _is_address(args["identity"]) else self._domain_records(name, args, identity)
        if "zone_id" in args:
            for slug, record in records.items():
                route53.Record(
                    f"{name}-{slug}",
                    zone_id=args["zone_id"],
                    name=record["name"],
                    type=record["type"],
                    ttl=DNS_TTL,
                    records=[record["value"]],
                    opts=child,
                )
        self.arn = identity.arn
        self.dns_records = pulumi.Output.all(*records.values())
        self.register_outputs(outputs(self))

    def _domain_records(
        self, name: str, args: VerifiedIdentityArgs, identity: sesv2.EmailIdentity
    ) -> dict[str, dns.Record]:
        domain, region = args["identity"], location(self).region
        mail_from_domain = derive(_mail_from_domain, domain, args.get("mail_from_domain"))
        sesv2.EmailIdentityMailFromAttributes(
            f"{name}-mail-from",
            email_identity=identity.email_identity,
            mail_from_domain=mail_from_domain,
            behavior_on_mx_failure="USE_DEFAULT_VALUE",
            opts=pulumi.ResourceOptions(parent=self),
        )
        inbound = {}
        if args.get("receiving"):
            inbound = dns.receiving(domain, region, subdomains=args.get("subdomains", False))
        return {
            **inbound,
            **dns.dkim(domain, region, identity.dkim_signing_attributes.tokens),
            **dns.sending(domain, region, mail_from_domain),
        }


def _is_address(identity: Any) -> bool:
    """What is not known yet is taken for a domain."""
    return resolved(identity) and "@" in identity


def _mail_from_domain(domain: str, chosen: str | None) -> str:
    mail_from = chosen or f"mail-from.{domain}"
    if not below(domain, mail_from):
        refuse([ConfigurationError("mailFromDomain", mail_from, f"must be a subdomain of {domain}")])
    return mail_from
