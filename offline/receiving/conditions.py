"""Recipient conditions of receipt rules.

DG, "Creating receipt rules": `user@example.com` matches that address with any label,
`user+label@example.com` only with that label, `example.com` all addresses of the domain but not of its
subdomains, `.example.com` all addresses of its subdomains but not of itself; no condition at all matches
every address of every verified domain.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from offline.receiving.inferred import LOCAL_PARTS_IGNORE_CASE
from offline.ses.addresses import a_label, split, with_parents
from offline.ses.receipt_rules import MAX_RECIPIENTS, MAX_RULES


def matching(conditions: Iterable[str], recipients: Iterable[str]) -> tuple[str, ...]:
    """The recipients that satisfy one of the conditions, or all without conditions."""
    wanted = set(map(_normalised, conditions))
    return tuple(
        recipient for recipient in recipients if not wanted or not wanted.isdisjoint(_satisfied(recipient))
    )


def _satisfied(recipient: str) -> Iterator[str]:
    """Every condition, normalised, that a recipient's address satisfies."""
    local, domain = split(recipient)
    yield domain
    yield f"{_comparable(local)}@{domain}"
    yield f"{_comparable(local.partition('+')[0])}@{domain}"
    yield from (f".{parent}" for parent in islice(with_parents(domain), 1, None))


@lru_cache(maxsize=MAX_RULES * MAX_RECIPIENTS)
def _normalised(condition: str) -> str:
    if "@" not in condition:
        dot = "." if condition.startswith(".") else ""
        return dot + a_label(condition.removeprefix("."))
    local, domain = split(condition)
    return f"{_comparable(local)}@{domain}"


def _comparable(local: str) -> str:
    return local.lower() if LOCAL_PARTS_IGNORE_CASE else local
