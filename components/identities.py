"""SES identities and their ARNs: `arn:aws:ses:REGION:ACCOUNT:identity/DOMAIN-OR-ADDRESS`."""

import re
from dataclasses import dataclass

_ARN = re.compile(
    r"arn:aws:ses:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):identity/(?P<identity>[^/*?\s]+)"
)


@dataclass(frozen=True)
class IdentityArn:
    """Where an identity is verified, and which."""

    region: str
    account: str
    identity: str

    def __str__(self) -> str:
        return f"arn:aws:ses:{self.region}:{self.account}:identity/{self.identity}"


def parse(arn: str) -> IdentityArn | None:
    """The ARN's parts, or None when it is no identity's ARN."""
    match = _ARN.fullmatch(arn)
    return IdentityArn(**match.groupdict()) if match else None


def covers(identity: str, subject: str) -> bool:
    """Whether `identity` may stand for `subject`, an address or a domain.

    A verified domain covers its addresses and all subdomains; a verified address only itself:
    https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
    """
    if "@" in identity:
        return identity.lower() == subject.lower()
    return f".{domain_of(subject)}".endswith(f".{identity.lower()}")


def below(domain: str, other: str) -> bool:
    """Whether `other` is a subdomain of `domain`."""
    return other.lower().endswith(f".{domain.lower()}")


def domain_of(subject: str) -> str:
    """The domain of an address; a domain is its own."""
    return subject.rpartition("@")[2].lower()
