"""Reading the call out of an HTTP request, whatever the protocol and wherever the signature stands."""

import gzip
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
from authorized_cloud import REGION
from werkzeug.test import EnvironBuilder

from offline.authorization.wire import Credential, read

KEY = "AKIAIOSFODNN7EXAMPLE"


def signature(service: str) -> str:
    scope = f"{KEY}/20260101/{REGION}/{service}/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"


def post(service: str, **request: Any) -> dict[str, Any]:
    headers = {"Authorization": signature(service), **request.pop("headers", {})}
    return EnvironBuilder(**{"method": "POST", "headers": headers, **request}).get_environ()


@pytest.mark.parametrize(
    ("environ", "service", "operation", "parameters"),
    [
        pytest.param(
            post("sqs", data={"Action": "SendMessage", "QueueUrl": "u", "MessageBody": "x"}),
            "sqs",
            "SendMessage",
            {"QueueUrl": "u", "MessageBody": "x"},
            id="query",
        ),
        pytest.param(
            post(
                "sqs",
                data=b'{"QueueUrl": "u"}',
                headers={
                    "X-Amz-Target": "AmazonSQS.ReceiveMessage",
                    "Content-Type": "application/x-amz-json-1.0",
                },
            ),
            "sqs",
            "ReceiveMessage",
            {"QueueUrl": "u"},
            id="JSON",
        ),
        pytest.param(
            post("ses", method="DELETE", path="/v2/email/identities/example.com/policies/p"),
            "sesv2",
            "DeleteEmailIdentityPolicy",
            {"EmailIdentity": "example.com", "PolicyName": "p"},
            id="REST JSON",
        ),
        pytest.param(
            post("s3", method="GET", path="/mail/in/1"),
            "s3",
            "GetObject",
            {"Bucket": "mail", "Key": "in/1"},
            id="REST XML",
        ),
        pytest.param(
            post(
                "monitoring",
                data=gzip.compress(urlencode({"Action": "PutMetricData", "Namespace": "N"}).encode()),
                headers={
                    "Content-Encoding": "gzip",
                    "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
                },
            ),
            "cloudwatch",
            "PutMetricData",
            {"Namespace": "N"},
            id="compressed",
        ),
    ],
)
def test_every_protocol_is_read(
    environ: dict[str, Any], service: str, operation: str, parameters: dict[str, Any]
) -> None:
    body = environ["wsgi.input"].getvalue()
    call = read(environ)
    assert (call.service, call.operation) == (service, operation)
    assert call.credential is not None
    assert call.credential.access_key == KEY
    assert call.parameters().items() >= parameters.items()
    assert environ["wsgi.input"].read() == body, "the next application reads it as it came"


def test_a_presigned_url_carries_its_credential_in_the_query() -> None:
    s3 = boto3.client("s3", region_name=REGION, aws_access_key_id=KEY, aws_secret_access_key="secret")
    url = s3.generate_presigned_url("get_object", {"Bucket": "mail", "Key": "in/1"})
    environ = EnvironBuilder(path="/mail/in/1", query_string=url.partition("?")[2]).get_environ()
    call = read(environ)
    assert call.operation == "GetObject"
    assert call.credential == Credential(KEY, REGION, "s3")


def test_an_unsigned_request_has_no_credential() -> None:
    assert read(EnvironBuilder(path="/mail/in/1").get_environ()).credential is None


@pytest.mark.parametrize("service", ["sqs", "nosuchservice"])
def test_what_no_model_knows_has_no_operation(service: str) -> None:
    call = read(post(service, data={"Action": "Invent"}))
    assert (call.service, call.operation, call.model) == (service, "", None)
