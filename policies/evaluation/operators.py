"""The condition operators: how one value of the request compares with the policy's.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import base64
import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from typing import Any

from policies.evaluation.patterns import Matcher, Shape, Style
from policies.evaluation.templates import Pattern


@dataclass(frozen=True)
class TextOperator:
    """An operator on texts, whose policy values may hold variables.

    Attributes:
        style: How a policy value reads the request's value.
        negated: Whether it holds when no policy value matches (StringNotEquals).
        wildcards: Whether `*` and `?` are wildcards in the policy values.
    """

    style: Style
    negated: bool = False
    wildcards: bool = False

    def matcher(self, pattern: Pattern) -> Matcher:
        """The matcher of one policy value, variables resolved."""
        return Shape(pattern, self.style).matcher()


@dataclass(frozen=True)
class Family:
    """A kind of values that are no texts.

    Attributes:
        parse: Reads a value; ValueError for one of the wrong form.
        examples: Values of which one behaves like any value there is, compared with the given policy values.
    """

    parse: Callable[[str], Any]
    examples: Callable[[list[Any]], Iterable[str]]


@dataclass(frozen=True)
class ValueOperator:
    """An operator on numbers, dates, booleans, binary values or IP addresses.

    Attributes:
        family: What it compares.
        compare: Whether the request's value fits the policy's.
        negated: Whether it holds when no policy value matches (NotIpAddress).
    """

    family: Family
    compare: Callable[[Any, Any], bool]
    negated: bool = False

    def matcher(self, text: str) -> Matcher:
        """The matcher of one policy value; a request's value of the wrong form matches nothing.

        Raises:
            ValueError: The policy's value is of the wrong form.
        """
        parse, compare, wanted = self.family.parse, self.compare, self.family.parse(text)

        def matches(value: str) -> bool:
            try:
                return compare(parse(value), wanted)
            except ValueError:
                return False

        return matches


Operator = TextOperator | ValueOperator
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse_number(text: str) -> Decimal:
    """An integer or decimal; ValueError otherwise."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is no number")
    return Decimal(text)


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
    return Decimal((moment - _EPOCH) // timedelta(microseconds=1)) / 1_000_000


def parse_boolean(text: str) -> bool:
    """`true` or `false` in any case; ValueError otherwise."""
    if text.lower() not in ("true", "false"):
        raise ValueError(f"{text!r} is neither true nor false")
    return text.lower() == "true"


def parse_binary(text: str) -> bytes:
    """Base64; ValueError otherwise."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise ValueError(f"{text!r} is not base64") from None


def parse_network(text: str) -> IPNetwork:
    """An IPv4 or IPv6 address or CIDR range; ValueError otherwise."""
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is neither an IP address nor a CIDR range") from None


def _around(numbers: list[Decimal]) -> Iterator[str]:
    ordered = sorted(set(numbers))
    yield from (str(ordered[0] - 1), str(ordered[-1] + 1))
    for number, following in zip(ordered, [*ordered[1:], ordered[-1] + 2], strict=True):
        yield from (str(number), str((number + following) / 2))


def _either_boolean(_: list[bool]) -> tuple[str, str]:
    return "true", "false"


def _some_binary(values: list[bytes]) -> Iterator[str]:
    for value in (*values, max(values, key=len) + b"+"):
        yield base64.b64encode(value).decode()


def _addresses_around(networks: list[IPNetwork]) -> Iterator[str]:
    """The first address of every network and the next one after it, and the lowest of both versions."""
    yield from ("0.0.0.0", "::")  # noqa: S104 - an address to compare, not to bind
    for network in networks:
        yield str(network.network_address)
        if int(network.broadcast_address) + 1 < 2**network.max_prefixlen:
            yield str(network.broadcast_address + 1)


def _within(address: IPNetwork, network: IPNetwork) -> bool:
    return address.version == network.version and bool(address.subnet_of(network))  # type: ignore[arg-type]


def _with_negation(name: str, negation: str, operator: Operator) -> dict[str, Operator]:
    return {name: operator, negation: replace(operator, negated=True)}


def _ordered(stem: str, family: Family) -> dict[str, Operator]:
    orders = {"LessThan": lt, "LessThanEquals": le, "GreaterThan": gt, "GreaterThanEquals": ge}
    equality = _with_negation(f"{stem}Equals", f"{stem}NotEquals", ValueOperator(family, eq))
    return equality | {stem + name: ValueOperator(family, order) for name, order in orders.items()}


_LIKE = TextOperator(Style.PLAIN, wildcards=True)
_ARN = TextOperator(Style.ARN, wildcards=True)
_IP_ADDRESS = ValueOperator(Family(parse_network, _addresses_around), _within)

OPERATORS: dict[str, Operator] = {
    **_with_negation("StringEquals", "StringNotEquals", TextOperator(Style.PLAIN)),
    **_with_negation("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", TextOperator(Style.IGNORE_CASE)),
    **_with_negation("StringLike", "StringNotLike", _LIKE),
    **_with_negation("ArnEquals", "ArnNotEquals", _ARN),
    **_with_negation("ArnLike", "ArnNotLike", _ARN),
    **_ordered("Numeric", Family(parse_number, _around)),
    **_ordered("Date", Family(parse_date, _around)),
    "Bool": ValueOperator(Family(parse_boolean, _either_boolean), eq),
    "BinaryEquals": ValueOperator(Family(parse_binary, _some_binary), eq),
    **_with_negation("IpAddress", "NotIpAddress", _IP_ADDRESS),
}
"""Every operator but Null, by its name in a policy without qualifier and IfExists."""
