"""Events that hostile mail could cause, and worse: generated from a seed, as many as wanted."""

import random
from collections.abc import Iterator
from typing import Any

from lambda_builders import ses_event

PIECES = (
    "\r\n", "\n", "\r", "\x00", "\x0b", "\x1b[2J", "\x7f", "\x85", "\u2028", "\u202e", "\u200b", "\ufeff",
    "\ud800", "\udfff", "\U0010ffff", "é", "ß", "例え", "。", "xn--", "=?x?q?=0D=0A?=",
    "=?utf-8?B?DQpYOiB5?=", "{recipient}", "{0.__class__}", "{{", "}", "%s", "${jndi:x}", "<", ">", "<>",
    '"', "\\", "@", "+", "*",
    ";", ",", ":", " ", "\t", "(", ")", "[", "]", "..", "-", "_", "a", "user", "example.com", "@example.com",
    "Bcc: all@example.com", "X-Injected: 1", "rfc822;", "smtp; 550", "owner-", "-request", "MAILER-DAEMON",
)  # fmt: skip
HEADERS = (
    "Auto-Submitted", "Precedence", "List-Id", "List-Unsubscribe", "Return-Path", "Subject", "From", "To",
    "Received", "Content-Type", "X-Kind",
)  # fmt: skip
ABSURD_TIMES = (
    "1970-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00+14:00",
    "Thu, 99 Foo 2026 99:99:99 +9999", "-1", "1e999", "nan", "", "\x00", "99999999999999999999",
)  # fmt: skip
VERDICTS: tuple[object, ...] = (
    "PASS", "PASS", "PASS", "FAIL", "GRAY", "PROCESSING_FAILED", "pass", "", None, 7, [], {"status": "PASS"},
)  # fmt: skip
JUNK: tuple[object, ...] = (
    None,
    True,
    0,
    -1,
    1e308,
    float("nan"),
    "",
    "x",
    [],
    [None],
    {},
    {"status": {}},
    [[]],
)


def events(number: int, seed: int) -> Iterator[Any]:
    """`number` events; the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(number):
        yield _damaged(_event(chance), chance) if chance.random() < 0.3 else _event(chance)


def _text(chance: random.Random) -> str:
    text = "".join(chance.choices(PIECES, k=chance.randrange(8)))
    return text * chance.choice((1, 1, 1, 1, 1, 500))


def _address(chance: random.Random) -> str:
    plain = f"user{chance.randrange(5)}{chance.choice(('', '+tag'))}@{chance.choice(('', 'a.'))}example.com"
    return chance.choice((plain, _odd(chance, "example.com")))


def _odd(chance: random.Random, domain: str) -> str:
    text = _text(chance)
    return chance.choice((f"{text}@{domain}", f'"{text}"@{domain}', f"user@{text}.{domain}", text))


def _event(chance: random.Random) -> Any:
    event = ses_event(
        *(_address(chance) for _ in range(chance.choice((1, 1, 2, 5)))),
        sender=chance.choice(
            ("alice@sender.example", "alice@sender.example", _odd(chance, "sender.example"))
        ),
        verdicts={
            name: chance.choice(VERDICTS) for name in ("spf", "dkim", "dmarc", "spam", "virus", "dmarcPolicy")
        },
        timestamp=chance.choice(ABSURD_TIMES) if chance.random() < 0.2 else "2026-01-01T00:00:00.000Z",
        headersTruncated=chance.choice((False, False, False, True, "false")),
    )
    event["Records"][0]["ses"]["mail"]["headers"] = [
        {"name": chance.choice((*HEADERS, _text(chance))), "value": _text(chance)}
        for _ in range(chance.randrange(4))
    ]
    return event


def _damaged(event: Any, chance: random.Random) -> Any:
    """The event with a value somewhere in it replaced."""
    place = event
    while True:
        key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if not isinstance(place[key], dict | list) or not place[key] or chance.random() < 0.2:
            break
        place = place[key]
    place[key] = chance.choice(JUNK)
    return event
