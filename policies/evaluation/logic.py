"""Three-valued logic: what is certain although something is unknown (Kleene)."""

from collections.abc import Iterable

Truth = bool | None
"""True, False, or None: it depends on what nobody knows."""


def either(first: Truth, second: Truth) -> Truth:
    """True when one is True, False when both are False."""
    if first or second:
        return True
    return None if first is None or second is None else False


def both(first: Truth, second: Truth) -> Truth:
    """False when one is False, True when both are True."""
    if first is False or second is False:
        return False
    return first and second


def any_of(truths: Iterable[Truth]) -> Truth:
    """True when one is True, False when all are False."""
    unknown = False
    for truth in truths:
        if truth:
            return True
        unknown = unknown or truth is None
    return None if unknown else False


def all_of(truths: Iterable[Truth]) -> Truth:
    """False when one is False, True when all are True."""
    unknown = False
    for truth in truths:
        if truth is False:
            return False
        unknown = unknown or truth is None
    return None if unknown else True


def negate(truth: Truth) -> Truth:
    """The opposite; the opposite of unknown is unknown."""
    return None if truth is None else not truth
