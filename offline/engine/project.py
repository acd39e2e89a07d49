"""A Pulumi project on disk: ``Pulumi.yaml``, and the configuration of a stack in ``Pulumi.<stack>.yaml``."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from offline.engine.errors import DeploymentError


@dataclass(frozen=True)
class Project:
    """What ``Pulumi.yaml`` says of a Python project."""

    name: str
    folder: Path
    config: Mapping[str, Any]
    """Its ``config``: by key, a default value or ``{"type", "default", "value", …}``."""

    @property
    def main(self) -> Path:
        """The program."""
        return self.folder / "__main__.py"


def read_project(folder: Path) -> Project:
    """The project in a folder. Raises :class:`DeploymentError` when there is none."""
    settings = _read_yaml(folder / "Pulumi.yaml")
    if "name" not in settings:
        raise DeploymentError(f"{folder / 'Pulumi.yaml'} does not name the project")
    return Project(settings["name"], folder, settings.get("config") or {})


def read_stack_config(file: Path) -> dict[str, Any]:
    """The ``config`` of a file in the form of ``Pulumi.<stack>.yaml``, values as they stand in it."""
    return dict(_read_yaml(file).get("config") or {})


def _read_yaml(file: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(file.read_text())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DeploymentError(f"{file} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise DeploymentError(f"{file} is not a Pulumi file: it holds no mapping")
    return content


def resolve_config(project: Project, stack: str, given: Mapping[str, Any]) -> dict[str, str]:
    """The configuration as the program sees it: every key with its namespace, structured values as JSON.

    Raises :class:`DeploymentError` for a key that the project declares without a default and nobody gives.
    """
    values = {_qualified(project, key): value for key, value in given.items()}
    for key, declared in project.config.items():
        name = _qualified(project, key)
        if name in values:
            continue
        default = _default(declared)
        if default is not None:
            values[name] = default
        elif isinstance(declared, Mapping) and "type" in declared:
            raise DeploymentError(f"Stack '{stack}' is missing configuration value '{key}'")
    return {key: _text(key, value) for key, value in values.items()}


def _qualified(project: Project, key: str) -> str:
    return key if ":" in key else f"{project.name}:{key}"


def _default(declared: Any) -> Any:
    if isinstance(declared, Mapping):
        return declared.get("default", declared.get("value"))
    return declared


def _text(key: str, value: Any) -> str:
    if isinstance(value, Mapping) and value.keys() == {"secure"}:
        raise DeploymentError(f"{key} is encrypted; the embedded engine needs it in plain text")
    return value if isinstance(value, str) else json.dumps(value, default=str)
