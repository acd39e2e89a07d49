"""SendingAuthorization: what the owner of an identity lets others do with it."""

from typing import Any

import pulumi
import pytest
from component_world import Deploy, Deployment

from components import SendingAuthorization
from components.errors import InvalidConfiguration

IDENTITY = "arn:aws:ses:us-east-1:111111111111:identity/example.com"


def owner(deploy: Deploy, grants: Any, **args: Any) -> Deployment:
    return deploy(lambda: SendingAuthorization("own", {"identity": "example.com", "grants": grants, **args}))


def statements(deployment: Deployment) -> list[Any]:
    policies = deployment.of("EmailIdentityPolicy")
    return [statement for policy in policies for statement in policy.document("policy")["Statement"]]


def test_an_account_may_bounce_from_the_one_address_unless_told_otherwise(deploy: Deploy) -> None:
    deployment = owner(deploy, [{"accountId": "222222222222"}])
    (policy,) = deployment.of("EmailIdentityPolicy")

    assert policy.inputs["emailIdentity"] == "example.com"
    assert policy.inputs["policyName"] == "ses-bounce-dev-1"
    assert statements(deployment) == [
        {
            "Sid": "BounceSender1",
            "Effect": "Allow",
            "Principal": {"AWS": "222222222222"},
            "Action": "ses:SendBounce",
            "Resource": IDENTITY,
            "Condition": {"StringEquals": {"ses:FromAddress": "mailer-daemon@example.com"}},
        }
    ]
    assert deployment.outputs["identity_arn"] == IDENTITY


def test_both_cross_account_cases_stand_side_by_side(deploy: Deploy) -> None:
    role = "arn:aws:iam::222222222222:role/bounce-sender"
    sender, recipient = statements(
        owner(
            deploy,
            [
                {
                    "roleArn": role,
                    "addresses": ["*@example.com"],
                    "actions": ["ses:SendBounce", "ses:SendEmail"],
                },
                {"accountId": "333333333333", "authorizes": "recipient", "addresses": ["d@example.org"]},
            ],
        )
    )

    assert sender["Principal"] == {"AWS": role}
    assert sender["Action"] == ["ses:SendBounce", "ses:SendEmail"]
    assert sender["Condition"] == {"StringLike": {"ses:FromAddress": "*@example.com"}}
    assert recipient["Sid"] == "BounceRecipient2"
    assert recipient["Resource"] == IDENTITY
    assert recipient["Condition"] == {"StringEquals": {"ses:FromAddress": "d@example.org"}}


def test_an_address_identity_grants_itself(deploy: Deploy) -> None:
    deployment = owner(deploy, [{"accountId": "222222222222"}], identity="bounces@example.com")

    (statement,) = statements(deployment)
    assert statement["Resource"].endswith(":identity/bounces@example.com")
    assert statement["Condition"] == {"StringEquals": {"ses:FromAddress": "bounces@example.com"}}


def test_what_is_over_4_kb_becomes_several_policies(deploy: Deploy) -> None:
    grants = [{"accountId": f"{n:0>12}", "addresses": [f"{n:0>60}@example.com"]} for n in range(40)]
    policies = owner(deploy, grants).of("EmailIdentityPolicy")

    assert 1 < len(policies) <= 20
    assert all(len(policy.inputs["policy"].encode()) <= 4096 for policy in policies)
    assert {policy.inputs["policyName"] for policy in policies} == {
        f"ses-bounce-dev-{number}" for number in range(1, len(policies) + 1)
    }


def test_a_grant_that_could_never_apply_is_refused(deploy: Deploy) -> None:
    with pytest.raises(
        InvalidConfiguration, match=r"grants\[0\].addresses\[0\]: 'a@example.org': can never apply"
    ):
        owner(deploy, [{"accountId": "222222222222", "addresses": ["a@example.org"]}])


def test_a_role_that_another_stack_makes(deploy: Deploy) -> None:
    role = "arn:aws:iam::222222222222:role/made"
    (statement,) = statements(owner(deploy, [{"roleArn": pulumi.Output.from_input(role)}]))

    assert statement["Principal"] == {"AWS": role}


def test_grants_known_only_later_must_fit_in_one_policy(deploy: Deploy) -> None:
    grants = [{"accountId": f"{n:0>12}", "addresses": [f"{n:0>60}@example.com"]} for n in range(40)]

    with pytest.raises(InvalidConfiguration, match="do not fit in one policy"):
        owner(deploy, pulumi.Output.from_input(grants))
