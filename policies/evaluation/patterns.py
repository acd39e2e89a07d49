"""Matching a text against patterns: plain globs, and ARNs part by part."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from policies.evaluation.templates import Pattern, Wildcard

Matcher = Callable[[str], bool]
"""Whether a text fits."""


class Style(Enum):
    """How a pattern reads a text."""

    PLAIN = "plain"
    IGNORE_CASE = "ignoring case"
    ARN = "ARN"
    """Each of the six colon-separated parts by itself, the sixth with all further colons; `*` alone fits all.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
    """


@dataclass(frozen=True)
class Shape:
    """A pattern and how it reads."""

    pattern: Pattern
    style: Style = Style.PLAIN

    def matcher(self) -> Matcher:
        """Whether a text fits."""
        if self.style is Style.ARN:
            return _arn_matcher(self.pattern)
        return glob_matcher(self.pattern, ignore_case=self.style is Style.IGNORE_CASE)


@lru_cache(maxsize=4096)
def glob_matcher(pattern: Pattern, *, ignore_case: bool = False) -> Matcher:
    """A matcher for the whole text, in time linear in its length for every star.

    Each literal after a `*` is searched from the left once and never again (an atomic group): for a glob
    the leftmost place is always as good as any later one.
    """
    if ignore_case:
        pattern = tuple(piece.lower() if isinstance(piece, str) else piece for piece in pattern)
    if not any(isinstance(piece, Wildcard) for piece in pattern):
        exact = "".join(str(piece) for piece in pattern)
        return (lambda text: text.lower() == exact) if ignore_case else exact.__eq__
    matches = re.compile(_regex(pattern), re.DOTALL).fullmatch
    if ignore_case:
        return lambda text: matches(text.lower()) is not None
    return lambda text: matches(text) is not None


def one_of(matchers: Sequence[Matcher]) -> Matcher:
    """A matcher for whatever one of these fits."""
    if len(matchers) == 1:
        return matchers[0]

    def matches(text: str) -> bool:
        for matcher in matchers:  # noqa: SIM110 - any() over a generator costs twice as much here
            if matcher(text):
                return True
        return False

    return matches


def _arn_matcher(pattern: Pattern) -> Matcher:
    if pattern == (Wildcard.ANY,):
        return lambda _: True
    parts = [glob_matcher(part) for part in arn_parts(pattern)]

    def matches(text: str) -> bool:
        values = text.split(":", 5)
        return len(values) == len(parts) and all(
            part(value) for part, value in zip(parts, values, strict=True)
        )

    return matches


def arn_parts(pattern: Pattern) -> list[Pattern]:
    """The pattern's colon-separated parts, the sixth taking all the rest."""
    parts: list[list[str | Wildcard]] = [[]]
    for piece in pattern:
        if isinstance(piece, Wildcard):
            parts[-1].append(piece)
            continue
        first, *others = piece.split(":", 6 - len(parts)) if len(parts) < 6 else [piece]
        parts[-1].append(first)
        parts += [[other] for other in others]
    return [tuple(piece for piece in part if piece != "") for part in parts]


def _regex(pattern: Pattern) -> str:
    chunks: list[str] = [""]
    for piece in pattern:
        if piece is Wildcard.ANY:
            chunks.append("")
        else:
            chunks[-1] += "." if piece is Wildcard.ONE else re.escape(str(piece))
    if len(chunks) == 1:
        return chunks[0]
    first, *middle, last = chunks
    return first + "".join(f"(?>.*?{chunk})" for chunk in middle if chunk) + ".*" + last
