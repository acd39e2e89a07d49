"""One moto over HTTP for all these tests, emptied for each."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from lambda_cloud import START, Cloud
from moto.moto_api._internal import mock_random
from moto.moto_api._internal.models import moto_api_backend
from moto.server import ThreadedMotoServer

from offline import functions as lambda_
from offline.functions import Functions
from offline.timeline import Timeline


@pytest.fixture(scope="session")
def moto_endpoint() -> Iterator[str]:
    lambda_.install()
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def make_cloud(moto_endpoint: str) -> Iterator[Callable[..., Cloud]]:
    """Make clouds, one after the other; each ends the one before."""
    contexts: list[Any] = []

    def end() -> None:
        while contexts:
            contexts.pop().__exit__(None, None, None)
        moto_api_backend.reset()

    def make(**options: Any) -> Cloud:
        end()
        mock_random.seed(1)
        timeline = Timeline(None if options.get("real_time") else START, **options)
        functions = Functions(moto_endpoint, timeline)
        for context in (timeline, functions):
            context.__enter__()
            contexts.append(context)
        return Cloud(moto_endpoint, timeline, functions, itertools.count(1))

    yield make
    end()


@pytest.fixture
def cloud(make_cloud: Callable[..., Cloud]) -> Cloud:
    return make_cloud()
