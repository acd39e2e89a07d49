"""A Pulumi project run by the real engine, with all that it keeps in one folder."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from offline.engine import installation
from offline.engine.outcome import Outcome, read_events

SETTINGS = {
    "PULUMI_SKIP_UPDATE_CHECK": "true",
    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    "PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true",
    "PULUMI_CONFIG_PASSPHRASE": "offline",
}


class Workspace:
    """The project in the folder `program`, run by `pulumi` with `folder` (empty at first) as its home.

    The project's own folder stays as it is: the workspace has links to its files, and copies of those that
    Pulumi writes to. `environment` is added to this process's; its AWS_ENDPOINT_URL is where AWS providers
    find the offline cloud. Raises EngineMissingError without an engine.
    """

    def __init__(self, program: Path, folder: Path, environment: Mapping[str, str]) -> None:
        self.project = folder / "project"
        self.packages = folder / "packages"
        pulumi = installation.find()
        plugins, state = folder / "plugins", folder / "state"
        for needed in (plugins, state):
            needed.mkdir()
        link(program, self.project)
        link_packages(program, self.project, self.packages)
        installation.write_launcher(plugins / "pulumi-resource-aws", module="offline.engine.start_provider")
        tools = (plugins, pulumi.parent, Path(sys.executable).parent)
        self._pulumi = str(pulumi)
        self._environment = {
            **os.environ,
            **SETTINGS,
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": state.as_uri(),
            "PATH": os.pathsep.join([*map(str, tools), os.environ["PATH"]]),
            **environment,
        }

    def init(self, stack: str, config: Mapping[str, Any] | None = None) -> None:
        """Make a stack; `config`, keys with their namespace, replaces the project's `Pulumi.<stack>.yaml`."""
        if config is not None:
            settings = yaml.safe_dump({"config": dict(config)})
            (self.project / f"Pulumi.{stack}.yaml").write_text(settings)
        self.ask("stack", "init", "--stack", stack)

    def run(self, command: str, stack: str, *options: str) -> Outcome:
        """Run `up`, `preview`, `refresh`, `destroy` or `import` to its end, whatever that is."""
        with self.start(command, stack, *options) as process:
            stdout, stderr = process.communicate()
        return Outcome(process.returncode, read_events(stdout), stderr)

    def start(self, command: str, stack: str, *options: str) -> "subprocess.Popen[str]":
        """Start such a command; its events come on stdout."""
        unasked = () if command == "preview" else ("--yes", "--skip-preview")
        return self._start(command, "--stack", stack, "--json", *unasked, *options)

    def outputs(self, stack: str) -> dict[str, Any]:
        """The stack's outputs, secrets in plain text."""
        return dict(json.loads(self.ask("stack", "output", "--stack", stack, "--json", "--show-secrets")))

    def ask(self, *arguments: str) -> str:
        """What any other `pulumi` command prints. Raises CalledProcessError when it fails."""
        with self._start(*arguments) as process:
            stdout, stderr = process.communicate()
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, process.args, stdout, stderr)
        return stdout

    def _start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(  # noqa: S603 - the engine that the user installed or we built
            (self._pulumi, *arguments, "--non-interactive", "--color", "never"),
            cwd=self.project,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def link(program: Path, folder: Path) -> None:
    """Let the new `folder` stand for a program or plugin, run in this Python environment.

    It has links to all of the program's files, but copies of those that Pulumi writes to.
    """
    folder.mkdir(parents=True)
    for entry in program.iterdir():
        if entry.match("Pulumi.*"):
            shutil.copyfile(entry, folder / entry.name)
        else:
            (folder / entry.name).symlink_to(entry.resolve())
    for environment in (".venv", "venv"):  # the names in use here; "venv" is Pulumi's default for plugins
        if not (folder / environment).exists():
            (folder / environment).symlink_to(sys.prefix)


def link_packages(program: Path, project: Path, folder: Path) -> None:
    """Let `project`, which stands for `program`, find in `folder` what that finds by relative paths."""
    file = project / "Pulumi.yaml"
    settings = yaml.safe_load(file.read_text())
    for name, source in settings.get("packages", {}).items():
        if source.startswith("."):
            link(program / source, folder / name)
            settings["packages"][name] = str(folder / name)
    file.write_text(yaml.safe_dump(settings, sort_keys=False))
