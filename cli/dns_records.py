"""Whether DNS records are live: what was wanted against what the DNS answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import dns.exception
import dns.resolver

Resolve = Callable[[str, str], Sequence[str]]
"""The answers for a name and a type, empty when there are none."""

PROBE_LABEL = "ses-bounce-check"  # stands for any subdomain when a wildcard record is looked up


class Standing(StrEnum):
    """How the DNS stands to a wanted record."""

    LIVE = "live"
    MISSING = "missing"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Record:
    """A wanted record: `name`, `type` and `value` as DNS has them, `purpose` what fails without it."""

    name: str
    type: str
    value: str
    purpose: str


@dataclass(frozen=True)
class Found:
    """A wanted record and what the DNS says instead; `answers` are of the same name and type."""

    record: Record
    standing: Standing
    answers: tuple[str, ...]


def check(record: Record, resolve: Resolve) -> Found:
    """Look a record up.

    Raises:
        dns.exception.DNSException: If the DNS does not answer.
    """
    name = record.name.replace("*", PROBE_LABEL, 1) if record.name.startswith("*.") else record.name
    answers = tuple(resolve(name, record.type))
    relevant = tuple(answer for answer in answers if _same_kind(record, answer))
    if any(_meets(record, answer) for answer in relevant):
        alone = (
            record.type == "MX" or len(relevant) == 1
        )  # two SPF or DMARC records are an error to receivers
        return Found(record, Standing.LIVE if alone else Standing.DIFFERENT, relevant)
    return Found(record, Standing.DIFFERENT if relevant else Standing.MISSING, relevant)


def resolver(nameserver: str | None) -> Resolve:
    """Look names up with the machine's resolver, or at an address (`127.0.0.1` or `127.0.0.1:5353`)."""
    found = dns.resolver.Resolver(configure=nameserver is None)
    if nameserver is not None:
        host, _, port = nameserver.partition(":")
        found.nameservers, found.port = [host], int(port or 53)

    def resolve(name: str, kind: str) -> Sequence[str]:
        try:
            return [_text(answer) for answer in found.resolve(name, kind, lifetime=10)]
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()

    return resolve


def _text(answer: object) -> str:
    strings = getattr(answer, "strings", None)  # of a TXT record, in pieces of up to 255 octets
    return b"".join(strings).decode("ascii", "replace") if strings else str(answer)


def _same_kind(record: Record, answer: str) -> bool:
    """Whether an answer does the record's work; a name has many TXT records."""
    tag = record.value.partition(" ")[0].rstrip(";")
    return record.type != "TXT" or answer.lower().startswith(tag.lower())


def _meets(record: Record, answer: str) -> bool:
    """A domain's own SPF and DMARC policies may say more than ours."""
    if record.type == "TXT":
        mechanisms = [word for word in record.value.split() if word.startswith("include:")]
        return all(mechanism in answer.split() for mechanism in mechanisms)
    return answer.rstrip(".").lower() == record.value.rstrip(".").lower()
