"""The receiving account, a function it may invoke, a topic that can be read."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from moto import mock_aws
from receiving_world import ACCOUNT, FUNCTION, START, Function, Result, World, clients

from offline.receiving import Receiving
from offline.ses import install
from offline.timeline import Activity, Timeline


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """An account that receives for example.com with an active, empty rule set, on virtual time."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    install()
    function = Function()
    with mock_aws(), Timeline(START) as timeline:

        def invoke(arn: str, event: bytes, kind: str) -> Activity[Result]:
            assert arn == FUNCTION
            function.events.append(json.loads(event)["Records"][0]["ses"])
            function.kinds.append(kind)
            yield timeline.env.timeout(function.duration)
            return function.answers.pop(0) if function.answers else Result()

        ses = clients()("ses")
        ses.verify_domain_identity(Domain="example.com")
        ses.create_receipt_rule_set(RuleSetName="set")
        ses.set_active_receipt_rule_set(RuleSetName="set")
        yield World(timeline, Receiving(timeline, invoke, "us-east-1"), function, ses)


@pytest.fixture
def handler(world: World) -> dict[str, Any]:
    """A Lambda action for a function that every rule of the set may invoke."""
    aws = clients()
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}
    role = aws("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("handler.py", "")
    aws("lambda").create_function(
        FunctionName="handler",
        Runtime="python3.13",
        Role=role,
        Handler="handler.handler",
        Code={"ZipFile": archive.getvalue()},
    )
    aws("lambda").add_permission(
        FunctionName="handler",
        StatementId="ses",
        Action="lambda:InvokeFunction",
        Principal="ses.amazonaws.com",
        SourceAccount=ACCOUNT,
        SourceArn=f"arn:aws:ses:us-east-1:{ACCOUNT}:receipt-rule-set/set:receipt-rule/*",
    )
    return {"LambdaAction": {"FunctionArn": FUNCTION, "InvocationType": "RequestResponse"}}


@pytest.fixture
def inbox() -> tuple[str, Callable[[], list[dict[str, Any]]]]:
    """A topic, and what was published to it."""
    aws = clients()
    topic = aws("sns").create_topic(Name="topic")["TopicArn"]
    queue = aws("sqs").create_queue(QueueName="queue")["QueueUrl"]
    aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:us-east-1:{ACCOUNT}:queue")

    def read() -> list[dict[str, Any]]:
        messages = aws("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        bodies = [json.loads(message["Body"]) for message in messages]
        assert {body["Subject"] for body in bodies} == {"Amazon SES Email Receipt Notification"}
        return [json.loads(body["Message"]) for body in bodies]

    return topic, read
