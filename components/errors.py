"""How a configuration is refused: every mistake at once, before any resource is registered."""

from collections.abc import Iterable

import pulumi

from lambda_src.errors import ConfigurationError


class InvalidConfiguration(pulumi.RunError):
    """A configuration that AWS would refuse or that cannot work; one line for each mistake, each with its
    path.

    A RunError, so that Pulumi shows the message without a stack trace.
    """

    def __init__(self, errors: Iterable[ConfigurationError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, self.errors)))


def refuse(errors: Iterable[ConfigurationError]) -> None:
    """Raise InvalidConfiguration unless there are no errors."""
    found = tuple(errors)
    if found:
        raise InvalidConfiguration(found)
