"""What each operation must be allowed to do, held against the Service Authorization Reference.

cfn-lint, which moto needs, carries the reference: for every action of every service its resource types.
"""

import json
from pathlib import Path
from typing import Any

import cfnlint
import pytest
from authorized_cloud import HERE, REGION, THERE
from moto.core.utils import get_service_model

from offline.authorization.requirements import (
    Requirement,
    UnknownOperationError,
    action_name,
    requirements,
)
from offline.authorization.resources import RESOURCES, Scope

SCOPE = Scope("aws", REGION, HERE)
REFERENCE = json.loads(
    (Path(cfnlint.__file__).parent / "data" / "AdditionalSpecs" / "Policies.json").read_text()
)
ONLY_ONE_KIND_OF_DATASET = {
    "GetMetricData",
    "ListMetrics",
    "PutMetricData",
}  # optional: no dataset is named here


def texts(shape: Any) -> Any:
    return {name: f"some-{name}" for name in shape.members} if shape else {}


@pytest.mark.parametrize(("service", "operation"), sorted(RESOURCES))
def test_the_table_agrees_with_the_reference(service: str, operation: str) -> None:
    parameters = texts(get_service_model(service).operation_model(operation).input_shape)
    (needed,) = requirements(service, operation, parameters, SCOPE)
    prefix, _, action = needed.action.partition(":")
    reference = REFERENCE[prefix]["Actions"]
    assert action.lower() in reference, f"{needed.action} is no action"
    has_resources = "Resources" in reference[action.lower()] and operation not in ONLY_ONE_KIND_OF_DATASET
    assert (needed.resource != "*") == has_resources


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "expected"),
    [
        (
            "sqs",
            "SendMessageBatch",
            {"QueueUrl": f"http://127.0.0.1:5000/{THERE}/q.fifo"},
            [("sqs:SendMessage", f"arn:aws:sqs:{REGION}:{THERE}:q.fifo")],
        ),
        ("sqs", "SendMessage", {"QueueUrl": "q"}, [("sqs:SendMessage", f"arn:aws:sqs:{REGION}:{HERE}:q")]),
        (
            "sqs",
            "GetQueueUrl",
            {"QueueName": "q", "QueueOwnerAWSAccountId": THERE},
            [("sqs:GetQueueUrl", f"arn:aws:sqs:{REGION}:{THERE}:q")],
        ),
        (
            "lambda",
            "Invoke",
            {"FunctionName": f"{THERE}:function:f"},
            [("lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{THERE}:function:f")],
        ),
        (
            "lambda",
            "Invoke",
            {"FunctionName": f"arn:aws:lambda:{REGION}:{HERE}:function:f", "Qualifier": "live"},
            [("lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{HERE}:function:f:live")],
        ),
        (
            "lambda",
            "Invoke",
            {"FunctionName": f"arn:aws:lambda:{REGION}:{HERE}:function:f:live", "Qualifier": "live"},
            [("lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{HERE}:function:f:live")],
        ),
        (
            "dynamodb",
            "BatchWriteItem",
            {"RequestItems": {"a": [], "b": []}},
            [
                ("dynamodb:BatchWriteItem", f"arn:aws:dynamodb:{REGION}:{HERE}:table/a"),
                ("dynamodb:BatchWriteItem", f"arn:aws:dynamodb:{REGION}:{HERE}:table/b"),
            ],
        ),
        (
            "dynamodb",
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"TableName": "a"}}, {"ConditionCheck": {"TableName": "b"}}]},
            [
                ("dynamodb:PutItem", f"arn:aws:dynamodb:{REGION}:{HERE}:table/a"),
                ("dynamodb:ConditionCheckItem", f"arn:aws:dynamodb:{REGION}:{HERE}:table/b"),
            ],
        ),
        (
            "s3",
            "DeleteObjects",
            {"Bucket": "b", "Delete": {"Objects": [{"Key": "1"}, {"Key": "2"}]}},
            [("s3:DeleteObject", "arn:aws:s3:::b/1"), ("s3:DeleteObject", "arn:aws:s3:::b/2")],
        ),
        (
            "logs",
            "CreateLogGroup",
            {"logGroupName": "g"},
            [("logs:CreateLogGroup", f"arn:aws:logs:{REGION}:{HERE}:log-group:g:log-stream:")],
        ),
        (
            "sns",
            "Unsubscribe",
            {"SubscriptionArn": f"arn:aws:sns:{REGION}:{HERE}:topic:id"},
            [("sns:Unsubscribe", f"arn:aws:sns:{REGION}:{HERE}:topic")],
        ),
        ("sns", "Publish", {"PhoneNumber": "+15550100"}, [("sns:Publish", "+15550100")]),
    ],
)
def test_actions_and_resources(
    service: str, operation: str, parameters: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert requirements(service, operation, parameters, SCOPE) == tuple(
        Requirement(action, resource) for action, resource in expected
    )


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("ec2", "DescribeInstances", {}),
        ("sqs", "SendMessage", {}),
        ("dynamodb", "BatchGetItem", {"RequestItems": {}}),
        ("dynamodb", "TransactWriteItems", {"TransactItems": [{"Invent": {"TableName": "a"}}]}),
        ("dynamodb", "ExecuteStatement", {"Statement": "SELECT * FROM a"}),
        ("kms", "Decrypt", {"CiphertextBlob": b"x"}),
        ("ses", "SendRawEmail", {"RawMessage": {"Data": b""}}),
    ],
)
def test_what_is_not_known_is_said_to_be_so(service: str, operation: str, parameters: dict[str, Any]) -> None:
    with pytest.raises(UnknownOperationError, match=f"{service} {operation}"):
        requirements(service, operation, parameters, SCOPE)


def test_both_apis_of_ses_share_their_actions() -> None:
    assert action_name("sesv2", "GetEmailIdentity") == "ses:GetEmailIdentity"
