"""Recipient conditions of receipt rules.

DG, "Creating receipt rules": `user@example.com` matches that address with any label,
`user+label@example.com` only with that label, `example.com` all addresses of the domain but not of its
subdomains, `.example.com` all addresses of its subdomains but not of itself; no condition at all matches
every address of every verified domain.
"""

from collections.abc import Iterable

from offline.receiving.inferred import LOCAL_PARTS_IGNORE_CASE
from offline.ses.addresses import a_label, split


def matching(conditions: Iterable[str], recipients: Iterable[str]) -> tuple[str, ...]:
    """The recipients that satisfy one of the conditions, or all without conditions."""
    conditions = tuple(conditions)
    return tuple(
        recipient
        for recipient in recipients
        if not conditions or any(matches(condition, recipient) for condition in conditions)
    )


def matches(condition: str, recipient: str) -> bool:
    """Whether a recipient's address satisfies one condition."""
    local, domain = split(recipient)
    if condition.startswith("."):
        return domain.endswith(f".{a_label(condition[1:])}")
    if "@" not in condition:
        return domain == a_label(condition)
    wanted_local, wanted_domain = split(condition)
    if "+" not in wanted_local:
        local = local.partition("+")[0]
    return domain == wanted_domain and _comparable(local) == _comparable(wanted_local)


def _comparable(local: str) -> str:
    return local.lower() if LOCAL_PARTS_IGNORE_CASE else local
