"""Which calls are hit by which fault, from a schedule file."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from threading import Lock
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from offline.authorization.wire import AwsError
from offline.faults.effects import Drop, Effect, Fail, Hang, Hold, Late, Twice

_SCHEMA = json.loads(Path(__file__).with_name("schedule.schema.json").read_text())
_ALWAYS = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


class ScheduleError(ValueError):
    """A schedule that cannot be used: the message names the place, what stands there and what may."""


@dataclass(frozen=True)
class Fault:
    """Which calls are hit, and what then happens to them."""

    effect: Effect
    service: str = "*"
    action: str = "*"
    principal: str = "*"
    start: datetime = _ALWAYS[0]
    end: datetime = _ALWAYS[1]
    nth: frozenset[int] | None = None
    every: int | None = None
    probability: float | None = None
    seed: int = 0

    def selects(self, service: str, action: str, principal: str, now: datetime) -> bool:
        """Whether the call is one of those that are counted."""
        return (
            self.start <= now < self.end
            and fnmatchcase(service, self.service)
            and fnmatchcase(action, self.action)
            and fnmatchcase(principal, self.principal)
        )

    def hits(self, count: int) -> bool:
        """Whether the `count`-th call selected is hit."""
        return (
            (self.nth is None or count in self.nth)
            and (self.every is None or count % self.every == 0)
            and (self.probability is None or self._draw(count) < self.probability)
        )

    def _draw(self, count: int) -> float:
        """A number from 0 to 1 that depends on nothing but the seed and the count."""
        return random.Random(f"{self.seed}/{count}").random()  # noqa: S311  # to be repeatable, not secret


class Faults:
    """The faults of a schedule, with the count of calls that each has selected. Safe to use by many threads.

    `hold` waits so many real seconds in the server; without it the client waits in virtual time.
    """

    def __init__(self, faults: tuple[Fault, ...] = (), *, hold: Hold | None = None) -> None:
        self._faults = faults
        self._selected = [0] * len(faults)
        self._lock = Lock()
        self.hold = hold

    def strike(self, service: str, action: str, principal: str, now: datetime) -> Effect | None:
        """Count a call made at `now`, and say what happens to it if a fault hits it."""
        struck = None
        with self._lock:
            for index, fault in enumerate(self._faults):
                if fault.selects(service, action, principal, now):
                    self._selected[index] += 1
                    if struck is None and fault.hits(self._selected[index]):
                        struck = fault.effect
        return struck


def read_schedule(path: Path) -> tuple[Fault, ...]:
    """The faults of a schedule file; raises ScheduleError, or OSError when it cannot be read."""
    try:
        return parse_schedule(json.loads(path.read_bytes()))
    except ValueError as error:
        raise ScheduleError(f"{path}: {error}") from error


def parse_schedule(document: Any) -> tuple[Fault, ...]:
    """The faults of a schedule, as JSON; raises ScheduleError."""
    if wrong := best_match(Draft202012Validator(_SCHEMA).iter_errors(document)):
        raise ScheduleError(f"{wrong.json_path}: {wrong.message}; give {wrong.schema['description']}")
    return tuple(_fault(f"$.faults[{index}]", raw) for index, raw in enumerate(document["faults"]))


def _fault(path: str, raw: Mapping[str, Any]) -> Fault:
    given = {key: raw[key] for key in raw.keys() & _SAME_NAME}
    if "nth" in raw:
        given["nth"] = frozenset(raw["nth"] if isinstance(raw["nth"], list) else [raw["nth"]])
    if "from" in raw:
        given["start"] = _moment(f"{path}.from", raw["from"])
    if "until" in raw:
        given["end"] = _moment(f"{path}.until", raw["until"])
    return Fault(effect=_effect(raw["effect"]), **given)


_SAME_NAME = {"service", "action", "principal", "every", "probability", "seed"}


def _effect(raw: Mapping[str, Any]) -> Effect:
    match raw:
        case {"error": error}:
            return Fail(AwsError(error["code"], error["message"], error["status"]))
        case {"late": seconds}:
            return Late(seconds)
        case {"drop": moment}:
            return Drop(executes=moment == "after")
        case {"throttle": True}:
            return Fail()
        case {"twice": True}:
            return Twice()
        case _:
            return Hang()


def _moment(path: str, text: str) -> datetime:
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment
    raise ScheduleError(f"{path}: {text!r} is no time with a zone; give one like 2026-01-01T00:00:00Z")
