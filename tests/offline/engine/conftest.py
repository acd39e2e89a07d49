"""Small programs for the embedded engine, deployed into moto served in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from embedded_stack import Stack
from moto.moto_api._internal.models import moto_api_backend

from offline import ses
from offline.server import Moto, Server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    ses.install()
    with Server(Moto()) as running:
        yield running


@pytest.fixture
def stack(server: Server, tmp_path: Path) -> Stack:
    """A stack of which nothing is deployed yet, in an AWS in which nothing exists yet."""
    moto_api_backend.reset()
    return Stack(server.endpoint, tmp_path)
