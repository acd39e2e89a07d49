"""Sending authorization policies, by v1 and by v2."""

import json
from collections.abc import Callable
from typing import Any

import pytest

ARN = "arn:aws:ses:us-east-1:123456789012:identity/example.com"
Refused = Callable[..., tuple[str, str]]


def document(**changes: Any) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "111111111111"},
        "Action": "ses:SendBounce",
        "Resource": ARN,
    } | changes
    statement = {name: value for name, value in statement.items() if value is not None}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


@pytest.fixture(autouse=True)
def identity(ses: Any) -> None:
    ses.verify_domain_identity(Domain="example.com")


def test_both_versions_share_the_policies(ses: Any, v2: Any) -> None:
    ses.put_identity_policy(Identity="example.com", PolicyName="one", Policy=document())
    v2.create_email_identity_policy(EmailIdentity="example.com", PolicyName="two", Policy=document())
    stored = json.dumps(json.loads(document()), separators=(",", ":"))
    assert ses.list_identity_policies(Identity=ARN)["PolicyNames"] == ["one", "two"]
    assert ses.get_identity_policies(Identity="example.com", PolicyNames=["two", "three"])["Policies"] == {
        "two": stored
    }
    both = {"one": stored, "two": stored}
    assert v2.get_email_identity_policies(EmailIdentity="example.com")["Policies"] == both
    assert v2.get_email_identity(EmailIdentity="example.com")["Policies"] == both


def test_v1_puts_over_and_deletes_without_complaint(ses: Any, v2: Any) -> None:
    ses.put_identity_policy(Identity="example.com", PolicyName="one", Policy=document())
    ses.put_identity_policy(Identity="example.com", PolicyName="one", Policy=document(Effect="Deny"))
    (policy,) = ses.get_identity_policies(Identity="example.com", PolicyNames=["one"])["Policies"].values()
    assert json.loads(policy)["Statement"][0]["Effect"] == "Deny"
    for _ in range(2):
        ses.delete_identity_policy(Identity="example.com", PolicyName="one")
    assert v2.get_email_identity_policies(EmailIdentity="example.com")["Policies"] == {}


def test_v2_tells_new_from_known(v2: Any, refused: Refused) -> None:
    policy = {"EmailIdentity": "example.com", "PolicyName": "one"}
    missing = ("NotFoundException", "Policy <one> does not exist")
    assert refused(v2.update_email_identity_policy, **policy, Policy=document()) == missing
    assert refused(v2.delete_email_identity_policy, **policy) == missing
    v2.create_email_identity_policy(**policy, Policy=document())
    assert refused(v2.create_email_identity_policy, **policy, Policy=document()) == (
        "AlreadyExistsException",
        "Policy <one> already exists",
    )
    v2.update_email_identity_policy(**policy, Policy=document(Effect="Deny"))
    v2.delete_email_identity_policy(**policy)
    unknown = {"EmailIdentity": "example.org", "PolicyName": "one", "Policy": document()}
    assert refused(v2.create_email_identity_policy, **unknown) == (
        "NotFoundException",
        "Email identity <example.org> does not exist.",
    )
    assert refused(v2.create_email_identity_policy, **policy) == (
        "BadRequestException",
        "1 validation error detected: Value at 'policy' failed to satisfy constraint: "
        "Member must not be null",
    )


def test_an_identity_takes_20_policies(ses: Any, v2: Any, refused: Refused) -> None:
    for number in range(20):
        ses.put_identity_policy(Identity="example.com", PolicyName=f"p{number}", Policy=document())
    ses.put_identity_policy(Identity="example.com", PolicyName="p0", Policy=document())
    text = "Number of policies for <example.com> exceeds max allowed number of policies per resource"
    policy = {"PolicyName": "p20", "Policy": document()}
    assert refused(ses.put_identity_policy, Identity="example.com", **policy) == (
        "InvalidParameterValue",
        text,
    )
    assert refused(v2.create_email_identity_policy, EmailIdentity="example.com", **policy) == (
        "LimitExceededException",
        text,
    )


NAME_RULE = (
    "PolicyName is invalid. Policy names must only include alpha-numeric characters, dashes, and underscores."
)


def test_a_name_has_64_letters_digits_dashes_and_underscores(ses: Any, v2: Any, refused: Refused) -> None:
    ses.put_identity_policy(Identity="example.com", PolicyName="A-z_0" * 12, Policy=document())
    put = {"Identity": "example.com", "Policy": document()}
    assert refused(ses.put_identity_policy, PolicyName="a.b", **put) == ("InvalidParameterValue", NAME_RULE)
    assert refused(ses.put_identity_policy, PolicyName="a" * 65, **put) == (
        "ValidationError",
        "1 validation error detected: Value at 'policyName' failed to satisfy constraint: "
        "Member must have length less than or equal to 64",
    )
    v2_put = {"EmailIdentity": "example.com", "PolicyName": "a.b", "Policy": document()}
    assert refused(v2.create_email_identity_policy, **v2_put) == ("BadRequestException", NAME_RULE)


RESOURCE = f"Every statement must have exactly one Resource, the identity's ARN: {ARN}"


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (document(Resource="*"), RESOURCE),
        (document(Resource=[ARN, ARN]), RESOURCE),
        (document(Resource=f"{ARN}.au"), RESOURCE),
        (document(Resource=None, NotResource=ARN), RESOURCE),
        (document(Principal=None), "Every statement must have a Principal."),
        (
            document(Condition={"StringEquals": {"AWS:SourceAccount": "111111111111"}}),
            "Unknown or unapplicable condition field 'AWS:SourceAccount'.",
        ),
        (document(Sid="x" * 4096), "Policy must not be larger than 4 KB."),
    ],
)
def test_a_document_that_ses_does_not_take_is_refused(
    ses: Any, v2: Any, refused: Refused, policy: str, message: str
) -> None:
    named = {"PolicyName": "p", "Policy": policy}
    assert refused(ses.put_identity_policy, Identity="example.com", **named) == ("InvalidPolicy", message)
    assert refused(v2.create_email_identity_policy, EmailIdentity="example.com", **named) == (
        "BadRequestException",
        message,
    )


@pytest.mark.parametrize(
    "policy",
    [
        "{",
        "[]",
        '{"Version": "2012-10-17"}',
        '{"Version": "2012-10-17", "Statement": []}',
        document(Effect="Maybe"),
        document(Action=None),
        document(Condition={"StringSortOf": {"ses:FromAddress": "a@example.com"}}),
    ],
)
def test_a_malformed_document_is_an_invalid_policy(ses: Any, refused: Refused, policy: str) -> None:
    code, message = refused(ses.put_identity_policy, Identity="example.com", PolicyName="p", Policy=policy)
    assert code == "InvalidPolicy"
    assert message
    assert ses.list_identity_policies(Identity="example.com")["PolicyNames"] == []


def test_conditions_in_lower_case_prefixes_and_a_list_of_one_resource_are_taken(ses: Any) -> None:
    condition = {
        "StringEquals": {"aws:SourceAccount": "111111111111"},
        "StringLike": {"ses:FromAddress": "*@example.com"},
    }
    policy = document(Resource=[ARN], Condition=condition)
    ses.put_identity_policy(Identity="example.com", PolicyName="p", Policy=policy)
    assert ses.list_identity_policies(Identity="example.com")["PolicyNames"] == ["p"]


def test_an_unknown_identity_has_no_policies(ses: Any, v2: Any, refused: Refused) -> None:
    unknown = ("InvalidParameterValue", "Identity <example.org> does not exist.")
    put = {"Identity": "example.org", "PolicyName": "p", "Policy": document()}
    assert refused(ses.put_identity_policy, **put) == unknown
    assert refused(ses.list_identity_policies, Identity="example.org") == unknown
    assert refused(v2.get_email_identity_policies, EmailIdentity="example.org") == (
        "NotFoundException",
        "Email identity <example.org> does not exist.",
    )


def test_policies_go_with_their_identity(ses: Any) -> None:
    ses.put_identity_policy(Identity="example.com", PolicyName="p", Policy=document())
    ses.verify_domain_identity(Domain="EXAMPLE.com")
    assert ses.list_identity_policies(Identity="example.com")["PolicyNames"] == ["p"]
    ses.delete_identity(Identity="example.com")
    ses.verify_domain_identity(Domain="example.com")
    assert ses.list_identity_policies(Identity="example.com")["PolicyNames"] == []
