"""``ignoreChanges``: inputs that keep the value they had, whatever the program says."""

import copy
import re
from collections.abc import Iterable
from typing import Any

from offline.provider.wire import Json


def ignore_changes(inputs: Json, olds: Json, paths: Iterable[str]) -> Json:
    """The inputs with the old value at each property path, such as ``tags`` or ``environment.variables``."""
    kept = copy.deepcopy(inputs)
    for path in paths:
        *containers, key = re.findall(r'[^.\[\]"]+', path)
        new, old = _inside(kept, containers), _inside(olds, containers)
        if isinstance(new, dict) and isinstance(old, dict):
            new.pop(key, None)
            new |= {key: old[key]} if key in old else {}
    return kept


def _inside(value: Any, keys: Iterable[str]) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
