"""What nobody has documented about SES receiving and this cloud had to decide, in one place.

Whoever sees what AWS does changes it here. Inferred too, and built in: the rules of a set go on after a
bounce action, and a retry begins with the set's first rule.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

# SMTP replies: SES documents that it refuses, not how.
NO_SUCH_MAILBOX = (550, "5.1.1 Requested action not taken: mailbox unavailable")
CLIENT_BLOCKED = (554, "5.7.1 Requested action not taken: message refused")
TLS_REQUIRED = (530, "5.7.0 Must issue a STARTTLS command first")

# How a null return path appears in `mail.source` and `commonHeaders.returnPath`.
NULL_SOURCE = ""

# Local parts of recipient conditions are compared without regard to case.
LOCAL_PARTS_IGNORE_CASE = True

# The verdict of a scan that the rule does not ask for; AWS's own Powertools lists it for spam only.
NOT_SCANNED = "DISABLED"

# "Headers truncated at about 50 KB": whole header fields are left out once their sum is over it.
HEADERS_LIMIT = 50 * 1024

# A bounce that SES sends in its own name, for mail too large for an action.
OWN_SENDER = "MAILER-DAEMON@amazonses.com"


def retry_delays() -> Iterator[timedelta]:
    """How long SES waits before it tries again: twice as long each time, from a minute to an hour."""
    return (timedelta(minutes=min(2**attempt, 60)) for attempt in count())
