"""Deploying the whole stack offline, against the AWS calls alone of which the deployment consists."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from botocore import xform_name
from botocore.client import BaseClient
from moto.moto_api._internal import mock_random

from benchmarks.figure import Figure
from offline import accounts
from offline.cloud import Cloud
from offline.engine.embedded import Deployment
from offline.engine.project import read_stack_config
from offline.provider.servicer import AwsProvider

PROGRAM = Path(__file__).parents[1]
ACCOUNT, REGION = "111111111111", "us-east-1"
ROUNDS = 7


@dataclass(frozen=True)
class Call:
    """An AWS call as its client was asked for it."""

    service: str
    operation: str
    parameters: dict[str, Any]


def measure() -> Iterator[Figure]:
    """Client and server share this process: the processor's time is the time on a machine with nothing else
    to do, and by it the two are compared. The first deployment also imports the program and its SDKs."""
    with cloud() as endpoint, recorded() as calls:
        first = deploy(endpoint)
    port = int(endpoint.rpartition(":")[2])  # queue URLs among the parameters hold it
    ups, alone = [], []
    for _ in range(ROUNDS):
        with cloud(port) as endpoint:
            ups.append(deploy(endpoint))
        with cloud(port) as endpoint:
            alone.append(replay(calls, endpoint))
    up, calls_alone = (min(cost.processor for cost in costs) for costs in (ups, alone))
    yield Figure("first up in a process", first.elapsed, "s")
    yield Figure.at_most("up", min(cost.elapsed for cost in ups), "s", 3)
    yield Figure(f"the same {len(calls)} AWS calls alone", min(cost.elapsed for cost in alone), "s")
    yield Figure.at_most("up / the same AWS calls alone", up / calls_alone, "x", 1.5)


@contextmanager
def cloud(port: int = 0) -> Iterator[str]:
    """The endpoint of an empty AWS that makes up the same IDs each time, so that calls can be repeated."""
    mock_random.seed(0)
    with Cloud(REGION, port=port) as running:
        yield running.endpoint


@contextmanager
def recorded() -> Iterator[list[Call]]:
    """The AWS calls that are made meanwhile, in order."""
    calls: list[Call] = []
    make = BaseClient._make_api_call

    def record(client: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:
        calls.append(Call(client.meta.service_model.service_name, operation, parameters))
        return make(client, operation, parameters)

    with patch.object(BaseClient, "_make_api_call", record):
        yield calls


@dataclass(frozen=True)
class Cost:
    """Seconds that something took: by the clock, and of the processor."""

    elapsed: float
    processor: float


class Stopwatch:
    """Runs from its making."""

    def __init__(self) -> None:
        self._clock, self._processor = time.perf_counter(), time.process_time()

    @property
    def cost(self) -> Cost:
        return Cost(time.perf_counter() - self._clock, time.process_time() - self._processor)


def deploy(endpoint: str) -> Cost:
    """Deploys the dev stack."""
    config = read_stack_config(PROGRAM / "Pulumi.dev.yaml")
    deployment = Deployment(PROGRAM, "dev", config, lambda: AwsProvider(endpoint))
    watch = Stopwatch()
    deployment.up()
    return watch.cost


def replay(calls: list[Call], endpoint: str) -> Cost:
    """Gets a session and clients, and makes the calls with them."""
    watch = Stopwatch()
    session = accounts.session(endpoint, ACCOUNT, REGION)
    clients: dict[str, Any] = {}
    for call in calls:
        if call.operation == "AssumeRole":
            continue  # by which the session was got
        if call.service not in clients:
            clients[call.service] = session.client(call.service, endpoint_url=endpoint)
        getattr(clients[call.service], xform_name(call.operation))(**call.parameters)
    return watch.cost
