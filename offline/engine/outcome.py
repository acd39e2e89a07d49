"""What a command of the real engine did, read from the events it prints with `--json`."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Event = Mapping[str, Any]
"""One `apitype.EngineEvent` of Pulumi: exactly one of its keys names the kind of event."""


@dataclass(frozen=True)
class Outcome:
    """The end of one `pulumi` command: its exit code, its events in order, and what it wrote on stderr."""

    exit_code: int
    events: tuple[Event, ...]
    stderr: str

    @property
    def changes(self) -> dict[str, int]:
        """Number of resources by operation: `create`, `update`, `replace`, `same` …"""
        return dict(next(self._of_kind("summaryEvent"), {}).get("resourceChanges") or {})

    @property
    def operations(self) -> dict[str, str]:
        """Operation by resource name; of a replacement, the last of its steps."""
        steps = (event["metadata"] for event in self._of_kind("resourcePreEvent"))
        return {step["urn"].rpartition("::")[2]: step["op"] for step in steps}

    @property
    def differences(self) -> dict[str, list[str]]:
        """Paths of the properties that change, by resource name."""
        steps = (event["metadata"] for event in self._of_kind("resourcePreEvent"))
        return {
            step["urn"].rpartition("::")[2]: sorted(step["detailedDiff"])
            for step in steps
            if step.get("detailedDiff")
        }

    @property
    def errors(self) -> str:
        """Every error shown to the user, in order."""
        diagnostics = [
            event["message"] for event in self._of_kind("diagnosticEvent") if event["severity"] == "error"
        ]
        return "\n".join([*diagnostics, self.stderr]).strip()

    @property
    def violations(self) -> list[str]:
        """Names of the policies that the program breaks."""
        return [event["policyName"] for event in self._of_kind("policyEvent")]

    def _of_kind(self, kind: str) -> Iterator[dict[str, Any]]:
        return (event[kind] for event in self.events if kind in event)


def read_events(lines: str) -> tuple[Event, ...]:
    """The events among the lines that a command prints; some commands print a text for people beside them."""
    return tuple(json.loads(line) for line in lines.splitlines() if line.startswith("{"))
