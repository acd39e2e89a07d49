"""JSON text in which no key is lost, although it stands twice."""

import json
from typing import Any

from policies.evaluation.errors import PolicyError


class JsonObject(dict[str, Any]):
    """A JSON object that remembers the first key it was given twice."""

    duplicate: str | None = None


def load(text: str) -> Any:
    """The value of a JSON text, its objects as `JsonObject`.

    Raises:
        PolicyError: The text is not JSON.
    """
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise PolicyError("", f"not JSON: {error}") from None
    except RecursionError:
        raise PolicyError("", "not JSON that can be read: nested too deeply") from None


def _object(pairs: list[tuple[str, Any]]) -> JsonObject:
    result = JsonObject(pairs)
    if len(result) < len(pairs):
        names = [name for name, _ in pairs]
        result.duplicate = next(name for name in names if names.count(name) > 1)
    return result
