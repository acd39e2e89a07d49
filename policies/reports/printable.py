"""Text from policies and file names, which strangers may have written, made fit to show."""


def printable(text: str) -> str:
    """The text without anything that could steer a terminal or break a line."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def summary(findings: int, identities: int, policies: int, unread: int) -> str:
    """The result in one sentence."""
    read = f"{findings} findings in {policies} policies of {identities} identities and roles"
    return f"{read}; {unread} could not be read." if unread else f"{read}."
