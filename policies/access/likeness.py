"""Describe a value by the patterns it fits and misses, exactly and with as few of them as that takes."""

from collections.abc import Iterable, Sequence

from policies.evaluation.conditions import AnyCondition, Condition
from policies.evaluation.languages import examples
from policies.evaluation.operators import TextOperator
from policies.evaluation.patterns import Shape
from policies.evaluation.representatives import Values
from policies.evaluation.templates import Wildcard


def describe(key: str, values: Values, tests: Iterable[AnyCondition]) -> str:
    """What a key with these values is like, as far as the tests can tell: `k:a like x*, not like xy`.

    Args:
        key: The key as the policies write it.
        values: Representative values of it.
        tests: The conditions on this key.
    """
    if not values:
        return f"{key} is absent"
    shapes = list(dict.fromkeys(shape for test in tests for shape in _shapes(test)))
    if len(values) > 1 or not values[0] or not shapes:
        return f"{key} such as {' and '.join(values) or 'an empty text'}"
    fits = tuple(shape.matcher()(values[0]) for shape in shapes)
    kept = _needed(fits, list(examples(tuple(shapes))))
    liked = [_text(shapes[index]) for index in kept if fits[index]]
    others = [_text(shapes[index]) for index in kept if not fits[index]]
    if values[0] in liked:
        return f"{key} is {values[0]}"
    phrases = [f"like {' and '.join(liked)}"] if liked else []
    phrases += [f"not like {' or '.join(others)}"] if others else []
    return f"{key} {', '.join(phrases) or 'is present'}"


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
