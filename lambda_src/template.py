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
    """A text with names in braces, all of them known: `parse` makes it."""

    text: str
    constant: bool

    def render(self, values: Mapping[str, str]) -> str:
        """The text with every name replaced by its value; at most `MAX_TEXT` characters.

        Args:
            values: By name, each made fit by `clean`.
        """
        return self.text.format_map(values)[:MAX_TEXT]


def parse(text: str, names: Collection[str]) -> Template:
    """Read a template; `{{` and `}}` stand for braces.

    Raises:
        ValueError: Saying what is wrong: a name, a brace, or the length.
    """
    if len(text) > MAX_TEXT:
        raise ValueError(f"must be at most {MAX_TEXT} characters")
    constant = True
    for _, name, form, conversion in string.Formatter().parse(text):
        if name is not None:
            constant = False
            if form or conversion or name not in names:
                known = ", ".join(f"{{{one}}}" for one in names)
                raise ValueError(f"may name only {known}; write {{{{ and }}}} for braces")
    return Template(text, constant)


def clean(value: str, limit: int = MAX_VALUE) -> str:
    """A value by a stranger, made fit for a DSN or a log: printable ASCII of at most `limit` characters."""
    value = value[:limit]
    if value.isascii() and value.isprintable():
        return value
    return "".join(char if char.isascii() and char.isprintable() else "?" for char in value)
