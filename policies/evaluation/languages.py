"""All the ways in which texts can fit several patterns at once, each with an example.

Two texts that fit the same patterns are alike to every policy made of them: so a finite number of examples
stands for all texts. They are found by reading one character after the other, for all patterns together, as a
deterministic automaton would; its states are made only when reached.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, count
from string import ascii_lowercase, digits

from policies.evaluation.patterns import Shape, Style, arn_parts
from policies.evaluation.templates import Wildcard

MAX_STATES = 20_000
"""How many states to make before giving up."""


class TooManyStates(Exception):  # noqa: N818 - a limit reached, no error in the patterns
    """The patterns overlap in more ways than can be listed."""


def examples(shapes: Sequence[Shape]) -> dict[tuple[bool, ...], str]:
    """For every way to fit the patterns that some text has, the shortest such text that is not empty.

    Raises:
        TooManyStates: After `MAX_STATES` states.
    """
    reader = _Reader(shapes)
    arbitrary = reader.arbitrary_character()
    found: dict[tuple[bool, ...], str] = {}
    seen: set[int] = set()
    reached = [("", reader.start)]
    while reached:
        longer = []
        for text, places in reached:
            for character in (*reader.told_apart(places), arbitrary):
                following = reader.read(places, character)
                if following not in seen:
                    seen.add(following)
                    longer.append((text + character, following))
                    found.setdefault(reader.fits(following), text + character)
        if len(seen) > MAX_STATES:
            raise TooManyStates
        reached = longer
    return found


class _Reader:
    """Reads a text for several patterns at once: a bit for each place where reading may stand."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self.start = 0
        self.ends: list[int] = []
        self.stay = 0
        self.step = 0
        self.never_colon = 0
        self.step_on: dict[str, int] = {}
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
                    self.step_on[character] = self.step_on.get(character, 0) | bit
                bit <<= 1
            self.ends.append(bit)
            bit <<= 1

    def arbitrary_character(self) -> str:
        """One that no pattern mentions."""
        return next(
            c for c in chain(ascii_lowercase, digits, map(chr, count(0x100))) if c not in self.step_on
        )

    def read(self, places: int, character: str) -> int:
        """The places after one more character."""
        free = places & ~self.never_colon if character == ":" else places
        return free & self.stay | (free & self.step | places & self.step_on.get(character, 0)) << 1

    def told_apart(self, places: int) -> Iterator[str]:
        """The characters that lead elsewhere from here than an arbitrary one."""
        if places & self.never_colon and ":" not in self.step_on:
            yield ":"
        for character, bits in self.step_on.items():
            if places & bits or (character == ":" and places & self.never_colon):
                yield character

    def fits(self, places: int) -> tuple[bool, ...]:
        """Which patterns fit the text read so far."""
        return tuple([places & end != 0 for end in self.ends])


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


def _spellings(character: str, style: Style) -> set[str]:
    if style is not Style.IGNORE_CASE:
        return {character}
    return {character} | {c for c in (character.lower(), character.upper()) if len(c) == 1}
