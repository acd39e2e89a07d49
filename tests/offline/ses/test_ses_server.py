"""The operations answer over HTTP too, where moto routes by path."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from offline.ses import install


@pytest.fixture
def served() -> Iterator[Any]:
    install()
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield lambda service: boto3.client(
        service,
        "us-east-1",
        endpoint_url=f"http://{host}:{port}",
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="testing",
    )
    server.stop()


def test_both_versions_are_served(served: Any) -> None:
    ses, v2 = served("ses"), served("sesv2")
    v2.create_email_identity(EmailIdentity="served.example")
    identity = {"EmailIdentity": "served.example"}
    v2.put_email_identity_mail_from_attributes(**identity, MailFromDomain="bounce.served.example")
    v2.put_email_identity_dkim_attributes(**identity, SigningEnabled=True)
    v2.put_email_identity_dkim_signing_attributes(**identity, SigningAttributesOrigin="AWS_SES")
    v2.put_email_identity_feedback_attributes(**identity, EmailForwardingEnabled=True)
    v2.put_email_identity_configuration_set_attributes(**identity)
    assert v2.get_email_identity_policies(**identity)["Policies"] == {}
    assert v2.get_account()["ProductionAccessEnabled"] is True
    ses.create_receipt_rule_set(RuleSetName="served")
    ses.create_receipt_rule(RuleSetName="served", Rule={"Name": "rule", "Recipients": ["served.example"]})
    rules = ses.describe_receipt_rule_set(RuleSetName="served")["Rules"]
    assert rules[0]["Recipients"] == ["served.example"]
    ses.delete_receipt_rule_set(RuleSetName="served")
    v2.delete_email_identity(**identity)
