"""Diff: what would change between two sets of checked inputs, and whether AWS can change it in place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from offline.provider import wire
from offline.provider.kinds import Kind, ListOf, MapOf, Object
from offline.provider.paths import join
from offline.provider.schema import DEFAULTS, Property
from offline.provider.wire import Json

_ABSENT = object()


@dataclass(frozen=True)
class Difference:
    """One changed property, by its path."""

    path: str
    change: Literal["add", "delete", "update"]
    replaces: bool


def differences(properties: Mapping[str, Property], olds: Json, news: Json) -> list[Difference]:
    """Every difference in meaning; a value that is unknown until the update counts as one."""
    return list(_in_fields(properties, olds, news, "", replaces=False))


def is_same(kind: Kind, told: Any, wanted: Any) -> bool:
    """Whether what AWS tells is what a program wants, be it spelled otherwise."""
    return not any(_in_value(kind, told, wanted, "", replaces=False))


def _in_fields(
    fields: Mapping[str, Property],
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    path: str,
    *,
    replaces: bool,
) -> Iterator[Difference]:
    for key, prop in fields.items():
        if key in news or not prop.computed:
            old, new = olds.get(key, _ABSENT), news.get(key, _ABSENT)
            yield from _in_value(prop.kind, old, new, join(path, key), replaces=replaces or prop.replaces)


def _in_value(kind: Kind, old: Any, new: Any, path: str, *, replaces: bool) -> Iterator[Difference]:
    if old == new and not wire.has_unknown(new):
        return
    if old is _ABSENT:
        yield Difference(path, "add", replaces)
        return
    if new is _ABSENT:
        yield Difference(path, "delete", replaces)
        return
    match kind, old, new:
        case Object(fields), Mapping(), Mapping():
            yield from _in_fields(fields, old, new, path, replaces=replaces)
        case MapOf(item), Mapping(), Mapping():
            for key in sorted({*old, *new}):
                before, after = old.get(key, _ABSENT), new.get(key, _ABSENT)
                yield from _in_value(item, before, after, join(path, key), replaces=replaces)
        case ListOf(item, ordered=True), list(), list():
            for index in range(max(len(old), len(new))):
                before, after = _at(old, index), _at(new, index)
                yield from _in_value(item, before, after, f"{path}[{index}]", replaces=replaces)
        case _ if wire.has_unknown(new) or kind.canonical(old) != kind.canonical(new):
            yield Difference(path, "update", replaces)


def _at(values: list[Any], index: int) -> Any:
    return values[index] if index < len(values) else _ABSENT


def delete_before_replace(properties: Mapping[str, Property], olds: Json, news: Json) -> bool:
    """Whether the old resource must go first: the program itself names both, and names them the same."""
    return any(
        prop.autoname and key not in news.get(DEFAULTS, ()) and olds.get(key) == news.get(key)
        for key, prop in properties.items()
    )
