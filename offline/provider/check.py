"""Check: would AWS take these inputs? Fills in defaults and names; tells the path of whatever is wrong."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from offline.provider import wire
from offline.provider.kinds import Kind, ListOf, MapOf, Object
from offline.provider.paths import join
from offline.provider.schema import DEFAULTS, Autoname, Property
from offline.provider.wire import Json


@dataclass(frozen=True)
class Failure:
    """A property, by its path, and why AWS would refuse it."""

    path: str
    reason: str


def check(
    properties: Mapping[str, Property], news: Json, olds: Json, name: str, seed: bytes
) -> tuple[Json, list[Failure]]:
    """The inputs completed, and every failure in them.

    A name made earlier, in ``olds``, stays; a new one is made of the resource's ``name`` and ``seed``.
    """
    given = {key: _complete(properties[key].kind, value) for key, value in news.items() if key in properties}
    made = {}
    for key, prop in properties.items():
        if key in news:
            continue
        if prop.default is not None:
            made[key] = prop.default
        elif prop.autoname and key in olds.get(DEFAULTS, ()):
            made[key] = olds[key]
        elif prop.autoname:
            made[key] = _autoname(prop.autoname, name, seed, given)
    return {**given, **made, DEFAULTS: sorted(made)}, list(_in_fields(properties, news | made, ""))


def _complete(kind: Kind, value: Any) -> Any:
    """The value with the defaults of nested properties."""
    match kind:
        case ListOf(item) if isinstance(value, list):
            return [_complete(item, each) for each in value]
        case Object(fields) if isinstance(value, Mapping):
            defaults = {key: prop.default for key, prop in fields.items() if prop.default is not None}
            given = {key: _complete(fields[key].kind, each) for key, each in value.items() if key in fields}
            return {**defaults, **given}
        case _:
            return value


def _autoname(rule: Autoname, name: str, seed: bytes, inputs: Json) -> str:
    suffix = hashlib.sha256(seed + name.encode()).hexdigest()[:7]
    return f"{name}-{suffix}" + (".fifo" if inputs.get(rule.fifo) is True else "")


def _in_fields(fields: Mapping[str, Property], value: Json, path: str) -> Iterator[Failure]:
    for key, each in value.items():
        if key in fields:
            yield from _in_value(fields[key].kind, each, join(path, key))
        elif key != DEFAULTS:
            known = ", ".join(sorted(fields))
            yield Failure(join(path, key), f"is unknown to the offline provider, which knows here: {known}")
    for key, prop in fields.items():
        if prop.required and key not in value:
            yield Failure(join(path, key), "is required and missing")


def _in_value(kind: Kind, value: Any, path: str) -> Iterator[Failure]:
    if value == wire.UNKNOWN:
        return
    reason = kind.refusal(value)
    if reason:
        yield Failure(path, reason)
        return
    match kind:
        case ListOf(item):
            for index, each in enumerate(value):
                yield from _in_value(item, each, f"{path}[{index}]")
        case MapOf(item):
            for key, each in value.items():
                yield from _in_value(item, each, join(path, key))
        case Object(fields):
            yield from _in_fields(fields, value, path)
