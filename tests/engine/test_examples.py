"""The examples, deployed by the real engine through the plugin, with a mail for each."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from post import REGION, send

from offline import accounts
from offline.cloud import Cloud
from offline.engine.embedded import Deployment
from offline.engine.workspace import Workspace
from offline.provider.servicer import AwsProvider

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"


ACCOUNT, OWNER = "111111111111", "222222222222"


def client(cloud: Cloud, service: str) -> Any:
    """A boto3 client in the account that receives the mail."""
    session = accounts.session(cloud.endpoint, ACCOUNT, REGION)
    return session.client(service, endpoint_url=cloud.endpoint)  # type: ignore[call-overload]  # any service


def test_the_whole_service(cloud: Cloud, workspace: Callable[[Path], Workspace]) -> None:
    s3 = client(cloud, "s3")
    s3.create_bucket(Bucket="mail-archive")
    service = workspace(EXAMPLES / "service")
    service.init("dev", {"aws:region": REGION, "bounce-service:archiveBucket": "mail-archive"})
    assert service.run("up", "dev").errors == ""

    assert send(cloud, "team-a@example.com", account=ACCOUNT) == []
    kept = [each["Key"] for each in s3.list_objects_v2(Bucket="mail-archive")["Contents"]]
    assert len(kept) == 2  # the mail, and SES's own note that it may write here
    [bounce] = send(cloud, "bob@example.com", account=ACCOUNT)
    assert b"Status: 5.1.6" in bounce.raw


def test_the_handler_alone_for_a_rule_set_of_ones_own(
    cloud: Cloud, workspace: Callable[[Path], Workspace]
) -> None:
    handler = workspace(EXAMPLES / "handler-only")
    rule_arn = f"arn:aws:ses:{REGION}:{ACCOUNT}:receipt-rule-set/own:receipt-rule/bounce"
    handler.init("dev", {"aws:region": REGION, "bounce-handler:receiptRuleArn": rule_arn})
    assert handler.run("up", "dev").errors == ""

    ses = client(cloud, "ses")
    ses.verify_domain_identity(Domain="example.com")
    ses.create_receipt_rule_set(RuleSetName="own")
    invoke = {
        "FunctionArn": handler.outputs("dev")["handlerFunctionArn"],
        "InvocationType": "RequestResponse",
    }
    ses.create_receipt_rule(
        RuleSetName="own", Rule={"Name": "bounce", "Enabled": True, "Actions": [{"LambdaAction": invoke}]}
    )
    ses.set_active_receipt_rule_set(RuleSetName="own")
    assert send(cloud, "ann@example.com", account=ACCOUNT) == []
    [bounce] = send(cloud, "bob@example.com", account=ACCOUNT)
    assert b"Status: 5.1.1" in bounce.raw


def test_the_owners_side_alone(cloud: Cloud, workspace: Callable[[Path], Workspace]) -> None:
    owner = workspace(EXAMPLES / "identity-owner")
    owner.init(
        "dev",
        {
            "aws:region": REGION,
            "aws:allowedAccountIds": [OWNER],
            "identity-owner:receivingAccountId": ACCOUNT,
        },
    )
    assert owner.run("up", "dev").errors == ""

    receiver = {
        "aws:region": REGION,
        "ses-bounce:domain": "example.org",
        "ses-bounce:mailboxes": ["ann@example.org", "team-*@example.org"],
        "ses-bounce:bounceSender": "mailer-daemon@example.com",
        "ses-bounce:bounceSenderArn": owner.outputs("dev")["bounceSenderArn"],
        "ses-bounce:activate": True,
    }
    Deployment(ROOT, "receiver", receiver, lambda: AwsProvider(cloud.endpoint)).up()
    [bounce] = send(cloud, "bob@example.org", account=ACCOUNT)
    assert bounce.sender == "mailer-daemon@example.com"
