"""A provider at moto, served in this process."""

from collections.abc import Iterator

import pytest
from moto.moto_api._internal.models import moto_api_backend
from provider_driver import Driver

from offline import ses
from offline.server import Moto, Server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    ses.install()
    with Server(Moto()) as running:
        yield running


@pytest.fixture
def endpoint(server: Server) -> str:
    """An AWS in which nothing exists yet."""
    moto_api_backend.reset()
    return server.endpoint


@pytest.fixture
def driver(endpoint: str) -> Driver:
    return Driver(endpoint)
