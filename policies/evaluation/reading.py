"""Read a JSON document piece by piece, each with its place as a JSON pointer.

Every function raises PolicyError with the place of a piece that is not what it should be.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from policies.evaluation.errors import PolicyError
from policies.evaluation.json_text import JsonObject


def scalars_of(value: Any, path: str) -> list[tuple[str, str]]:
    """A text, number or boolean, or a list of them, as text, each with its place."""
    if isinstance(value, list):
        return [(f"{path}/{index}", _scalar(item, f"{path}/{index}")) for index, item in enumerate(value)]
    return [(path, _scalar(value, path))]


def _scalar(value: Any, path: str) -> str:
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return text_of(value, path)


def texts_of(value: Any, path: str) -> list[tuple[str, str]]:
    """A text, or a list of at least one, each with its place."""
    if isinstance(value, list):
        if not value:
            raise PolicyError(path, "must not be empty")
        return [(f"{path}/{index}", text_of(item, f"{path}/{index}")) for index, item in enumerate(value)]
    return [(path, text_of(value, path))]


def text_of(value: Any, path: str) -> str:
    """A text."""
    if not isinstance(value, str):
        raise PolicyError(path, f"must be a string, not {_type(value)}")
    return value


def object_of(value: Any, path: str) -> Mapping[str, Any]:
    """An object without a key given twice."""
    if not isinstance(value, Mapping):
        raise PolicyError(path, f"must be an object, not {_type(value)}")
    if isinstance(value, JsonObject) and value.duplicate is not None:
        raise PolicyError(f"{path}/{escaped(value.duplicate)}", "stands here twice")
    return value


def only(value: Mapping[str, Any], allowed: frozenset[str], path: str) -> None:
    """Refuse any other key."""
    for key in value:
        if key not in allowed:
            raise PolicyError(f"{path}/{escaped(str(key))}", "AWS knows no such element here")


def one_or_other(statement: Mapping[str, Any], element: str, opposite: str, path: str) -> str | None:
    """Which of an element and its Not… form is there; both is an error."""
    if element in statement and opposite in statement:
        raise PolicyError(path, f"holds both {element} and {opposite}")
    return next((name for name in (element, opposite) if name in statement), None)


@contextmanager
def at(path: str) -> Iterator[None]:
    """Give a ValueError its place in the document."""
    try:
        yield
    except ValueError as error:
        raise PolicyError(path, str(error)) from None


def escaped(key: str) -> str:
    """A key as part of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def _type(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
