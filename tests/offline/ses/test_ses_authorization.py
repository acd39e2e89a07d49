"""Which identities a call uses, and the policies their owners attached."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from offline.ses import identity_policies, required_authorizations

CALLER, OWNER = "111111111111", "222222222222"
OWN = f"arn:aws:ses:us-east-1:{CALLER}:identity/"
OTHER = f"arn:aws:ses:us-east-1:{OWNER}:identity/"


@pytest.fixture
def verified(client: Callable[..., Any]) -> Callable[..., None]:
    def verify(*identities: str) -> None:
        for identity in identities:
            client("sesv2", CALLER).create_email_identity(EmailIdentity=identity)

    return verify


@pytest.mark.parametrize(
    ("identities", "used"),
    [
        ([], "a@sub.example.com"),
        (["example.com"], "example.com"),
        (["example.com", "sub.example.com"], "sub.example.com"),
        (["example.com", "a@sub.example.com"], "a@sub.example.com"),
    ],
)
def test_a_sender_without_an_arn_uses_the_callers_most_specific_identity(
    verified: Callable[..., None], identities: list[str], used: str
) -> None:
    verified(*identities)
    request = {"BounceSender": "Bounces <a@SUB.example.com>"}
    assert required_authorizations(CALLER, "us-east-1", request) == [(OWN + used, CALLER)]


def test_arns_name_the_identities_of_sender_and_recipients(verified: Callable[..., None]) -> None:
    verified("example.com")
    request = {
        "OriginalMessageId": "x",
        "BounceSender": "a@example.org",
        "BounceSenderArn": f"{OTHER}example.org",
        "BouncedRecipientInfoList": [
            {"Recipient": "b@example.com"},
            {"Recipient": "c@example.info", "RecipientArn": f"{OTHER}example.info"},
            {"Recipient": "d@example.org", "RecipientArn": f"{OTHER}example.org"},
        ],
    }
    assert required_authorizations(CALLER, "us-east-1", request) == [
        (f"{OTHER}example.org", OWNER),
        (f"{OTHER}example.info", OWNER),
    ]


def test_sending_operations_name_their_source(verified: Callable[..., None]) -> None:
    verified("example.com")
    assert required_authorizations(CALLER, "us-east-1", {"Source": "a@example.com"}) == [
        (f"{OWN}example.com", CALLER)
    ]
    assert required_authorizations(
        CALLER, "us-east-1", {"Source": "a@example.org", "SourceArn": f"{OTHER}example.org"}
    ) == [(f"{OTHER}example.org", OWNER)]
    assert required_authorizations(CALLER, "us-east-1", {"Identity": "example.com"}) == []


def test_the_policies_are_those_of_the_arns_account_and_region(client: Callable[..., Any]) -> None:
    owner = client("ses", OWNER)
    owner.verify_domain_identity(Domain="example.org")
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": CALLER},
                "Action": "ses:SendBounce",
                "Resource": f"{OTHER}example.org",
            }
        ],
    }
    owner.put_identity_policy(Identity="example.org", PolicyName="lend", Policy=json.dumps(policy))
    ((name, document),) = identity_policies(f"{OTHER}example.org")
    assert (name, json.loads(document)) == ("lend", policy)
    elsewhere = f"arn:aws:ses:eu-west-1:{OWNER}:identity/example.org"
    for arn in (f"{OWN}example.org", f"{OTHER}example.info", elsewhere, "example.org", "*"):
        assert identity_policies(arn) == []
