"""What Lambda and a function say to each other about a batch of SQS messages.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any


def event(messages: Sequence[Mapping[str, Any]], queue_arn: str) -> bytes:
    """The event for these messages, as ReceiveMessage returned them."""
    return json.dumps({"Records": [_record(message, queue_arn) for message in messages]}).encode()


def failed(response: bytes, message_ids: Sequence[str]) -> set[str]:
    """The IDs of the messages that a function reports as failed; all, if what it reports makes no sense."""
    everything = set(message_ids)
    try:
        answer = json.loads(response)
        failures = answer.get("batchItemFailures") if answer else None
        reported = {failure["itemIdentifier"] for failure in failures or ()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return everything
    return everything if reported - everything else reported


def _record(message: Mapping[str, Any], queue_arn: str) -> dict[str, Any]:
    attributes = message.get("MessageAttributes", {})
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {name: _attribute(value) for name, value in attributes.items()},
    }
    if attributes:
        record["md5OfMessageAttributes"] = message["MD5OfMessageAttributes"]
    return record | {
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    content = (
        {"binaryValue": base64.b64encode(value["BinaryValue"]).decode()}
        if "BinaryValue" in value
        else {"stringValue": value["StringValue"]}
    )
    return content | {"stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}
