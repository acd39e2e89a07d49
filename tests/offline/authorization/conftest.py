"""A served cloud for each test."""

from collections.abc import Iterator

import pytest
from authorized_cloud import Cloud

import offline.ses
from offline.authorization.gateway import Gateway
from offline.server import Moto, Server


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    offline.ses.install()
    gateway = Gateway(Moto())
    with Server(gateway) as server:
        yield Cloud(server.endpoint, gateway)
