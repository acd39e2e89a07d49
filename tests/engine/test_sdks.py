"""The SDKs that are generated from the schema, and the examples that import them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from account_contents import contents
from post import REGION, send

from offline.cloud import Cloud
from offline.engine import installation
from offline.engine.workspace import Workspace

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
RECEIVER, OWNER = "111111111111", "222222222222"


@pytest.fixture(scope="module")
def sdks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the SDKs in `python` and `nodejs`."""
    folder, schema = tmp_path_factory.mktemp("sdks"), ROOT / "plugin" / "schema.json"
    pulumi = installation.find()
    if pulumi.parent == installation.BUILT:
        ran([pulumi.with_name("sdkgen"), schema, folder], folder=folder)
    else:
        generate: list[str | Path] = [pulumi, "package", "gen-sdk", schema, "--local", "--out", folder]
        for language in ("python", "nodejs"):
            ran([*generate, "--language", language], folder=folder)
    return folder


@pytest.fixture(scope="module")
def python_sdk(sdks: Path) -> Path:
    """The folder into which the Python SDK is installed."""
    folder = sdks / "installed"
    uv = Path(sys.executable).with_name("uv")
    install = [uv, "pip", "install", "--no-deps", "--no-build-isolation", "--python", sys.executable]
    ran([*install, "--target", folder, sdks / "python"], folder=sdks)
    return folder


def ran(command: list[str | Path], *, folder: Path, **environment: str) -> None:
    """Run a command in a folder; the test fails with its output when it fails."""
    result = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, check=False, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_python_example_has_the_right_types(python_sdk: Path) -> None:
    program = EXAMPLES / "two-accounts-python" / "__main__.py"
    mypy: list[str | Path] = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", program]
    ran(mypy, folder=ROOT, MYPYPATH=str(python_sdk))


def test_the_python_example_bounces_from_one_account_for_another(
    cloud: Cloud, python_sdk: Path, tmp_path: Path
) -> None:
    environment = {"AWS_ENDPOINT_URL": cloud.endpoint, "PYTHONPATH": str(python_sdk)}
    project = Workspace(EXAMPLES / "two-accounts-python", tmp_path, environment)
    project.init("dev", {"two-accounts:receivingAccountId": RECEIVER, "two-accounts:owningAccountId": OWNER})
    assert project.run("up", "dev").errors == ""
    [bounce] = send(cloud, "nobody@example.com", account=RECEIVER)
    assert bounce.sender == "mailer-daemon@example.org"


def test_every_input_may_be_an_output(cloud: Cloud, python_sdk: Path, tmp_path: Path) -> None:
    environment = {"AWS_ENDPOINT_URL": cloud.endpoint, "PYTHONPATH": str(python_sdk)}
    program = Path(__file__).parent / "programs" / "outputs"
    project = Workspace(program, tmp_path, environment)
    project.init("dev", {"aws:region": REGION})
    preview = project.run("preview", "dev")
    assert preview.errors == ""
    up = project.run("up", "dev")
    assert up.errors == ""
    assert up.changes == preview.changes

    [bounce] = send(cloud, "bob@example.com", account=RECEIVER)
    assert bounce.sender == "postmaster@example.com"
    assert bounce.request is not None
    assert bounce.request["MessageDsn"]["ReportingMta"] == "dns; mail.example.com"
    assert bounce.request["BouncedRecipientInfoList"][0]["BounceType"] == "Undefined"
    [static] = send(cloud, "fax@example.com", account=RECEIVER)
    assert b"550" in static.raw
    made = contents(cloud.endpoint, RECEIVER, REGION)
    assert {made[each]["retentionInDays"] for each in made if each.startswith("logs/")} == {7}


@pytest.mark.skipif(shutil.which("npm") is None, reason="no npm on PATH")
def test_the_typescript_example_has_the_right_types(sdks: Path) -> None:
    project = installation.BUILT.parent / "two-accounts-typescript"  # kept: its node_modules are large
    shutil.copytree(EXAMPLES / "two-accounts-typescript", project, dirs_exist_ok=True)
    shutil.copytree(sdks / "nodejs", project / "sdks" / "ses-bounce", dirs_exist_ok=True)
    ran(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], folder=project)
    ran(["npx", "tsc", "--project", "sdks/ses-bounce"], folder=project)
    ran(["npx", "tsc"], folder=project)
