"""configuration.schema.json, and what it says about a configuration in a person's words."""

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema

from lambda_src.errors import ConfigurationError

SCHEMA: dict[str, Any] = json.loads(Path(__file__).with_name("configuration.schema.json").read_text())
KEYS = tuple(SCHEMA["properties"])

_KINDS = {
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "array": "a list",
    "object": "an object",
}


def errors(raw: Mapping[str, Any]) -> Iterator[ConfigurationError]:
    """What the schema refuses about a whole configuration."""
    yield from _errors(SCHEMA, raw, "")


def key_errors(key: str, value: Any) -> Iterator[ConfigurationError]:
    """What the schema refuses about the value of one key."""
    yield from _errors(SCHEMA["properties"][key], value, key)


def _errors(schema: Mapping[str, Any], value: Any, root: str) -> Iterator[ConfigurationError]:
    seen = set()
    for error in jsonschema.Draft202012Validator(schema).iter_errors(value):
        for explained in _explain(error, root + "".join(map(_step, error.absolute_path))):
            path = explained.path.removeprefix(".")
            if path not in seen:
                seen.add(path)
                yield ConfigurationError(path, explained.value, explained.rule)


def _step(part: str | int) -> str:
    return f"[{part}]" if isinstance(part, int) else f".{part}"


def _explain(error: jsonschema.ValidationError, path: str) -> Iterator[ConfigurationError]:
    found: Any = error.instance
    schema: Any = error.schema
    if error.validator == "additionalProperties":
        known = list(schema["properties"])
        for key in sorted(found.keys() - known):
            yield ConfigurationError(f"{path}.{key}", found[key], _unknown(key, known))
    elif error.validator == "required":
        missing = re.findall(r"^'(.*)' is a required", error.message)[0]
        yield ConfigurationError(f"{path}.{missing}", None, "is required")
    else:
        yield ConfigurationError(path, found, schema.get("errorMessage") or _rule(error))


def _unknown(key: str, known: list[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    return f"unknown; did you mean {close[0]}?" if close else f"unknown; known are {', '.join(known)}"


def _rule(error: jsonschema.ValidationError) -> str:
    limit: Any = error.validator_value
    match error.validator:
        case "type":
            return f"must be {_KINDS[limit]}"
        case "enum":
            return f"must be one of {', '.join(map(str, limit))}"
        case "minItems" | "minProperties":
            return "must not be empty"
        case _:
            return error.message
