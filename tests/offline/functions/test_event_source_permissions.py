"""An event source mapping is made only for a role that may read the queue."""

import json

import pytest
from botocore.exceptions import ClientError
from lambda_cloud import ACCOUNT, READING, Cloud

QUEUE_ARN = f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"


def map_queue(cloud: Cloud, *actions: str) -> None:
    """Map a queue to a function whose role may do only this with it."""
    arn = cloud.deploy("def handler(event, context): pass")
    cloud.client("sqs").create_queue(QueueName="q")
    (statement,) = READING["Statement"]
    document = {**READING, "Statement": [{**statement, "Action": list(actions), "Resource": QUEUE_ARN}]}
    cloud.client("iam").put_role_policy(
        RoleName="function-1", PolicyName="queues", PolicyDocument=json.dumps(document)
    )
    cloud.client("lambda").create_event_source_mapping(EventSourceArn=QUEUE_ARN, FunctionName=arn)


@pytest.mark.parametrize("missing", ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"])
def test_refused_when_the_role_may_not(cloud: Cloud, missing: str) -> None:
    actions = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"} - {f"sqs:{missing}"}
    with pytest.raises(ClientError) as refused:
        map_queue(cloud, *actions)
    error = refused.value.response["Error"]
    assert error["Code"] == "InvalidParameterValueException"
    assert (
        error["Message"] == f"The function execution role does not have permissions to call {missing} on SQS"
    )
    assert cloud.client("lambda").list_event_source_mappings()["EventSourceMappings"] == []


def test_made_when_the_role_may(cloud: Cloud) -> None:
    map_queue(cloud, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
    assert len(cloud.client("lambda").list_event_source_mappings()["EventSourceMappings"]) == 1
