"""What the command says when it cannot go on."""


class BadInput(Exception):  # noqa: N818 - named for what the user reads: their input is bad
    """The user's input cannot be used: one line on stderr, exit 2, nothing changed."""
