"""A cloud for these tests: moto over HTTP, a timeline, and functions deployed from source text by boto3."""

import io
import itertools
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from moto.moto_api._internal import mock_random
from moto.moto_api._internal.models import moto_api_backend
from moto.server import ThreadedMotoServer

from offline import functions as lambda_
from offline.functions import Functions, InvokeResult
from offline.timeline import Timeline

ACCOUNT = "111111111111"
START = datetime(2026, 1, 1, tzinfo=UTC)
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


def archive(source: str, **files: str) -> bytes:
    """A deployment package: index.py, and further modules by name."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as file:
        for name, text in {"index": source, **files}.items():
            file.writestr(f"{name}.py", text)
    return memory.getvalue()


@dataclass
class Cloud:
    endpoint: str
    timeline: Timeline
    functions: Functions
    numbers: Iterator[int]

    def client(self, service: str) -> Any:
        operator = boto3.client(
            "sts", "us-east-1", endpoint_url=self.endpoint, aws_access_key_id="k", aws_secret_access_key="s"
        ).assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/Operator", RoleSessionName="test")["Credentials"]
        return boto3.client(
            service,
            "us-east-1",
            endpoint_url=self.endpoint,
            aws_access_key_id=operator["AccessKeyId"],
            aws_secret_access_key=operator["SecretAccessKey"],
            aws_session_token=operator["SessionToken"],
        )

    def deploy(self, source: str, **configuration: Any) -> str:
        """Create a function with a role of its own; its ARN is the answer."""
        name = f"function-{next(self.numbers)}"
        role = self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
        return self.client("lambda").create_function(  # type: ignore[no-any-return]
            FunctionName=name,
            Runtime="python3.13",
            Role=role["Role"]["Arn"],
            Code={"ZipFile": archive(source)},
            **{"Handler": "index.handler", "Timeout": 3, **configuration},
        )["FunctionArn"]

    def invoke(self, function_arn: str, event: Any = None) -> InvokeResult:
        return self.timeline.complete(self.functions.invoke(function_arn, json.dumps(event).encode()))

    def call(self, function_arn: str, event: Any = None) -> Any:
        """Invoke a function that must not fail, and return its response."""
        result = self.invoke(function_arn, event)
        assert result.error is None, (result.payload, result.log)
        return json.loads(result.payload)


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
