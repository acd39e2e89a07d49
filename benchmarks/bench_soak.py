"""Ten thousand messages, every AWS call of the functions failing now and then: what was lost or twice."""

from collections.abc import Iterator

from benchmarks.figure import Figure
from benchmarks.soak import soak

MESSAGES = 10_000


def measure() -> Iterator[Figure]:
    """Figures of one run, in virtual time."""
    tally = soak(MESSAGES, probability=0.02)
    yield Figure("messages", tally.messages, "")
    yield Figure("bounced", tally.bounced, "")
    yield Figure("dead letters", tally.dead, "")
    yield Figure.at_most("lost", tally.lost, "", 0)
    yield Figure.at_most("wrongly bounced", tally.wrong, "", 0)
    yield Figure.at_most(
        "bounced twice, of those counted as uncertain", tally.duplicates, "", tally.uncertain
    )
