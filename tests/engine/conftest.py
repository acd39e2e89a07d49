"""The offline cloud, and workspaces of the real engine in it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from offline.cloud import Cloud
from offline.engine.workspace import Workspace


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with Cloud("us-east-1") as cloud:
        yield cloud


@pytest.fixture
def workspace(cloud: Cloud, tmp_path: Path) -> Callable[[Path], Workspace]:
    """Opens the workspace of the program in a folder, one program of each name."""

    def open_workspace(program: Path) -> Workspace:
        folder = tmp_path / program.name
        folder.mkdir()
        return Workspace(program, folder, {"AWS_ENDPOINT_URL": cloud.endpoint})

    return open_workspace
