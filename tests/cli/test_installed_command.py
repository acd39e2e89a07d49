"""The command as `uv tool install .` installs it: from the wheel, away from the project's folder."""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the wheel is installed."""
    folder = tmp_path_factory.mktemp("installed")
    uv = Path(sys.executable).with_name("uv")
    install = [uv, "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-cache"]
    subprocess.run([*install, "--python", sys.executable, "--target", folder, ROOT], check=True)
    return folder


def ses_bounce(installed: Path, *arguments: str) -> str:
    """What the command prints, run without the project's own, editable installation."""
    dependencies = sysconfig.get_path("purelib")
    return subprocess.run(
        [sys.executable, "-S", "-m", "cli.main", *arguments],  # without site: without its .pth files
        cwd=installed,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), dependencies])},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_the_command_has_all_its_verbs(installed: Path) -> None:
    verbs = ses_bounce(installed, "--help")
    for file in (ROOT / "cli").glob("*.py"):
        if "def register(" in file.read_text():
            assert f" {file.stem.replace('_', '-')} " in verbs


def test_the_command_finds_its_data(installed: Path, tmp_path: Path) -> None:
    assert "OriginalMessageId" in json.loads(ses_bounce(installed, "send", "--generate-cli-skeleton"))
