"""Every AWS call of the functions fails now and then, in every way: nothing lost, nothing bounced wrongly."""

from benchmarks.soak import KINDS, soak


def test_under_all_faults_nothing_is_lost_and_nothing_bounced_wrongly() -> None:
    tally = soak(messages=200, probability=0.02)
    due = 200 * sum(must_bounce for _, must_bounce in KINDS) // len(KINDS)
    assert (tally.lost, tally.wrong) == (0, 0)
    assert tally.bounced + tally.dead == due
    assert tally.duplicates <= tally.uncertain
    assert tally.uncertain > 0  # the schedule did reach SendBounce


def test_without_faults_each_message_is_bounced_once_and_ses_never_throttles() -> None:
    tally = soak(messages=100, probability=0, gap=0.1)
    assert (tally.bounced, tally.lost, tally.wrong, tally.duplicates) == (40, 0, 0, 0)
    assert (tally.dead, tally.uncertain, tally.throttled) == (0, 0, 0)
    assert tally.seconds <= 41
