"""A served cloud for each test."""

import functools
from collections.abc import Iterator

import pytest
from authorized_cloud import Cloud
from botocore.loaders import create_loader

import offline.ses
from offline.authorization.gateway import Gateway
from offline.server import Moto, Server


@pytest.fixture(autouse=True, scope="session")
def read_service_models_once() -> Iterator[None]:
    """botocore reads and parses its models anew for every session; here every role has its own session."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.session.create_loader", functools.cache(create_loader))
        yield


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    offline.ses.install()
    gateway = Gateway(Moto())
    with Server(gateway) as server:
        yield Cloud(server.endpoint, gateway)
