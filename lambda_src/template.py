"""Texts of the configuration with names of the message in them: `No mailbox {recipient} here`.

Names come from a short list, and nothing but a name may stand between braces, so a template can reach nothing
else. What is put in was written by strangers: it loses its control characters and whatever is too long.
"""

import string
from collections.abc import Collection, Mapping
from dataclasses import dataclass

#: What a text about one recipient may name.
RECIPIENT_NAMES = ("recipient", "domain", "sender", "messageId", "receivedAt", "rule")
#: What a text about the whole message may name.
MESSAGE_NAMES = ("sender", "messageId", "receivedAt")

#: SES's limit for an extension field's value, used for every text.
MAX_TEXT = 2048
#: The longest address of RFC 5321 §4.5.3.1, and more than any other name stands for.
MAX_VALUE = 320


@dataclass(frozen=True)
class Template:
    """A text and the names in it: literal text, then a name, then literal text again."""

    parts: tuple[tuple[str, str | None], ...]

    @property
    def constant(self) -> bool:
        """Whether the text is the same for every message."""
        return all(name is None for _, name in self.parts)

    def render(self, values: Mapping[str, str]) -> str:
        """The text with every name replaced by its value, cleaned; at most `MAX_TEXT` characters."""
        return "".join(
            literal if name is None else literal + clean(values[name]) for literal, name in self.parts
        )[:MAX_TEXT]


def parse(text: str, names: Collection[str]) -> Template:
    """Read a template; `{{` and `}}` stand for braces.

    Raises:
        ValueError: Saying what is wrong: a name, a brace, or the length.
    """
    parts: list[tuple[str, str | None]] = []
    for literal, name, form, conversion in string.Formatter().parse(text):
        if name is not None and (form or conversion or name not in names):
            known = ", ".join(f"{{{one}}}" for one in names)
            raise ValueError(f"may name only {known}; write {{{{ and }}}} for braces")
        parts.append((literal, name))
    if sum(len(literal) for literal, _ in parts) > MAX_TEXT:
        raise ValueError(f"must be at most {MAX_TEXT} characters")
    return Template(tuple(parts))


def clean(value: str) -> str:
    """A value by a stranger, made fit for a DSN: printable ASCII of at most `MAX_VALUE` characters."""
    if not (value.isascii() and value.isprintable()):
        value = "".join(char if char.isascii() and char.isprintable() else "?" for char in value[:MAX_VALUE])
    return value[:MAX_VALUE]
