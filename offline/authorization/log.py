"""The list of calls and how they were decided."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from offline.authorization.decisions import Decision


@dataclass(frozen=True)
class Call:
    """One AWS call: who asked for which action on which resource, when, and what was decided and why."""

    at: datetime
    service: str
    action: str
    resource: str
    principal: str
    decision: Decision
    reason: str

    def to_json(self) -> dict[str, str]:
        """The call as report.json lists it."""
        return {
            "at": self.at.isoformat(),
            "service": self.service,
            "action": self.action,
            "resource": self.resource,
            "principal": self.principal,
            "decision": self.decision,
            "reason": self.reason,
        }


class CallLog:
    """The newest calls, oldest first. Safe to use from many threads."""

    def __init__(self, limit: int = 100_000) -> None:
        self._calls: deque[Call] = deque(maxlen=limit)
        self._lock = Lock()

    def append(self, call: Call) -> None:
        """Add a call, and forget the oldest when there are too many."""
        with self._lock:
            self._calls.append(call)

    def __iter__(self) -> Iterator[Call]:
        with self._lock:
            return iter(tuple(self._calls))
