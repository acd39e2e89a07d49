"""Email addresses as SES compares them: local parts exactly, domains as A-labels in lower case."""

from collections.abc import Iterator
from email.utils import parseaddr


def split(address: str) -> tuple[str, str]:
    """Local part and normalised domain of an address; the domain is empty without an `@`."""
    local, _, domain = address.rpartition("@")
    return (local, a_label(domain)) if local else (domain, "")


def normalise(address: str) -> str:
    """The address, or the domain, with its domain normalised; a display name is dropped."""
    if "@" not in address:
        return a_label(address)
    local, domain = split(parseaddr(address)[1] or address)
    return f"{local}@{domain}"


def a_label(domain: str) -> str:
    """The domain in lower case, internationalised labels in their ASCII form (RFC 5890)."""
    domain = domain.strip().rstrip(".").lower()
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain  # not a host name at all: compared as it is


def with_parents(domain: str) -> Iterator[str]:
    """The domain itself, then each domain above it."""
    while domain:
        yield domain
        domain = domain.partition(".")[2]
