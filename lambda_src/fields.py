"""Typed access to an untrusted document: whatever is refused is named by its path."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from lambda_src import timestamps
from lambda_src.errors import InvalidValue

T = TypeVar("T")


@dataclass(frozen=True)
class Syntax:
    """What a string must look like: a pattern for the whole of it, and the same in words."""

    pattern: re.Pattern[str]
    rule: str


def syntax(pattern: str, rule: str) -> Syntax:
    """A `Syntax` from the text of a regular expression."""
    return Syntax(re.compile(pattern), rule)


def one_of(*values: str) -> Syntax:
    """The syntax of a field that takes one of a few values, case-sensitively."""
    return syntax("|".join(map(re.escape, values)), f"must be one of {', '.join(values)}")


ANY_TEXT = syntax(r"(?s).*", "must be a string")


class Fields:
    """One object of a document.

    Args:
        document: What was found there; anything but a mapping with string keys is refused.
        path: Where it stands; empty for the whole document.
        refusal: The error raised for whatever is not as it must be.
        known: The keys that may stand in it.
    """

    def __init__(
        self, document: object, path: str, refusal: type[InvalidValue], known: Iterable[str]
    ) -> None:
        self._path = path
        self.refusal = refusal
        if not isinstance(document, Mapping):
            raise refusal(path or "document", document, "must be an object")
        allowed = tuple(known)
        for key in document:
            if key not in allowed:
                raise refusal(path or "document", key, f"unknown key; known are {', '.join(allowed)}")
        self._document: Mapping[str, object] = document

    def path(self, key: str) -> str:
        """Where the field `key` stands."""
        return f"{self._path}.{key}" if self._path else key

    def raw(self, key: str) -> object:
        """The field as it was found; None when it is missing or null."""
        return self._document.get(key)

    def refuse(self, key: str, rule: str) -> InvalidValue:
        """The error to raise about the field `key`."""
        return self.refusal(self.path(key), self.raw(key), rule)

    def optional(self, key: str, form: Syntax = ANY_TEXT) -> str | None:
        """A string, or None when it is missing."""
        value = self.raw(key)
        return None if value is None else self._string(value, self.path(key), form)

    def required(self, key: str, form: Syntax = ANY_TEXT) -> str:
        """A string that must be there."""
        return self._string(self.raw(key), self.path(key), form)

    def strings(self, key: str, form: Syntax = ANY_TEXT) -> tuple[str, ...]:
        """A list of strings; empty when it is missing."""
        return tuple(self._string(value, path, form) for path, value in self._entries(key))

    def mapping(self, key: str, names: Syntax = ANY_TEXT, values: Syntax = ANY_TEXT) -> dict[str, str]:
        """An object of strings with keys of the document's own choice; empty when it is missing."""
        found = self.raw(key)
        if found is None:
            return {}
        if not isinstance(found, Mapping):
            raise self.refuse(key, "must be an object")
        result = {}
        for name, value in found.items():
            if not isinstance(name, str) or not names.pattern.fullmatch(name):
                raise self.refusal(self.path(key), name, f"unusable key; it {names.rule}")
            result[name] = self._string(value, f"{self.path(key)}.{name}", values)
        return result

    def flag(self, key: str) -> bool:
        """A boolean; False when it is missing."""
        value = self.raw(key)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise self.refuse(key, "must be true or false")
        return value

    def timestamp(self, key: str) -> datetime | None:
        """A time in any form the AWS CLI takes (see `timestamps.parse`), or None when it is missing."""
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float | datetime):
            raise self.refuse(key, timestamps.RULE)
        try:
            return timestamps.parse(value)
        except ValueError:
            raise self.refuse(key, timestamps.RULE) from None

    def each(self, key: str, read: Callable[[object, str], T]) -> tuple[T, ...]:
        """What `read(document, path)` makes of each entry of a list; empty when it is missing."""
        return tuple(read(value, path) for path, value in self._entries(key))

    def one(self, key: str, read: Callable[[object, str], T]) -> T | None:
        """What `read(document, path)` makes of the field, or None when it is missing."""
        value = self.raw(key)
        return None if value is None else read(value, self.path(key))

    def _entries(self, key: str) -> Iterator[tuple[str, object]]:
        value = self.raw(key)
        if value is None:
            return
        if not isinstance(value, list | tuple):
            raise self.refuse(key, "must be a list")
        for index, entry in enumerate(value):
            yield f"{self.path(key)}[{index}]", entry

    def _string(self, value: object, path: str, form: Syntax) -> str:
        if value is None:
            raise self.refusal(path, None, f"is required: {form.rule}")
        if not isinstance(value, str):
            raise self.refusal(path, value, "must be a string")
        if not form.pattern.fullmatch(value):
            raise self.refusal(path, value, form.rule)
        return value
