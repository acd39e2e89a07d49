"""The real engine runs programs that need no provider."""

import signal
from pathlib import Path

import pytest

from offline.engine.workspace import Workspace

pytestmark = pytest.mark.engine
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def greeting(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(HERE / "programs" / "greeting", tmp_path_factory.mktemp("greeting"), environment={})


def test_a_stack_from_preview_to_destroy(greeting: Workspace) -> None:
    greeting.init("life", {"greeting:name": "ann"})
    preview = greeting.run("preview", "life")
    assert (preview.exit_code, preview.operations["ann"]) == (0, "create")
    up = greeting.run("up", "life")
    assert (up.exit_code, up.changes) == (0, {"create": 2})
    assert greeting.outputs("life")["greeting"] == "hello ann"
    assert greeting.run("up", "life").changes == {"same": 2}
    assert greeting.run("destroy", "life").changes == {"delete": 2}


def test_the_projects_folder_is_not_written_to(greeting: Workspace) -> None:
    assert (greeting.project / "Pulumi.life.yaml").exists()
    assert not (HERE / "programs" / "greeting" / "Pulumi.life.yaml").exists()


@pytest.mark.parametrize(
    ("config", "error"),
    [
        ({}, "Missing required configuration variable 'greeting:name'"),
        ({"greeting:name": "ann", "greeting:end": "raise"}, "ValueError: the name is taken"),
    ],
    ids=["configuration", "exception"],
)
def test_a_program_that_fails_fails_the_preview_and_says_why_once(
    greeting: Workspace, config: dict[str, str], error: str
) -> None:
    stack = f"fails-{len(config)}"
    greeting.init(stack, config)
    preview = greeting.run("preview", stack)
    assert preview.exit_code != 0
    assert preview.errors.count(error) == 1


def test_a_secret_is_encrypted_in_configuration_and_state(greeting: Workspace) -> None:
    greeting.init("secretive", {"greeting:name": "ann"})
    greeting.ask("config", "set", "--stack", "secretive", "--secret", "secret", "swordfish")
    assert greeting.run("up", "secretive").exit_code == 0
    assert greeting.outputs("secretive")["secret"] == "swordfish"
    assert "swordfish" not in (greeting.project / "Pulumi.secretive.yaml").read_text()
    assert "swordfish" not in greeting.ask("stack", "export", "--stack", "secretive")


def test_an_interrupted_update_ends_without_a_traceback_and_without_a_lock(greeting: Workspace) -> None:
    greeting.init("interrupted", {"greeting:name": "ann", "greeting:end": "wait"})
    with greeting.start("up", "interrupted") as up:
        assert up.stdout is not None
        while "waiting" not in up.stdout.readline():
            pass
        up.send_signal(signal.SIGINT)
        stdout, stderr = up.communicate(timeout=30)
    assert up.returncode != 0
    assert "Traceback" not in stdout + stderr
    assert greeting.run("destroy", "interrupted").exit_code == 0


def test_a_mandatory_policy_stops_the_preview(greeting: Workspace) -> None:
    greeting.init("policy", {"greeting:name": "ann-of-the-very-long-name"})
    pack = str(HERE / "packs" / "short_names")
    preview = greeting.run("preview", "policy", "--policy-pack", pack)
    assert preview.exit_code != 0
    assert preview.violations == ["short-names"]


def test_a_component_plugin_serves_a_yaml_program(tmp_path: Path) -> None:
    reader = Workspace(HERE / "programs" / "reader", tmp_path, environment={})
    reader.init("dev", {})
    up = reader.run("up", "dev")
    assert up.errors == ""
    assert reader.outputs("dev") == {"label": "upper: Ulysses"}
