"""moto with the offline SES in its place, as boto3 sees it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
import time_machine
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws

from offline.ses import install

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """A standing clock, in UTC, and an AWS of moto that lives by it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    install()
    with mock_aws(), time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client(clock: time_machine.Traveller) -> Callable[..., Any]:
    """Makes clients that never retry: `client("ses", account="222222222222", region="eu-west-1")`."""

    def make(service: str, account: str | None = None, region: str = "us-east-1") -> Any:
        credentials = {}
        if account:
            role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
            taken = boto3.client("sts", region).assume_role(RoleArn=role, RoleSessionName="test")
            found = taken["Credentials"]
            credentials = {
                "aws_access_key_id": found["AccessKeyId"],
                "aws_secret_access_key": found["SecretAccessKey"],
                "aws_session_token": found["SessionToken"],
            }
        once = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
        return boto3.client(service, region, config=once, **credentials)

    return make


@pytest.fixture
def ses(client: Callable[..., Any]) -> Any:
    return client("ses")


@pytest.fixture
def v2(client: Callable[..., Any]) -> Any:
    return client("sesv2")


@pytest.fixture
def refused() -> Callable[..., tuple[str, str]]:
    """Calls and returns the error's code and message."""

    def call(operation: Callable[..., Any], **parameters: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as error:
            operation(**parameters)
        details = error.value.response["Error"]
        return details["Code"], details["Message"]

    return call
