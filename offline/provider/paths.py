"""Property paths as Pulumi writes them: ``environment.variables.LEVEL``, ``rules[0]["a key"]``."""

import re


def join(path: str, key: str) -> str:
    """The path of a key inside a value at ``path``; the empty path is the resource itself."""
    if not re.fullmatch(r"[A-Za-z_$][\w$]*", key):
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key
