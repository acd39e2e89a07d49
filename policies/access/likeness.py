"""Describe a value by the patterns it fits and misses, exactly and with as few of them as that takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from policies.evaluation.conditions import AnyCondition, Condition
from policies.evaluation.operators import TextOperator
from policies.evaluation.patterns import Shape
from policies.evaluation.representatives import Values, texts_of
from policies.evaluation.templates import Wildcard


@dataclass(frozen=True)
class Likeness:
    """Values of a condition key, all of which given tests treat like the example.

    Attributes:
        key: The key as the policies write it.
        values: The example; `()` for an absent key.
        tests: The conditions on the key.
    """

    key: str
    values: Values
    tests: tuple[AnyCondition, ...]

    def __str__(self) -> str:
        """What the values are like: `k:a like x*, not like xy`."""
        if not self.values:
            return f"{self.key} is absent"
        shapes = list(dict.fromkeys(shape for test in self.tests for shape in _shapes(test)))
        [value, *others] = self.values
        if others or not value or not shapes:
            return f"{self.key} such as {' and '.join(self.values) or 'an empty text'}"
        fits = tuple(shape.matcher()(value) for shape in shapes)
        kept = _needed(fits, list(texts_of(self.key.lower(), shapes)))
        liked = [_text(shapes[index]) for index in kept if fits[index]]
        missed = [_text(shapes[index]) for index in kept if not fits[index]]
        if value in liked:
            return f"{self.key} is {value}"
        phrases = [f"like {' and '.join(liked)}"] if liked else []
        phrases += [f"not like {' or '.join(missed)}"] if missed else []
        return f"{self.key} {', '.join(phrases) or 'is present'}"


def _needed(fits: tuple[bool, ...], ways: Sequence[tuple[bool, ...]]) -> list[int]:
    """The patterns that tell this way to fit from every other way there is."""
    kept = list(range(len(fits)))
    for index in sorted(kept, key=lambda place: fits[place]):
        fewer = [place for place in kept if place != index]
        if all(way == fits or any(way[place] != fits[place] for place in fewer) for way in ways):
            kept = fewer
    return kept


def _shapes(test: AnyCondition) -> list[Shape]:
    if not isinstance(test, Condition) or not isinstance(test.base, TextOperator):
        return []
    return [Shape(pattern, test.base.style) for pattern in test.patterns]


def _text(shape: Shape) -> str:
    return "".join(piece.value if isinstance(piece, Wildcard) else piece for piece in shape.pattern)
