"""The offline cloud, and workspaces of the real engine in it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from offline.cloud import Cloud
from offline.engine.workspace import Workspace


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud("us-east-1") as cloud:
        yield cloud


@pytest.fixture(scope="module")
def workspace(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Workspace]:
    """Makes a workspace of the program in a folder."""

    def make(program: Path) -> Workspace:
        return Workspace(program, tmp_path_factory.mktemp("workspace"), {"AWS_ENDPOINT_URL": cloud.endpoint})

    return make
