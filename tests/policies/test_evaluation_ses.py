"""Amazon SES's own rules: which keys its actions carry, which policies count; and how answers explain."""

from typing import Any

import pytest
from evaluation_builders import CALLER, IDENTITY, OWNER, ROLE, SESSION, policy, request, statement

from policies.evaluation import Answer, PolicySet, Request, decide

GUIDE = "https://docs.aws.amazon.com/ses/latest/dg/"
ACCESS = GUIDE + "control-user-access.html"
AUTHORIZATION = GUIDE + "sending-authorization-policies.html"
EXAMPLES = GUIDE + "sending-authorization-policy-examples.html"
ACTIONS = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_ses.html"
ACTIONS_V2 = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_sesv2.html"

ROLE_POLICY = policy(statement(Action="ses:SendBounce", Resource=IDENTITY), name="role")


def grant(effect: str = "Allow", **elements: Any) -> PolicySet:
    """The caller's role may; what the owner's identity policy says."""
    granted = {"Principal": {"AWS": CALLER}, "Action": "ses:SendBounce", "Resource": IDENTITY, **elements}
    return PolicySet(identity=(ROLE_POLICY,), resource=(policy(statement(effect, **granted), name="owner"),))


def bounce(context: Any = None, *, complete: bool = True, **changes: Any) -> Request:
    asked = {"principal": SESSION, "action": "ses:SendBounce", "resource": IDENTITY, **changes}
    return request(**asked, context=context, complete=complete)


@pytest.mark.parametrize(
    ("page", "elements", "context", "expected"),
    [
        (AUTHORIZATION, {}, {}, "allowed"),
        (AUTHORIZATION, {"Principal": {"AWS": ROLE}}, {}, "allowed"),
        (AUTHORIZATION, {"Principal": {"AWS": OWNER}}, {}, "denied"),
        (AUTHORIZATION, {"Action": ["ses:SendEmail", "ses:SendRawEmail"]}, {}, "denied"),
        (AUTHORIZATION, {"Action": "SES:SendBounce"}, {}, "allowed"),
        (AUTHORIZATION, {"Action": "ses:Send*"}, {}, "allowed"),
        # one Resource, "the ARN of the identity to which the policy is attached": a pattern is no ARN
        (AUTHORIZATION, {"Resource": "*"}, {}, "denied"),
        (AUTHORIZATION, {"Resource": f"arn:aws:ses:us-east-1:{OWNER}:identity/*"}, {}, "denied"),
        (AUTHORIZATION, {"Resource": f"arn:aws:ses:us-east-1:{OWNER}:identity/other.com"}, {}, "denied"),
        (AUTHORIZATION, {"Resource": IDENTITY.replace("us-east-1", "eu-west-1")}, {}, "denied"),
        # restricting the From address
        (
            EXAMPLES,
            {"Condition": {"StringLike": {"ses:FromAddress": "bounce+*@example.com"}}},
            None,
            "denied",
        ),
        (
            EXAMPLES,
            {"Condition": {"StringLike": {"ses:FromAddress": "*@example.com"}}},
            {"ses:FromAddress": "a@example.com"},
            "allowed",
        ),
        (
            EXAMPLES,
            {"Condition": {"StringEquals": {"ses:FromAddress": "a@example.com"}}},
            {"ses:FromAddress": "A@example.com"},
            "denied",
        ),
        (
            EXAMPLES,
            {"Condition": {"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00Z"}}},
            {"aws:CurrentTime": "2025-06-01T00:00:00Z"},
            "allowed",
        ),
    ],
)
def test_identity_policies(page: str, elements: Any, context: Any, expected: str) -> None:
    assert decide(bounce(context), grant(**elements)).decision == expected, page


@pytest.mark.parametrize(
    ("page", "action", "condition", "expected"),
    [
        # a key that an action never carries is absent, not unknown
        (ACTIONS, "ses:SendBounce", {"StringEquals": {"ses:FromAddress": "a@b"}}, "depends"),
        (ACTIONS, "ses:SendBounce", {"StringEquals": {"ses:ApiVersion": "1"}}, "depends"),
        (ACTIONS, "ses:SendBounce", {"StringEquals": {"ses:FromDisplayName": "x"}}, "denied"),
        (ACTIONS, "ses:SendBounce", {"StringEquals": {"ses:FeedbackAddress": "a@b"}}, "denied"),
        (ACTIONS, "ses:SendBounce", {"ForAnyValue:StringLike": {"ses:Recipients": "*"}}, "denied"),
        (ACTIONS, "ses:SendBounce", {"ForAllValues:StringLike": {"ses:Recipients": "*@b"}}, "allowed"),
        (ACTIONS, "SES:sendbounce", {"StringNotLike": {"SES:RECIPIENTS": "*@b"}}, "allowed"),
        (ACTIONS, "ses:SendBounce", {"Null": {"ses:Recipients": "true"}}, "allowed"),
        (ACTIONS, "ses:SendBounce", {"StringEquals": {"ses:TenantName": "x"}}, "denied"),
        (ACTIONS, "ses:SendBounce", {"StringEquals": {"aws:ResourceTag/team": "x"}}, "denied"),
        (ACTIONS, "ses:SendRawEmail", {"ForAnyValue:StringLike": {"ses:Recipients": "*"}}, "depends"),
        (ACTIONS, "ses:SendTemplatedEmail", {"StringEquals": {"ses:FromDisplayName": "x"}}, "depends"),
        (ACTIONS, "ses:ListIdentities", {"StringEquals": {"ses:FromAddress": "a@b"}}, "denied"),
        (ACTIONS, "ses:ListIdentities", {"StringEquals": {"ses:ApiVersion": "1"}}, "depends"),
        (ACTIONS_V2, "ses:SendEmail", {"StringEquals": {"ses:MultiRegionEndpointId": "x"}}, "depends"),
        (ACTIONS_V2, "ses:SendEmail", {"StringEquals": {"aws:ResourceTag/team": "x"}}, "depends"),
        (ACTIONS_V2, "ses:SendBulkEmail", {"StringEquals": {"ses:FromAddress": "a@b"}}, "denied"),
        (ACTIONS, "sqs:SendMessage", {"StringEquals": {"ses:FromAddress": "a@b"}}, "denied"),
        (ACTIONS, "sqs:SendMessage", {"StringEquals": {"ses:ApiVersion": "1"}}, "denied"),
        # the keys of AWS as a whole: SES's pages disagree on some of them, so they are unknown
        (ACCESS, "ses:SendBounce", {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, "depends"),
        (ACCESS, "ses:SendBounce", {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, "depends"),
    ],
)
def test_keys_that_actions_carry(page: str, action: str, condition: Any, expected: str) -> None:
    policies = PolicySet(identity=(policy(statement(Condition=condition)),))
    asked = bounce(action=action, resource="*", complete=False)
    assert decide(asked, policies).decision == expected, page


@pytest.mark.parametrize(
    ("condition", "principal", "met"),
    [
        ({"ArnEquals": {"aws:PrincipalArn": ROLE}}, SESSION, True),
        ({"ArnEquals": {"aws:PrincipalArn": SESSION}}, SESSION, False),
        ({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{CALLER}:role/*"}}, SESSION, True),
        (
            {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{CALLER}:role/*"}},
            f"arn:aws:iam::{CALLER}:user/a",
            False,
        ),
        ({"StringEquals": {"aws:PrincipalAccount": CALLER}}, SESSION, True),
        ({"StringEquals": {"aws:PrincipalAccount": OWNER}}, SESSION, False),
        ({"StringEquals": {"aws:PrincipalType": "AssumedRole"}}, SESSION, True),
        ({"StringEquals": {"aws:PrincipalType": "AssumedRole"}}, ROLE, True),
        ({"StringEquals": {"aws:PrincipalType": "User"}}, f"arn:aws:iam::{CALLER}:user/a", True),
        (
            {"StringEquals": {"aws:PrincipalType": "FederatedUser"}},
            f"arn:aws:sts::{CALLER}:federated-user/a",
            True,
        ),
        ({"StringEquals": {"aws:userid": f"{CALLER}:a"}}, f"arn:aws:sts::{CALLER}:federated-user/a", True),
        ({"StringEquals": {"aws:username": "a"}}, f"arn:aws:iam::{CALLER}:user/team/a", True),
        ({"Null": {"aws:username": "true"}}, SESSION, True),
        ({"Bool": {"aws:PrincipalIsAWSService": "false"}}, SESSION, True),
    ],
)
def test_keys_that_the_principal_implies(condition: Any, principal: str, met: bool) -> None:
    """`reference_policies_variables.html#principaltable` and `reference_policies_condition-keys.html`."""
    federated_needs = (policy(statement()),)
    policies = PolicySet(identity=(policy(statement(Condition=condition)),), session=federated_needs)
    answer = decide(bounce(principal=principal, resource="*", complete=False), policies)
    assert answer.decision == ("allowed" if met else "denied")


def test_a_context_key_wins_over_what_the_principal_implies() -> None:
    """A session's ARN leaves out its role's path; the request can say it."""
    with_path = f"arn:aws:iam::{CALLER}:role/team/bounce-sender"
    policies = grant(Condition={"ArnEquals": {"aws:PrincipalArn": with_path}})
    assert decide(bounce(), policies).decision == "denied"
    assert decide(bounce({"aws:PrincipalArn": with_path}), policies).decision == "allowed"


def test_a_service_is_known_by_its_name() -> None:
    condition = {
        "StringEquals": {"aws:PrincipalServiceName": "ses.amazonaws.com"},
        "Bool": {"aws:PrincipalIsAWSService": "true"},
        "Null": {"aws:PrincipalArn": "true", "aws:PrincipalAccount": "true"},
    }
    policies = grant(Principal={"Service": "ses.amazonaws.com"}, Condition=condition)
    assert decide(bounce(principal="ses.amazonaws.com", complete=False), policies).decision == "allowed"


def test_an_allowed_answer_names_the_statements_of_both_sides() -> None:
    answer = decide(bounce(), grant(Sid="Bounces"))
    assert [(ref.source, ref.policy, ref.index, ref.sid) for ref in answer.statements] == [
        ("identity", "role", 0, None),
        ("resource", "owner", 0, "Bounces"),
    ]
    assert answer.reason == (
        "allowed by the identity-based policy `role` (statement 0) "
        "and the identity policy `owner` (statement Bounces)"
    )


def test_an_explicit_denial_names_the_statement_that_denies() -> None:
    answer = decide(bounce(), grant("Deny", Sid="Stop"))
    assert answer.explicit_deny
    assert [ref.sid for ref in answer.statements] == ["Stop"]
    assert answer.reason == "denied explicitly by the identity policy `owner` (statement Stop)"


def test_a_denial_says_what_is_missing_on_the_owners_side() -> None:
    policies = grant(Condition={"StringLike": {"ses:FromAddress": "*@mail.example.com"}})
    answer = decide(bounce({"ses:FromAddress": "a@example.com"}), policies)
    assert (answer.decision, answer.explicit_deny, answer.statements) == ("denied", False, ())
    assert answer.reason == (
        f"denied: on the resource's side (account {OWNER}) the identity policy `owner` (statement 0) "
        "allows only where ses:FromAddress meets StringLike *@mail.example.com (it is a@example.com)"
    )


def reason(policies: PolicySet, **changes: Any) -> str:
    answer: Answer = decide(bounce(**changes), policies)
    assert answer.decision == "denied"
    return answer.reason


def test_a_denial_says_what_is_missing_on_the_callers_side() -> None:
    policies = PolicySet(resource=grant().resource)
    assert reason(policies) == f"denied: on the caller's side (account {CALLER}) nothing is allowed"


def test_a_denial_says_that_another_principal_is_named() -> None:
    said = reason(grant(Principal={"AWS": "333333333333"}))
    assert said.endswith(f"the identity policy `owner` (statement 0) does not name {SESSION}")


def test_a_denial_says_that_an_action_never_carries_a_key() -> None:
    said = reason(grant(Condition={"StringEquals": {"ses:FromDisplayName": "Postmaster"}}))
    assert said.endswith("(ses:SendBounce never carries this key)")


def test_a_denial_says_that_ses_wants_the_identity_itself_as_resource() -> None:
    said = reason(grant(Resource="*"))
    assert said.endswith(f"does not count: SES demands {IDENTITY} itself as its only Resource")


def test_a_denial_names_every_side_that_does_not_allow() -> None:
    said = reason(PolicySet(boundaries=(policy(statement(Action="s3:*"), name="limit"),)))
    assert said == (
        f"denied: on the caller's side (account {CALLER}) the permissions boundary `limit` (statement 0) "
        f"is not about ses:SendBounce; on the caller's side (account {CALLER}) nothing is allowed; "
        f"on the resource's side (account {OWNER}) nothing is allowed"
    )


def test_the_answer_says_that_resource_control_policies_do_not_cover_ses() -> None:
    """SES is not among the services of `orgs_manage_policies_rcps.html#rcp-supported-services`."""
    rcp = policy(statement("Deny", Principal="*"))
    allowed = PolicySet(identity=(ROLE_POLICY,), resource=grant().resource, rcps=((rcp,),))
    assert decide(bounce(), allowed).decision == "allowed"
    assert reason(PolicySet(rcps=((rcp,),))).endswith("(resource control policies do not apply to ses)")
    assert decide(bounce(), allowed).reason.endswith("(resource control policies do not apply to ses)")


def test_within_an_account_a_denial_names_both_sides_that_could_allow() -> None:
    own = IDENTITY.replace(OWNER, CALLER)
    said = reason(PolicySet(), resource=own)
    assert said == (
        f"denied: on the caller's side (account {CALLER}) nothing is allowed; "
        f"on the resource's side (account {CALLER}) nothing is allowed"
    )


def test_a_dependence_is_said_in_words() -> None:
    policies = grant(Condition={"StringEquals": {"ses:FromAddress": "a@b"}})
    answer = decide(bounce(complete=False), policies)
    assert answer.depends_on == ("ses:FromAddress",)
    assert answer.reason == "depends on ses:FromAddress, whose value nobody gave"
