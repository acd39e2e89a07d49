"""From pulumi-aws' names to AWS's and back, along a resource type's own table of properties."""

from collections.abc import Mapping
from typing import Any

from offline.provider.kinds import Kind, ListOf, MapOf, Object
from offline.provider.schema import Property
from offline.provider.wire import Json


def to_api(fields: Mapping[str, Property], inputs: Json) -> Json:
    """The inputs that ``fields`` names, as parameters of an AWS call."""
    return {
        _api_name(key, prop): _value_to_api(prop.kind, inputs[key])
        for key, prop in fields.items()
        if key in inputs
    }


def from_api(fields: Mapping[str, Property], answer: Json) -> Json:
    """The properties that ``fields`` names, out of an AWS answer; what AWS leaves empty is left out."""
    values = {key: answer.get(_api_name(key, prop)) for key, prop in fields.items()}
    return {
        key: _value_from_api(fields[key].kind, value)
        for key, value in values.items()
        if value not in (None, "", [], {})
    }


def _api_name(key: str, prop: Property) -> str:
    return prop.api or key[0].upper() + key[1:]


def _value_to_api(kind: Kind, value: Any) -> Any:
    match kind:
        case Object(fields):
            return to_api(fields, value)
        case ListOf(item):
            return [_value_to_api(item, each) for each in value]
        case MapOf(item):
            return {key: _value_to_api(item, each) for key, each in value.items()}
        case _:
            return value


def _value_from_api(kind: Kind, value: Any) -> Any:
    match kind:
        case Object(fields):
            return from_api(fields, value)
        case ListOf(item):
            return [_value_from_api(item, each) for each in value]
        case MapOf(item):
            return {key: _value_from_api(item, each) for key, each in value.items()}
        case _:
            return value
