"""Corrected statements: each takes a statement as written and gives a new one."""

from collections.abc import Iterable, Mapping
from typing import Any

Written = Mapping[str, Any]
Corrected = dict[str, Any]


def without(written: Written, *elements: str) -> Corrected:
    """The statement without some elements."""
    return {element: value for element, value in written.items() if element not in elements}


def principal(written: Written, named: Any) -> Corrected:
    """The statement for other principals."""
    return {**without(written, "NotPrincipal"), "Principal": named}


def account(written: Written, owner: str) -> Corrected:
    """The statement for one account, in place of whoever else it names."""
    return principal(written, {"AWS": f"arn:aws:iam::{owner}:root"})


def actions(written: Written, allowed: Iterable[str]) -> Corrected | None:
    """The statement for these actions only; None where none is left."""
    listed = list(allowed)
    if not listed:
        return None
    return {**without(written, "NotAction"), "Action": one_or_many(listed)}


def resource(written: Written, arn: str) -> Corrected:
    """The statement about this resource only."""
    return {**without(written, "NotResource"), "Resource": arn}


def condition(written: Written, operator: str, key: str, value: str) -> Corrected:
    """The statement with one more condition; one with the same operator and key gives way."""
    conditions = without_key(written, key).get("Condition", {})
    tests = {**conditions.get(operator, {}), key: value}
    return {**written, "Condition": {**conditions, operator: tests}}


def without_key(written: Written, key: str) -> Corrected:
    """The statement without any condition on a key."""
    conditions = {
        operator: {name: values for name, values in tests.items() if name.lower() != key.lower()}
        for operator, tests in written.get("Condition", {}).items()
    }
    left = {operator: tests for operator, tests in conditions.items() if tests}
    return {**without(written, "Condition"), **({"Condition": left} if left else {})}


def without_principals(written: Written, unwanted: Iterable[str]) -> Corrected | None:
    """The statement without some of the principals it names; None where nobody is left.

    Args:
        unwanted: Texts of which an entry of the Principal contains none, to stay.
    """
    texts = tuple(unwanted)
    named = written.get("Principal")
    if not isinstance(named, Mapping):
        return None
    left = {}
    for kind, entries in named.items():
        listed = entries if isinstance(entries, list) else [entries]
        kept = [entry for entry in listed if not any(text in entry for text in texts)]
        if kept:
            left[kind] = one_or_many(kept)
    return principal(written, left) if left else None


def from_address(written: Written, domain: str) -> Corrected:
    """The statement for bounces from the domain's MAILER-DAEMON only."""
    address = domain if "@" in domain else f"mailer-daemon@{domain}"
    return condition(written, "StringEquals", "ses:FromAddress", address)


def one_or_many(values: list[str]) -> str | list[str]:
    """A list, or its only member."""
    return values[0] if len(values) == 1 else values
