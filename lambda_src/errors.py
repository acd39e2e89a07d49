"""Refusals: each names the field's path, the value found and the rule it breaks."""

_SHOWN = 80


class InvalidValue(ValueError):  # noqa: N818 - the name says what is wrong; subclasses say where
    """A value that cannot be used.

    Attributes:
        path: Where it stands, in the spelling of its document (`BouncedRecipientInfoList[0].Recipient`).
        value: What was found; None where something required is missing.
        rule: What would be right.
    """

    def __init__(self, path: str, value: object, rule: str) -> None:
        self.path = path
        self.value = value
        self.rule = rule
        super().__init__(path, value, rule)

    def __str__(self) -> str:
        return f"{self.path}: {'missing' if self.value is None else _shown(self.value)}: {self.rule}"


class RequestError(InvalidValue):
    """A SendBounce request that SES, or RFC 3464, would not accept."""


class ConfigurationError(InvalidValue):
    """A configuration that cannot work; `rule` says how to mend it."""


class MalformedEvent(InvalidValue):
    """An event that SES does not write: nothing can be decided from it."""


def _shown(value: object) -> str:
    """`value` in a few characters of one line of ASCII: it may be hostile, and long."""
    text = ascii(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
