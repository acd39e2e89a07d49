"""The condition operators: how one value of the request compares with the policy's.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import base64
import binascii
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from operator import eq, ge, gt, le, lt
from typing import Any

from policies.evaluation.patterns import Matcher, arn_matcher, glob_matcher
from policies.evaluation.templates import Pattern


@dataclass(frozen=True)
class TextOperator:
    """An operator on texts, whose policy values may hold variables.

    Attributes:
        matcher: The matcher of one policy value, variables resolved.
        negated: Whether it holds when no policy value matches (StringNotEquals).
        wildcards: Whether `*` and `?` are wildcards in the policy values.
    """

    matcher: Callable[[Pattern], Matcher]
    negated: bool = False
    wildcards: bool = False


@dataclass(frozen=True)
class ValueOperator:
    """An operator on numbers, dates, booleans, binary values or IP addresses.

    Attributes:
        matcher: The matcher of one policy value; ValueError for a value of the wrong form.
        negated: Whether it holds when no policy value matches (NotIpAddress).
    """

    matcher: Callable[[str], Matcher]
    negated: bool = False


Operator = TextOperator | ValueOperator


IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


def parse_number(text: str) -> Decimal:
    """An integer or decimal; ValueError otherwise."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueError(f"{text!r} is no number")
    return number


def parse_date(text: str) -> Decimal:
    """Seconds since 1970, given so or as a date of ISO 8601's W3C profile; ValueError otherwise."""
    try:
        return parse_number(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(f"{text}-01" if len(text) == 7 else text)
    except ValueError:
        raise ValueError(f"{text!r} is no date: ISO 8601 or seconds since 1970") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return Decimal(int(moment.timestamp())) + Decimal(moment.microsecond) / 1_000_000


def parse_boolean(text: str) -> bool:
    """`true` or `false` in any case; ValueError otherwise."""
    if text.lower() not in ("true", "false"):
        raise ValueError(f"{text!r} is neither true nor false")
    return text.lower() == "true"


def parse_binary(text: str) -> bytes:
    """Base64; ValueError otherwise."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError(f"{text!r} is not base64") from None


def parse_network(text: str) -> IPNetwork:
    """An IPv4 or IPv6 address or CIDR range; ValueError otherwise."""
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is neither an IP address nor a CIDR range") from None


def _comparing(parse: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Callable[[str], Matcher]:
    """Policy values are parsed once; a request's value that does not parse matches nothing."""

    def matcher(policy_value: str) -> Matcher:
        wanted = parse(policy_value)

        def matches(text: str) -> bool:
            try:
                return compare(parse(text), wanted)
            except ValueError:
                return False

        return matches

    return matcher


def _within(address: IPNetwork, network: IPNetwork) -> bool:
    return address.version == network.version and bool(address.subnet_of(network))  # type: ignore[arg-type]


def _with_negation(name: str, negation: str, operator: Operator) -> dict[str, Operator]:
    return {name: operator, negation: replace(operator, negated=True)}


def _ordered(stem: str, parse: Callable[[str], Decimal]) -> dict[str, Operator]:
    orders = {"LessThan": lt, "LessThanEquals": le, "GreaterThan": gt, "GreaterThanEquals": ge}
    equality = _with_negation(f"{stem}Equals", f"{stem}NotEquals", ValueOperator(_comparing(parse, eq)))
    return equality | {stem + name: ValueOperator(_comparing(parse, order)) for name, order in orders.items()}


_EQUALS = TextOperator(glob_matcher)
_EQUALS_IGNORING_CASE = TextOperator(partial(glob_matcher, ignore_case=True))
_LIKE = TextOperator(glob_matcher, wildcards=True)
_ARN = TextOperator(arn_matcher, wildcards=True)

OPERATORS: dict[str, Operator] = {
    **_with_negation("StringEquals", "StringNotEquals", _EQUALS),
    **_with_negation("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", _EQUALS_IGNORING_CASE),
    **_with_negation("StringLike", "StringNotLike", _LIKE),
    **_with_negation("ArnEquals", "ArnNotEquals", _ARN),
    **_with_negation("ArnLike", "ArnNotLike", _ARN),
    **_ordered("Numeric", parse_number),
    **_ordered("Date", parse_date),
    "Bool": ValueOperator(_comparing(parse_boolean, eq)),
    "BinaryEquals": ValueOperator(_comparing(parse_binary, eq)),
    **_with_negation("IpAddress", "NotIpAddress", ValueOperator(_comparing(parse_network, _within))),
}
"""Every operator but Null, by its name in a policy without qualifier and IfExists."""
