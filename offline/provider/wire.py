"""Values as Pulumi's protocol carries them: JSON, plus strings and maps that stand for what JSON cannot say.

The sentinels are the protocol's own (``sdk/go/common/resource/properties.go``, ``plugin/rpc.go`` in Pulumi).
"""

from collections.abc import Mapping
from typing import Any

from google.protobuf.struct_pb2 import ListValue, Struct, Value

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Stands for a value that only the update, not the preview, will know."""

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key by which a map says that it is a secret, an asset or an archive."""

SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the signature of any secret
ASSET = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"

Json = dict[str, Any]


def load(struct: Struct) -> Json:
    """The properties of a message; whole numbers as ``int``, absent values left out."""
    return {
        key: _load(value)
        for key, value in sorted(struct.fields.items())
        if value.WhichOneof("kind") != "null_value"
    }


def _load(value: Value) -> Any:
    match value.WhichOneof("kind"):
        case "string_value":
            return value.string_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case "struct_value":
            return load(value.struct_value)
        case "list_value":
            return [_load(item) for item in value.list_value.values]
        case _:
            return None


def dump(properties: Mapping[str, Any]) -> Struct:
    """The message of properties; ``None`` is left out, as Pulumi's SDKs do."""
    return Struct(fields={key: _dump(value) for key, value in properties.items() if value is not None})


def _dump(value: Any) -> Value:
    match value:
        case None:
            return Value(null_value=0)
        case bool():
            return Value(bool_value=value)
        case int() | float():
            return Value(number_value=value)
        case str():
            return Value(string_value=value)
        case Mapping():
            return Value(struct_value=dump(value))
        case _:
            return Value(list_value=ListValue(values=[_dump(item) for item in value]))


def has_unknown(value: Any) -> bool:
    """Whether any part of the value is known only after the update."""
    match value:
        case Mapping():
            return any(has_unknown(item) for item in value.values())
        case list():
            return any(has_unknown(item) for item in value)
        case _:
            return bool(value == UNKNOWN)


def is_signed(value: Any, signature: str) -> bool:
    """Whether the value is the map that stands for a secret, an asset or an archive."""
    return isinstance(value, Mapping) and value.get(SIGNATURE) == signature
