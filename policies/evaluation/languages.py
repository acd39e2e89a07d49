"""All the ways in which texts can fit several patterns at once, each with an example.

Two texts that fit the same patterns are alike to every policy made of them: so a finite number of examples
stands for all texts. They are found by reading one character after the other, for all patterns together, as a
deterministic automaton would; its states are made only when reached.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, count
from string import ascii_lowercase, digits
from types import MappingProxyType

from policies.evaluation.patterns import Shape, Style, arn_parts
from policies.evaluation.templates import Wildcard

MAX_STATES = 20_000
"""How many states to make before giving up."""


class TooManyStates(Exception):  # noqa: N818 - a limit reached, no error in the patterns
    """The patterns overlap in more ways than can be listed."""


@lru_cache(maxsize=1024)
def examples(
    shapes: tuple[Shape, ...], *, prefer: Shape | None = None, prefix: str = ""
) -> Mapping[tuple[bool, ...], str]:
    """For every way to fit the patterns that some text has, a short such text that is not empty.

    Args:
        shapes: The patterns.
        prefer: What the text should look like, where one of the kind does.
        prefix: What all texts begin with.

    Raises:
        TooManyStates: After `MAX_STATES` states.
    """
    reader = _Reader((*shapes, prefer or Shape((Wildcard.ANY,))))
    liked = reader.ends[-1]
    found: dict[int, str] = {}
    preferred: dict[int, str] = {}
    reached = [(prefix, reader.after(prefix))]
    seen: set[int] = set()
    while reached:
        longer = []
        for text, places in reached:
            for character, following in reader.following(places):
                if following not in seen:
                    seen.add(following)
                    longer.append((text + character, following))
                    kind = following & reader.all_ends & ~liked
                    (preferred if following & liked else found).setdefault(kind, text + character)
        if len(seen) > MAX_STATES:
            raise TooManyStates
        reached = longer
    ends = reader.ends[:-1]
    return MappingProxyType(
        {tuple([kind & end != 0 for end in ends]): text for kind, text in (found | preferred).items()}
    )


class _Reader:
    """Reads a text for several patterns at once: a bit for each place where reading may stand."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self.start = 0
        self.ends: list[int] = []
        self.stay = 0
        self.step = 0
        self.never_colon = 0
        step_on: dict[str, int] = {}
        bit = 1
        for shape in shapes:
            self.start |= bit
            for piece, takes_colon in _pieces(shape):
                self.never_colon |= 0 if takes_colon else bit
                if piece is Wildcard.ANY:
                    self.stay |= bit
                    continue
                if piece is Wildcard.ONE:
                    self.step |= bit
                for character in _spellings(piece, shape.style) if isinstance(piece, str) else ():
                    step_on[character] = step_on.get(character, 0) | bit
                bit <<= 1
            self.ends.append(bit)
            bit <<= 1
        self.all_ends = sum(self.ends)
        self.step_on_colon = step_on.pop(":", 0)
        self.step_on = tuple(step_on.items())
        self.arbitrary = next(
            c for c in chain(ascii_lowercase, digits, map(chr, count(0x100))) if c not in step_on
        )

    def following(self, places: int) -> Iterator[tuple[str, int]]:
        """The characters that lead to different places from here, each with where it leads."""
        anyhow = places & self.stay | (places & self.step) << 1
        yield self.arbitrary, anyhow
        for character, bits in self.step_on:
            if places & bits:
                yield character, anyhow | (places & bits) << 1
        if places & (self.step_on_colon | self.never_colon):
            free = places & ~self.never_colon
            yield ":", free & self.stay | (free & self.step | places & self.step_on_colon) << 1

    def after(self, text: str) -> int:
        """The places after a text."""
        places = self.start
        for character in text:
            ways = dict(self.following(places))
            places = ways.get(character, ways[self.arbitrary])
        return places


def _pieces(shape: Shape) -> Iterator[tuple[str | Wildcard, bool]]:
    """The pattern's wildcards and single characters, each with whether it may stand for a colon."""
    in_parts = shape.style is Style.ARN and shape.pattern != (Wildcard.ANY,)
    parts = arn_parts(shape.pattern) if in_parts else [shape.pattern]
    for index, part in enumerate(parts):
        if index:
            yield ":", True
        for piece in part:
            for item in piece if isinstance(piece, str) else (piece,):
                yield item, not in_parts or index == 5 or isinstance(item, str)


def _spellings(character: str, style: Style) -> list[str]:
    if style is not Style.IGNORE_CASE:
        return [character]
    return sorted({character} | {c for c in (character.lower(), character.upper()) if len(c) == 1})
