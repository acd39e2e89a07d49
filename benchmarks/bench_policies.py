"""How fast decisions, who-can and diff are."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.figure import Figure
from policies.access import diff, who_can
from policies.evaluation import Policy, PolicySet, Request, compile_policy, decide, parse_principal
from policies.evaluation.languages import examples

CALLER, OWNER = "111111111111", "222222222222"
IDENTITY = f"arn:aws:ses:us-east-1:{OWNER}:identity/example.com"
ALLOWED = ("*@example.com", "*@*.example.com", "mailer-*@mail.example.com")
DENIED = ("*bounce*@example.com", "root@*", "*@mail.*")
DECISIONS = 20_000
REPEATS = 5


def measure() -> Iterator[Figure]:
    """Decisions a second for two policies of one statement; who-can and diff over three and three globs."""
    yield Figure.at_least("decisions, two policies of one statement", _decisions_per_second(), "/s", 50_000)
    allowing = _policy(*(_grant("Allow", pattern) for pattern in ALLOWED))
    limited = _policy(
        *(_grant("Allow", pattern) for pattern in ALLOWED), *(_grant("Deny", pattern) for pattern in DENIED)
    )
    listed = _milliseconds(lambda: who_can([limited], "ses:SendBounce", IDENTITY))
    yield Figure.at_most("who-can, three allow minus three deny globs", listed, "ms", 5)
    yield Figure("diff that adds three deny globs", _milliseconds(lambda: diff([allowing], [limited])), "ms")


def _decisions_per_second() -> float:
    """Half of them allowed, half denied, each request made anew; the best of several runs."""
    policies = PolicySet(
        identity=(_policy(_statement(None)),), resource=(_policy(_grant("Allow", ALLOWED[0])),)
    )
    caller = parse_principal(f"arn:aws:sts::{CALLER}:assumed-role/bounce-sender/run")
    senders = [
        {"ses:FromAddress": (f"sender{number}@example.{top}",)}
        for number in range(50)
        for top in ("com", "org")
    ]

    def run() -> float:
        start = time.process_time()
        for number in range(DECISIONS):
            context = senders[number % len(senders)]
            decide(Request(caller, "ses:SendBounce", IDENTITY, None, context), policies)
        return DECISIONS / (time.process_time() - start)

    return max(run() for _ in range(REPEATS))


def _milliseconds(work: Callable[[], Any]) -> float:
    """The best of several runs, nothing kept from one to the next."""

    def run() -> float:
        examples.cache_clear()
        start = time.process_time()
        work()
        return (time.process_time() - start) * 1000

    return min(run() for _ in range(REPEATS))


def _policy(*statements: dict[str, Any]) -> Policy:
    return compile_policy({"Version": "2012-10-17", "Statement": list(statements)})


def _statement(sender: str | None) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": "Allow", "Action": "ses:SendBounce", "Resource": IDENTITY}
    return {**statement, "Condition": {"StringLike": {"ses:FromAddress": sender}}} if sender else statement


def _grant(effect: str, sender: str) -> dict[str, Any]:
    return {**_statement(sender), "Effect": effect, "Principal": {"AWS": CALLER}}
