"""Workspaces of the real engine."""

from collections.abc import Callable
from pathlib import Path

import pytest

from offline.engine.workspace import Workspace

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Workspace]:
    """Makes a workspace of a program of this folder, by its name."""

    def make(program: str) -> Workspace:
        return Workspace(HERE / "programs" / program, tmp_path_factory.mktemp(program), environment={})

    return make
