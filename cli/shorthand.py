"""The AWS CLI's shorthand syntax: `Key=value,List=[a,b],Structure={Key=value}`.

Source: AWS CLI User Guide, "Using shorthand syntax with the AWS CLI".
"""

import re
from dataclasses import dataclass

Value = str | list["Value"] | dict[str, "Value"]

_KEY = re.compile(r"\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*")
_QUOTED = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*""", re.DOTALL)
_BARE = {stops: re.compile(rf"((?:[^{re.escape(stops)}\\]|\\.)*)", re.DOTALL) for stops in (",", ",]", ",}")}


class ShorthandError(ValueError):
    """The text is not in shorthand syntax; says where reading stopped and what was expected."""


def parse(text: str) -> dict[str, Value]:
    """Read one structure written in shorthand syntax.

    Raises:
        ShorthandError: If the text does not follow the syntax.
    """
    reader = _Reader(text)
    structure = reader.pairs(end="")
    reader.expect_end()
    return structure


@dataclass
class _Reader:
    """Recursive descent over `text`, one character position ahead of what is read."""

    text: str
    at: int = 0

    def pairs(self, end: str) -> dict[str, Value]:
        """`Key=value,…` up to the character `end` (or the text's end)."""
        found: dict[str, Value] = {}
        while True:
            key = _KEY.match(self.text, self.at)
            if not key:
                raise self._error("a key and '='")
            if key[1] in found:
                raise ShorthandError(f"{key[1]!r} is given twice")
            self.at = key.end()
            found[key[1]] = self._value(end)
            if not self._skip(","):
                return found

    def expect_end(self) -> None:
        if self.text[self.at :].strip():
            raise self._error("',' or the end")

    def _value(self, end: str) -> Value:
        if self._skip("["):
            return self._list()
        if self._skip("{"):
            if self._skip("}"):
                return {}
            structure = self.pairs(end="}")
            self._close("}")
            return structure
        return self._scalar(end)

    def _list(self) -> Value:
        items: list[Value] = []
        if not self._skip("]"):
            items.append(self._value("]"))
            while self._skip(","):
                items.append(self._value("]"))
            self._close("]")
        return items

    def _scalar(self, end: str) -> Value:
        if quoted := _QUOTED.match(self.text, self.at):
            self.at = quoted.end()
            return re.sub(r"\\(.)", r"\1", quoted[1] if quoted[1] is not None else quoted[2], flags=re.DOTALL)
        bare = _BARE["," + end].match(self.text, self.at)
        assert bare is not None  # the pattern matches the empty text
        self.at = bare.end()
        return re.sub(r"\\([,\\\]}])", r"\1", bare[1]).strip()

    def _peek(self) -> str:
        return self.text[self.at :].lstrip()[:1]

    def _skip(self, character: str) -> bool:
        if self._peek() != character:
            return False
        self.at = self.text.index(character, self.at) + 1
        return True

    def _close(self, bracket: str) -> None:
        if not self._skip(bracket):
            raise self._error(f"{bracket!r}")

    def _error(self, expected: str) -> ShorthandError:
        return ShorthandError(f"expected {expected} at {self.text[self.at :][:40] or 'the end'!r}")
