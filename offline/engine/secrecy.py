"""Secrets, kept away from the provider and marked again on what it returns, as Pulumi's engine does it."""

from collections.abc import Iterable, Mapping
from typing import Any

from offline.provider import wire
from offline.provider.wire import Json


def reveal(value: Any) -> Any:
    """The value with every secret in it in plain."""
    if wire.is_signed(value, wire.SECRET):
        return reveal(value["value"])
    if isinstance(value, Mapping):
        return {key: reveal(each) for key, each in value.items()}
    if isinstance(value, list):
        return [reveal(each) for each in value]
    return value


def conceal(properties: Json, like: Json, always: Iterable[str] = ()) -> Json:
    """The properties, secret where their namesakes in ``like`` are, and those that are so ``always``.

    Objects are compared key by key; any other value is secret as a whole if its namesake holds a secret.
    """
    marked = {key: _conceal(value, like[key]) if key in like else value for key, value in properties.items()}
    return {**marked, **{key: _secret(marked[key]) for key in always if key in marked}}


def _conceal(value: Any, like: Any) -> Any:
    if not _holds_secret(like):
        return value
    plain_objects = isinstance(value, Mapping) and isinstance(like, Mapping)
    if plain_objects and wire.SIGNATURE not in value and wire.SIGNATURE not in like:
        return conceal(dict(value), dict(like))
    return _secret(value)


def _secret(value: Any) -> Any:
    return value if wire.is_signed(value, wire.SECRET) else {wire.SIGNATURE: wire.SECRET, "value": value}


def _holds_secret(value: Any) -> bool:
    if wire.is_signed(value, wire.SECRET):
        return True
    if isinstance(value, Mapping):
        return any(map(_holds_secret, value.values()))
    return isinstance(value, list) and any(map(_holds_secret, value))
