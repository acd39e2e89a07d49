"""Each service denies in its own words, code, status and protocol, as a boto3 client sees it."""

from typing import Any

import pytest
from authorized_cloud import HERE, REGION, Cloud
from botocore.exceptions import ClientError

USER = f"arn:aws:sts::{HERE}:assumed-role/caller/offline"
BOUNCE = {
    "OriginalMessageId": "0000000000000000",
    "BounceSender": "mailer-daemon@example.com",
    "BouncedRecipientInfoList": [{"Recipient": "a@example.com", "BounceType": "DoesNotExist"}],
}
METRIC = {"Namespace": "SesBounce", "MetricData": [{"MetricName": "Sent", "Value": 1}]}


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{HERE}:{resource}"


def words(action: str, place: str) -> str:
    return (
        f"User: {USER} is not authorized to perform: {action}{place} "
        f"because no identity-based policy allows the {action} action"
    )


def ses_words(action: str, identity: str) -> str:
    resource = arn("ses", f"identity/{identity}")
    return f"User `{USER}' is not authorized to perform `{action}' on resource `{resource}'"


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code", "status", "message"),
    [
        (
            "ses",
            "send_bounce",
            BOUNCE,
            "AccessDenied",
            403,
            ses_words("ses:SendBounce", "mailer-daemon@example.com"),
        ),
        (
            "sesv2",
            "get_email_identity",
            {"EmailIdentity": "example.com"},
            "AccessDeniedException",
            403,
            ses_words("ses:GetEmailIdentity", "example.com"),
        ),
        (
            "sqs",
            "send_message_batch",
            {
                "QueueUrl": f"https://sqs.{REGION}.amazonaws.com/{HERE}/bounces.fifo",
                "Entries": [{"Id": "1", "MessageBody": "x"}],
            },
            "AccessDenied",
            403,
            words("sqs:sendmessage", f" on resource: {arn('sqs', 'bounces.fifo')}"),
        ),
        (
            "dynamodb",
            "batch_get_item",
            {"RequestItems": {"mailboxes": {"Keys": [{"address": {"S": "x"}}]}}},
            "AccessDeniedException",
            400,
            words("dynamodb:BatchGetItem", f" on resource: {arn('dynamodb', 'table/mailboxes')}"),
        ),
        (
            "dynamodb",
            "query",
            {"TableName": "ledger", "IndexName": "by-day", "KeyConditionExpression": "a = b"},
            "AccessDeniedException",
            400,
            words("dynamodb:Query", f" on resource: {arn('dynamodb', 'table/ledger/index/by-day')}"),
        ),
        (
            "lambda",
            "invoke",
            {"FunctionName": "handler", "Qualifier": "live"},
            "AccessDeniedException",
            403,
            words("lambda:InvokeFunction", f" on resource: {arn('lambda', 'function:handler:live')}"),
        ),
        (
            "s3",
            "get_object",
            {"Bucket": "mail", "Key": "in/1"},
            "AccessDenied",
            403,
            words("s3:GetObject", ' on resource: "arn:aws:s3:::mail/in/1"'),
        ),
        (
            "sns",
            "publish",
            {"TopicArn": arn("sns", "bounced"), "Message": "x"},
            "AuthorizationError",
            403,
            words("SNS:Publish", f" on resource: {arn('sns', 'bounced')}"),
        ),
        (
            "logs",
            "put_log_events",
            {
                "logGroupName": "/aws/lambda/handler",
                "logStreamName": "1",
                "logEvents": [{"timestamp": 0, "message": "x"}],
            },
            "AccessDeniedException",
            400,
            words(
                "logs:PutLogEvents",
                f" on resource: {arn('logs', 'log-group:/aws/lambda/handler:log-stream:1')}",
            ),
        ),
        ("cloudwatch", "put_metric_data", METRIC, "AccessDenied", 403, words("cloudwatch:PutMetricData", "")),
        (
            "iam",
            "get_role",
            {"RoleName": "caller"},
            "AccessDenied",
            403,
            words("iam:GetRole", f" on resource: arn:aws:iam::{HERE}:role/caller"),
        ),
        (
            "kms",
            "generate_data_key",
            {"KeyId": "1", "KeySpec": "AES_256"},
            "AccessDeniedException",
            400,
            words("kms:GenerateDataKey", f" on resource: {arn('kms', 'key/1')}"),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.islower() else "",
)
def test_a_role_without_permissions(
    cloud: Cloud,
    service: str,
    operation: str,
    parameters: dict[str, Any],
    code: str,
    status: int,
    message: str,
) -> None:
    client = cloud.client(service, cloud.role())
    with pytest.raises(ClientError) as caught:
        getattr(client, operation)(**parameters)
    response = caught.value.response
    assert (response["Error"]["Code"], response["Error"]["Message"]) == (code, message)
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert response["ResponseMetadata"]["RequestId"]
