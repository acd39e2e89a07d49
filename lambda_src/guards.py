"""Guards: messages that no bounce may answer, each with the reason that is counted.

A guard says nothing about delivery: who accepts a message still gets it. It only keeps a bounce from being
sent, and the recipient is dropped instead. RFC 5321 §6, RFC 3834 §2, RFC 7489 §10.3.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lambda_src.address import Address
from lambda_src.event import ReceivedMessage
from lambda_src.settings import Settings

#: SES bounces mail "up to 24 hours after you receive it" (API reference, SendBounce).
BOUNCE_WINDOW = timedelta(hours=24)


@dataclass(frozen=True)
class Answer:
    """What a guard looks at: the message, and the address a bounce of it would go to.

    Attributes:
        message: The message.
        sender: Its envelope sender, or None where that is no address.
        sender_refused: Whether the sender is an address of ours that accepts no mail itself.
        settings: What the functions decide by.
        now: The time of the decision.
    """

    message: ReceivedMessage
    sender: Address | None
    sender_refused: bool
    settings: Settings
    now: datetime


@dataclass(frozen=True)
class Guard:
    """A reason not to answer.

    Attributes:
        reason: The name it is counted under.
        key: The key of `guards` that can set it to `ignore`; None where nothing can.
        applies: Whether it holds.
    """

    reason: str
    key: str | None
    applies: Callable[[Answer], bool]


def refusal(answer: Answer) -> str | None:
    """The reason of the first guard that forbids a bounce, or None when one may be sent."""
    for guard in GUARDS:
        if guard.key not in answer.settings.ignored_guards and guard.applies(answer):
            return guard.reason
    return None


def _null_sender(answer: Answer) -> bool:
    """No reverse-path, in any spelling: SES does not say how it writes one, so `<>` and the like count."""
    paths = (answer.message.source, *answer.message.headers.get("return-path", ()))
    return any(not any(char.isalnum() for char in path) for path in paths)


def _own_bounce_sender(answer: Answer) -> bool:
    return answer.sender is not None and answer.settings.bounce_sender.lower() in answer.sender.names


def _verdict(name: str) -> Callable[[Answer], bool]:
    return lambda answer: answer.message.verdicts.get(name) == "FAIL"


def _unauthenticated(answer: Answer) -> bool:
    """Neither DMARC nor SPF passes, so the sender may be forged and a bounce would hit a stranger."""
    return "PASS" not in (answer.message.verdicts.get("dmarc"), answer.message.verdicts.get("spf"))


def _mailer_daemon(answer: Answer) -> bool:
    return answer.message.source.partition("@")[0].strip(' <>"').lower() == "mailer-daemon"


def _list_address(answer: Answer) -> bool:
    local = answer.sender.local if answer.sender else ""
    return local.startswith("owner-") or local.endswith("-request")


def _auto_submitted(answer: Answer) -> bool:
    return any(_keyword(value) != "no" for value in answer.message.headers.get("auto-submitted", ()))


def _list_header(answer: Answer) -> bool:
    return any(name.startswith("list-") for name in answer.message.headers)


def _precedence(answer: Answer) -> bool:
    return any(
        _keyword(value) in ("bulk", "list", "junk") for value in answer.message.headers.get("precedence", ())
    )


def _keyword(value: str) -> str:
    """The keyword that a structured header begins with, before parameters and comments."""
    return value.partition(";")[0].partition("(")[0].strip().lower()


#: In the order in which they are tried. The last two: of the headers that SES cut off, one may forbid it.
GUARDS = (
    Guard("nullSender", None, _null_sender),
    Guard("mailerDaemon", "autoSubmitted", _mailer_daemon),
    Guard("malformedSender", None, lambda answer: answer.sender is None),
    Guard("ownBounceSender", None, _own_bounce_sender),
    Guard("ownDomainLoop", None, lambda answer: answer.sender_refused),
    Guard("tooOld", None, lambda answer: answer.now - answer.message.received_at > BOUNCE_WINDOW),
    Guard("virus", "virus", _verdict("virus")),
    Guard("spam", "spam", _verdict("spam")),
    Guard("unauthenticated", "unauthenticated", _unauthenticated),
    Guard("autoSubmitted", "autoSubmitted", _auto_submitted),
    Guard("listAddress", "list", _list_address),
    Guard("listHeader", "list", _list_header),
    Guard("precedence", "list", _precedence),
    Guard("headersTruncated", "autoSubmitted", lambda answer: answer.message.headers_truncated),
    Guard("headersTruncated", "list", lambda answer: answer.message.headers_truncated),
)
