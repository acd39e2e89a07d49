"""Policies read from live accounts: IAM's from moto, SES's from a stubbed client."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from evaluation_builders import CALLER, IDENTITY, SESSION, document, policy, request, statement
from moto import mock_aws

from policies.evaluation import PolicyError, decide, parse_principal
from policies.live import caller_policies, identity_policies

TRUST = json.dumps(
    document(
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    )
)


def text(**elements: Any) -> str:
    return json.dumps(document(statement(**elements)))


@pytest.fixture
def iam(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("MOTO_ACCOUNT_ID", CALLER)
    with mock_aws():
        yield boto3.client("iam", region_name="us-east-1")


def managed(iam: Any, name: str, **elements: Any) -> str:
    arn: str = iam.create_policy(PolicyName=name, PolicyDocument=text(**elements))["Policy"]["Arn"]
    return arn


def test_a_role_has_its_inline_and_attached_policies_and_its_boundary(iam: Any) -> None:
    boundary = managed(iam, "limit", Action="ses:*")
    iam.create_role(RoleName="bounce-sender", AssumeRolePolicyDocument=TRUST, PermissionsBoundary=boundary)
    iam.put_role_policy(
        RoleName="bounce-sender", PolicyName="inline", PolicyDocument=text(Action="ses:SendBounce")
    )
    attached = managed(iam, "attached", Action="s3:GetObject")
    iam.create_policy_version(
        PolicyArn=attached, PolicyDocument=text(Action="s3:PutObject"), SetAsDefault=True
    )
    iam.attach_role_policy(RoleName="bounce-sender", PolicyArn=attached)

    found = caller_policies(iam, parse_principal(SESSION))

    assert [one.name for one in found.identity] == ["inline", attached]
    assert [one.statements[0].actions for one in found.identity] == [("ses:SendBounce",), ("s3:PutObject",)]
    assert [one.name for one in found.boundaries] == [boundary]
    own = IDENTITY.replace("222222222222", CALLER)
    assert decide(request(SESSION, "ses:SendBounce", own), found).decision == "allowed"
    assert decide(request(SESSION, "s3:PutObject"), found).decision == "denied"


def test_a_user_also_has_the_policies_of_its_groups(iam: Any) -> None:
    iam.create_user(UserName="alice")
    iam.put_user_policy(UserName="alice", PolicyName="own", PolicyDocument=text(Action="ses:SendEmail"))
    iam.create_group(GroupName="mail")
    iam.put_group_policy(GroupName="mail", PolicyName="ours", PolicyDocument=text(Action="ses:SendBounce"))
    iam.add_user_to_group(GroupName="mail", UserName="alice")

    found = caller_policies(iam, parse_principal(f"arn:aws:iam::{CALLER}:user/alice"))

    assert [one.name for one in found.identity] == ["own", "ours"]
    assert found.boundaries == ()


@pytest.mark.parametrize("principal", [CALLER, "ses.amazonaws.com", "*"])
def test_others_have_no_identity_based_policies(principal: str) -> None:
    assert caller_policies(None, parse_principal(principal)).identity == ()


def sesv2_with(policies: dict[str, str]) -> Stubber:
    stub = Stubber(boto3.client("sesv2", region_name="us-east-1"))
    stub.add_response("get_email_identity", {"Policies": policies}, {"EmailIdentity": "example.com"})
    return stub


def test_an_identity_has_its_sending_authorization_policies() -> None:
    granted = text(Principal={"AWS": CALLER}, Action="ses:SendBounce", Resource=IDENTITY)
    with sesv2_with({"b": granted, "a": granted}) as stub:
        found = identity_policies(stub.client, IDENTITY)
    assert [one.name for one in found] == ["a", "b"]
    assert found[0].statements == policy(json.loads(granted)["Statement"][0]).statements


def test_a_policy_that_cannot_be_decided_is_an_error_with_its_name() -> None:
    with (
        sesv2_with({"odd": text(Principal={"CanonicalUser": "x"})}) as stub,
        pytest.raises(PolicyError, match=r"^odd "),
    ):
        identity_policies(stub.client, IDENTITY)
