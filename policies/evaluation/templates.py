"""Policy strings: literal text, the wildcards `*` and `?`, and policy variables.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar


class Wildcard(Enum):
    """`*` stands for any text, `?` for exactly one character."""

    ANY = "*"
    ONE = "?"


@dataclass(frozen=True)
class Variable:
    """`${key}` or `${key, 'default'}`, the key as the policy writes it."""

    written_key: str
    default: str | None = None

    @property
    def key(self) -> str:
        """The key in lower case."""
        return self.written_key.lower()


Pattern = tuple[str | Wildcard, ...]
"""Literal texts and wildcards in order, no two literals beside each other."""
Template = tuple[str | Wildcard | Variable, ...]
"""A pattern whose variables have no values yet."""
Lookup = Callable[[str], tuple[str, ...] | None]
"""The values of a condition key given in lower case: `()` when absent, None when nobody knows."""

Piece = TypeVar("Piece", str | Wildcard, str | Wildcard | Variable)

_VARIABLE = re.compile(r"\$\{(?:([*?$])|([^{}',]+?)\s*(?:,\s*'([^']*)'\s*)?)\}")
_WILDCARD = re.compile(r"([*?])")


class Unresolved(Enum):
    """Why a template has no pattern: the request carries no such key, or nobody knows whether it does."""

    ABSENT = "absent"
    UNKNOWN = "unknown"


def parse_template(text: str, *, variables: bool, wildcards: bool = True) -> Template:
    """Split a policy string into its pieces.

    Args:
        text: The string as it stands in the policy.
        variables: Whether the policy's Version knows variables, as only 2012-10-17 does.
        wildcards: Whether `*` and `?` are wildcards here; StringEquals takes them literally.

    Raises:
        ValueError: A `${` that begins no variable.
    """
    pieces: list[str | Wildcard | Variable] = []
    end = 0
    for match in _VARIABLE.finditer(text) if variables else ():
        pieces += _plain(text[end : match.start()], wildcards)
        escaped, key, default = match.groups()
        pieces.append(escaped or Variable(key.strip(), default))
        end = match.end()
    pieces += _plain(text[end:], wildcards)
    if variables and any(isinstance(piece, str) and "${" in piece for piece in pieces):
        raise ValueError(f"{text!r} holds a policy variable that is not complete")
    return _joined(pieces)


def variables_of(template: Template) -> tuple[Variable, ...]:
    """The variables of a template, in order."""
    return tuple(piece for piece in template if isinstance(piece, Variable))


def parse_pattern(text: str) -> Pattern:
    """A text with the wildcards `*` and `?`, in which `${` means nothing special."""
    return as_pattern(parse_template(text, variables=False)) or ()


def as_pattern(template: Template) -> Pattern | None:
    """The template itself where it holds no variable, else None."""
    pieces = tuple(piece for piece in template if not isinstance(piece, Variable))
    return pieces if len(pieces) == len(template) else None


def resolve(template: Template, lookup: Lookup) -> Pattern | Unresolved:
    """The pattern after its variables got their values, which count as plain text.

    A key with several values cannot stand in a text: it counts as absent.
    """
    pieces: list[str | Wildcard] = []
    unresolved: Unresolved | None = None
    for piece in template:
        if not isinstance(piece, Variable):
            pieces.append(piece)
            continue
        values = lookup(piece.key)
        if values is None:
            unresolved = unresolved or Unresolved.UNKNOWN
        elif len(values) == 1:
            pieces.append(values[0])
        elif piece.default is not None and not values:
            pieces.append(piece.default)
        else:
            return Unresolved.ABSENT
    return unresolved or _joined(pieces)


def _plain(text: str, wildcards: bool) -> list[str | Wildcard | Variable]:
    if not wildcards:
        return [text]
    return [Wildcard(part) if part in ("*", "?") else part for part in _WILDCARD.split(text)]


def _joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Adjacent literals made one, empty ones dropped."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if isinstance(piece, str) and isinstance(last, str):
            joined[-1] = last + piece
        elif piece != "":
            joined.append(piece)
    return tuple(joined)
