"""The kinds of value that a property can have: what each refuses, when two of its values mean the same."""

import json
import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from offline.provider import wire

if TYPE_CHECKING:
    from offline.provider.schema import Property


@dataclass(frozen=True)
class Kind(ABC):
    """A kind of value."""

    @abstractmethod
    def refusal(self, value: Any) -> str:
        """Why ``value`` itself, not a value inside it, is none of this kind; empty when it is one."""

    def canonical(self, value: Any) -> Any:
        """A form in which values that mean the same are equal."""
        return value


@dataclass(frozen=True)
class String(Kind):
    """Text; ``pattern`` is matched against the whole of it."""

    pattern: str = ""
    allowed: tuple[str, ...] = ()

    def refusal(self, value: Any) -> str:
        if not isinstance(value, str):
            return f"must be a string, not {_name(value)}"
        if self.allowed and value not in self.allowed:
            return f"must be one of {', '.join(self.allowed)}, not {value!r}"
        if self.pattern and not re.fullmatch(self.pattern, value):
            return f"{value!r} does not match {self.pattern}"
        return ""


@dataclass(frozen=True)
class Integer(Kind):
    """A whole number from ``minimum`` to ``maximum``, or one of ``allowed``."""

    minimum: int | None = None
    maximum: int | None = None
    allowed: tuple[int, ...] = ()

    def refusal(self, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, int):
            return f"must be a whole number, not {_name(value)}"
        if self.allowed and value not in self.allowed:
            return f"must be one of {', '.join(map(str, self.allowed))}, not {value}"
        if self.minimum is not None and value < self.minimum:
            return f"must be at least {self.minimum}, not {value}"
        if self.maximum is not None and value > self.maximum:
            return f"must be at most {self.maximum}, not {value}"
        return ""


@dataclass(frozen=True)
class Number(Kind):
    """A number, whole or not."""

    def refusal(self, value: Any) -> str:
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        return "" if numeric else f"must be a number, not {_name(value)}"


@dataclass(frozen=True)
class Boolean(Kind):
    """``true`` or ``false``."""

    def refusal(self, value: Any) -> str:
        return "" if isinstance(value, bool) else f"must be true or false, not {_name(value)}"


@dataclass(frozen=True)
class Document(Kind):
    """JSON in a string, such as a policy: two spellings of the same JSON are the same value."""

    def refusal(self, value: Any) -> str:
        if not isinstance(value, str):
            return f"must be JSON in a string, not {_name(value)}"
        try:
            json.loads(value)
        except ValueError as error:
            return f"must be JSON: {error}"
        return ""

    def canonical(self, value: Any) -> Any:
        return value if value == wire.UNKNOWN else json.loads(value)


@dataclass(frozen=True)
class Code(Kind):
    """A Pulumi archive: the files of a function. Its hash says whether two are the same."""

    def refusal(self, value: Any) -> str:
        return "" if wire.is_signed(value, wire.ARCHIVE) else "must be an archive"

    def canonical(self, value: Any) -> Any:
        return value.get("hash", value) if isinstance(value, Mapping) else value


@dataclass(frozen=True)
class ListOf(Kind):
    """A list; in one that is not ``ordered``, a set, another order is the same value."""

    item: Kind
    ordered: bool = True

    def refusal(self, value: Any) -> str:
        return "" if isinstance(value, list) else f"must be a list, not {_name(value)}"

    def canonical(self, value: Any) -> Any:
        if self.ordered or not isinstance(value, list):
            return value
        return Counter(json.dumps(each, sort_keys=True) for each in value)


@dataclass(frozen=True)
class MapOf(Kind):
    """A map whose keys the user chooses."""

    item: Kind = field(default_factory=String)

    def refusal(self, value: Any) -> str:
        return "" if isinstance(value, Mapping) else f"must be an object, not {_name(value)}"


@dataclass(frozen=True)
class Object(Kind):
    """Named properties inside a property."""

    fields: Mapping[str, "Property"]

    def refusal(self, value: Any) -> str:
        return "" if isinstance(value, Mapping) else f"must be an object, not {_name(value)}"


def _name(value: Any) -> str:
    match value:
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "a list"
        case _:
            return "an object"
