"""A cloud for these tests: a timeline, and functions that boto3 deploys from source text."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3

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
READING = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
            "Resource": "*",
        }
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
        """Create a function with a role of its own, which may read queues; its ARN is the answer."""
        name = f"function-{next(self.numbers)}"
        iam = self.client("iam")
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
        iam.put_role_policy(RoleName=name, PolicyName="queues", PolicyDocument=json.dumps(READING))
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
