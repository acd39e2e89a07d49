"""A served cloud of several accounts, and clients of roles with exactly the policies a test gives them."""

import json
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from offline.accounts import session
from offline.authorization.gateway import Gateway

HERE, THERE = "111111111111", "222222222222"
REGION = "us-east-1"
LAMBDA = {"Service": "lambda.amazonaws.com"}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def allow(action: str | list[str], resource: str | list[str] = "*", **elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **elements}


def deny(action: str, resource: str = "*", **elements: Any) -> dict[str, Any]:
    return {**allow(action, resource, **elements), "Effect": "Deny"}


def refusal(call: Any, /, **parameters: Any) -> tuple[str, str]:
    """The code and message of the error that a client's call raises."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@dataclass(frozen=True)
class Cloud:
    endpoint: str
    gateway: Gateway

    def client(self, service: str, of: boto3.Session) -> Any:
        return of.client(
            service, endpoint_url=self.endpoint, config=Config(retries={"total_max_attempts": 1})
        )

    def operator(self, service: str, account: str = HERE, region: str = REGION) -> Any:
        return self.client(service, session(self.endpoint, account, region))

    def role(
        self, *statements: dict[str, Any], name: str = "caller", account: str = HERE, **options: Any
    ) -> boto3.Session:
        """A session of a new role that has these statements as its inline policy."""
        iam = self.operator("iam", account)
        trust = policy({"Effect": "Allow", "Principal": LAMBDA, "Action": "sts:AssumeRole"})
        iam.create_role(**{"RoleName": name, "AssumeRolePolicyDocument": trust, **options})
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=policy(*statements))
        return session(self.endpoint, account, REGION, name)

    def queue(self, name: str = "bounces", account: str = HERE, **attributes: str) -> str:
        """The URL of a new queue."""
        sqs = self.operator("sqs", account)
        return str(sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])
