"""The event for a batch and the answer to it, in the words of the Lambda Developer Guide."""

import json

import pytest

from offline.functions import sqs_event

ARN = "arn:aws:sqs:us-east-2:123456789012:my-queue"


def test_a_record_has_lambdas_fields() -> None:
    message = {
        "MessageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
        "ReceiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
        "Body": "Test message.",
        "Attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1545082649183"},
        "MessageAttributes": {
            "text": {"StringValue": "100", "DataType": "Number"},
            "bytes": {"BinaryValue": b"\x00\xff", "DataType": "Binary"},
        },
        "MD5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
        "MD5OfMessageAttributes": "00484c68...59e48fb7",
    }
    assert json.loads(sqs_event.event([message], ARN)) == {
        "Records": [
            {
                "messageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
                "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
                "body": "Test message.",
                "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1545082649183"},
                "messageAttributes": {
                    "text": {
                        "stringValue": "100",
                        "stringListValues": [],
                        "binaryListValues": [],
                        "dataType": "Number",
                    },
                    "bytes": {
                        "binaryValue": "AP8=",
                        "stringListValues": [],
                        "binaryListValues": [],
                        "dataType": "Binary",
                    },
                },
                "md5OfMessageAttributes": "00484c68...59e48fb7",
                "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
                "eventSource": "aws:sqs",
                "eventSourceARN": ARN,
                "awsRegion": "us-east-2",
            }
        ]
    }


@pytest.mark.parametrize(
    "response",
    ["null", "{}", '{"batchItemFailures": []}', '{"batchItemFailures": null}', '{"statusCode": 200}'],
)
def test_these_responses_mean_complete_success(response: str) -> None:
    assert sqs_event.failed(response.encode(), ["a", "b"]) == set()


@pytest.mark.parametrize(
    "response",
    [
        "not json",
        '"a string"',
        "[1]",
        '{"batchItemFailures": [{"itemIdentifier": ""}]}',
        '{"batchItemFailures": [{"itemIdentifier": null}]}',
        '{"batchItemFailures": [{"wrong key": "a"}]}',
        '{"batchItemFailures": [{"itemIdentifier": "unknown message"}]}',
        '{"batchItemFailures": [{"itemIdentifier": ["a"]}]}',
        '{"batchItemFailures": ["a"]}',
        '{"batchItemFailures": "a"}',
    ],
)
def test_these_responses_mean_complete_failure(response: str) -> None:
    assert sqs_event.failed(response.encode(), ["a", "b"]) == {"a", "b"}


def test_only_the_reported_messages_have_failed() -> None:
    response = b'{"batchItemFailures": [{"itemIdentifier": "b"}]}'
    assert sqs_event.failed(response, ["a", "b", "c"]) == {"b"}
