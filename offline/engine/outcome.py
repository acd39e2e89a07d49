"""What a command of the real engine did, read from the events it prints with `--json`."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Event = Mapping[str, Any]
"""One `apitype.EngineEvent` of Pulumi: exactly one of its keys names the kind of event."""


@dataclass(frozen=True)
class Outcome:
    """The end of one `pulumi` command: its exit code, its events in order, and what it wrote on stderr."""

    exit_code: int
    events: tuple[Event, ...] = field(repr=False)
    stderr: str

    @property
    def changes(self) -> dict[str, int]:
        """Number of resources by operation: `create`, `update`, `replace`, `same` …"""
        return dict(next(self._of_kind("summaryEvent"), {}).get("resourceChanges") or {})

    @property
    def operations(self) -> dict[str, str]:
        """Operation by resource name; of several steps with a resource, the last."""
        return {_name(step): step["op"] for step in self._steps()}

    @property
    def differences(self) -> dict[str, list[str]]:
        """Paths of the properties that change, by resource name."""
        return {
            _name(step): sorted(step["detailedDiff"]) for step in self._steps() if step.get("detailedDiff")
        }

    @property
    def errors(self) -> str:
        """Every error shown to the user, in order."""
        return "\n".join([*(each["message"] for each in self._diagnostics("error")), self.stderr]).strip()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the program warned of; the engine's own warnings are of no resource."""
        return tuple(each["message"].strip() for each in self._diagnostics("warning") if "urn" in each)

    @property
    def violations(self) -> list[str]:
        """Names of the policies that the program breaks."""
        return [event["policyName"] for event in self._of_kind("policyEvent")]

    def _diagnostics(self, severity: str) -> Iterator[dict[str, Any]]:
        return (each for each in self._of_kind("diagnosticEvent") if each["severity"] == severity)

    def _steps(self) -> Iterator[dict[str, Any]]:
        return (event["metadata"] for event in self._of_kind("resourcePreEvent", "resOutputsEvent"))

    def _of_kind(self, *kinds: str) -> Iterator[dict[str, Any]]:
        return (event[kind] for event in self.events for kind in kinds if kind in event)


def _name(step: Mapping[str, Any]) -> str:
    return str(step["urn"].rpartition("::")[2])


def read_events(lines: str) -> tuple[Event, ...]:
    """The events among the lines that a command prints; some commands print a text for people beside them."""
    return tuple(json.loads(line) for line in lines.splitlines() if line.startswith("{"))
