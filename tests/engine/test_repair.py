"""An update that stops half-way leaves what it made in the state, and the next one goes on from there."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from account_contents import contents

from offline.cloud import Cloud
from offline.engine.outcome import Outcome, read_events
from offline.engine.workspace import Workspace
from offline.faults import Faults, parse_schedule

pytestmark = pytest.mark.engine

PROGRAM = Path(__file__).parents[2]
ACCOUNT, REGION = "111111111111", "us-east-1"
LEDGER = "ses-bounce-handler-ledger"
REFUSED = "Time to live has been modified multiple times within a fixed interval"
FAULTS = {
    "faults": [
        {
            "service": "dynamodb",
            "action": "UpdateTimeToLive",
            "nth": 1,
            "effect": {"error": {"code": "ValidationException", "status": 400, "message": REFUSED}},
        }
    ]
}


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with Cloud(REGION, faults=Faults(parse_schedule(FAULTS))) as cloud:
        yield cloud


def interrupt(workspace: Workspace, stack: str, *, after: str) -> Outcome:
    """The `up` of a stack, interrupted once the resource `after` is made."""
    with workspace.start("up", stack) as up:
        assert up.stdout is not None
        seen = []
        for line in up.stdout:
            seen.append(line)
            if "resOutputsEvent" in line and f'::{after}"' in line:
                break
        up.send_signal(signal.SIGINT)
        rest, stderr = up.communicate()
    return Outcome(up.returncode, read_events("".join(seen) + rest), stderr)


def test_failed_and_interrupted_updates_are_repaired_by_the_next(
    cloud: Cloud, workspace: Callable[[Path], Workspace]
) -> None:
    project = workspace(PROGRAM)
    project.init("dev")

    failed = project.run("up", "dev")
    assert failed.exit_code != 0
    assert REFUSED in failed.errors
    assert failed.operations[LEDGER] == "create"
    assert any(LEDGER in name for name in contents(cloud.endpoint, ACCOUNT, REGION))

    interrupted = interrupt(project, "dev", after=LEDGER)
    assert interrupted.exit_code != 0
    assert "Traceback" not in interrupted.errors
    assert interrupted.operations[LEDGER] == "update"

    repaired = project.run("up", "dev")
    assert repaired.exit_code == 0
    assert set(repaired.changes) == {"create", "same"}
    assert repaired.operations[LEDGER] == "same"

    assert set(project.run("destroy", "dev").changes) == {"delete"}
    assert contents(cloud.endpoint, ACCOUNT, REGION) == {}
