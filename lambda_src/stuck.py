"""Messages that keep failing while SES answers others: they go to the dead letters, so that the line goes on.

While SES is down, or throttles, everybody fails and waits; nobody is given up for that before the 24 hours
are over. A message has been *passed by* when it failed and SES answered one that was tried after it in the
same batch. The order matters: when SES goes down in the middle of a batch, nobody has been passed by.
"""

from collections.abc import Sequence
from datetime import timedelta

from botocore.exceptions import BotoCoreError, ClientError

from lambda_src.sending import Failed, Sender, Settled
from lambda_src.telemetry import logger

#: How long a message may go on failing after it was first passed by. The next attempt, at most a minute
#: and a batch later, is its last.
PATIENCE = timedelta(minutes=5)


def keep_trying(results: Sequence[Settled | Failed], sender: Sender) -> list[Failed]:
    """The failures of a batch that are worth another attempt; the others are buried.

    Args:
        results: Of a batch, in the order of the attempts.
        sender: Buries, and keeps on record who has been passed by.
    """
    answered = [number for number, one in enumerate(results) if isinstance(one, Settled) and one.answered]
    last_answer = answered[-1] if answered else -1
    failed = [(number < last_answer, one) for number, one in enumerate(results) if isinstance(one, Failed)]
    try:
        stuck = _stuck(failed, sender)
    except (BotoCoreError, ClientError):
        logger.exception("nobody is given up while the ledger does not answer")
        stuck = []
    return [one for _, one in failed if one not in stuck or not _bury(one, sender)]


def _stuck(failed: Sequence[tuple[bool, Failed]], sender: Sender) -> list[Failed]:
    """Those passed by long ago; where none is passed by now, only if that once happened to all that fail."""
    now, long_ago, fresh = sender.clock(), [], False
    for passed, one in failed:
        if passed:
            sender.ledger.note_passed(one.message.id)
        since = sender.ledger.passed_since(one.message.id)
        if since is None:
            fresh = True
        elif now - since >= PATIENCE:
            long_ago.append((passed, one))
    return [one for passed, one in long_ago if passed or not fresh]


def _bury(one: Failed, sender: Sender) -> bool:
    """Whether the message is among the dead letters now."""
    try:
        sender.bury(one.message, one.failure)
    except (BotoCoreError, ClientError):
        logger.exception("not given up")
        return False
    return True
