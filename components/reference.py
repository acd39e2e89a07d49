"""docs/configuration.md, from the schema: `python -m components.reference > docs/configuration.md`."""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from components.schema import SCHEMA

_INTRODUCTION = """\
# Configuration

<!-- Written by `python -m components.reference` from components/configuration.schema.json. -->

One file for each environment, `Pulumi.<environment>.yaml`; all keys below are in the namespace
`ses-bounce` (`ses-bounce:domain: example.com`). [Pulumi.dev.yaml](../Pulumi.dev.yaml) and
[Pulumi.prod.yaml](../Pulumi.prod.yaml) are examples. `aws:region` says where, `aws:allowedAccountIds` in
which account; nothing is deployed to any other.

A key that is not in this list, a value of the wrong kind, and whatever AWS would refuse stop the preview,
all of them at once, each with its path, what was found there and how to mend it:

```
mailboxs: ['alice@example.com']: unknown; did you mean mailboxes?
deliver.topicArn: 'arn:aws:sns:eu-west-1:111111111111:mail': must be in us-east-1, where it is used
```
"""


def markdown() -> str:
    """The page."""
    return "\n".join((_INTRODUCTION, *_tables(None, SCHEMA)))


def _tables(name: str | None, schema: Mapping[str, Any]) -> Iterator[str]:
    """The keys of an object, then those of the objects in it."""
    if name is not None:
        yield f"## `{name}`\n"
    yield "| key | is | default | means |"
    yield "| --- | --- | --- | --- |"
    required = schema.get("required", ())
    for key, value in schema["properties"].items():
        meaning, _, default = value["description"].partition(" Default: ")
        default = default.removesuffix(".")
        if "default" in value:
            default = f"`{json.dumps(value['default'])}`".replace('"', "")
        yield f"| `{key}` | {_kind(value)} | {'required' if key in required else default} | {meaning} |"
    yield ""
    for key, value in schema["properties"].items():
        entries = value.get("items", value)
        if "properties" in entries:
            yield from _tables(key, entries)


def _kind(schema: Mapping[str, Any]) -> str:
    if "enum" in schema and all(isinstance(one, str) for one in schema["enum"]):
        return ", ".join(f"`{one}`" for one in schema["enum"])
    if schema["type"] == "array":
        kinds = {"string": "texts", "object": "objects"}
        return f"list of {kinds[schema['items']['type']]}"
    words = {"string": "text", "boolean": "`true`, `false`", "integer": "number", "object": "object"}
    kind = schema["type"]
    return words[kind if isinstance(kind, str) else kind[0]]


if __name__ == "__main__":
    sys.stdout.write(markdown())
