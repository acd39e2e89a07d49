"""How policies of all kinds decide together, from AWS's pages on policy evaluation."""

from dataclasses import dataclass
from typing import Any

import pytest
from evaluation_builders import (
    BUCKET,
    CALLER,
    OWNER,
    ROLE,
    SESSION,
    USER,
    decision,
    policy,
    request,
    statement,
)

from policies.evaluation import Policy, PolicySet, decide

IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
LOGIC = IAM + "reference_policies_evaluation-logic.html"
SINGLE = IAM + "reference_policies_evaluation-logic_policy-eval-denyallow.html"
BASICS = IAM + "reference_policies_evaluation-logic_policy-eval-basics.html"
CROSS = IAM + "reference_policies_evaluation-logic-cross-account.html"
PRINCIPAL = IAM + "reference_policies_elements_principal.html"
NOT_PRINCIPAL = IAM + "reference_policies_elements_notprincipal.html"
ACTION = IAM + "reference_policies_elements_action.html"
NOT_ACTION = IAM + "reference_policies_elements_notaction.html"
RESOURCE = IAM + "reference_policies_elements_resource.html"
NOT_RESOURCE = IAM + "reference_policies_elements_notresource.html"
BOUNDARIES = IAM + "access_policies_boundaries.html"
SESSIONS = IAM + "access_policies.html#policies_session"
SCP = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html"
RCP = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html"

ROOT = f"arn:aws:iam::{CALLER}:root"
FEDERATED = f"arn:aws:sts::{CALLER}:federated-user/carlos"
OTHER_ROLE = f"arn:aws:iam::{CALLER}:role/other"
SERVICE_LINKED = f"arn:aws:sts::{CALLER}:assumed-role/AWSServiceRoleForSupport/x"
SAML = f"arn:aws:iam::{CALLER}:saml-provider/idp"

ALLOW = policy(statement())
NOTHING = policy(statement(Action="s3:PutObject"))
DENY = policy(statement("Deny"))


def for_(*principals: str, effect: str = "Allow", **elements: Any) -> Policy:
    """A resource-based policy for these AWS principals."""
    return policy(statement(effect, Principal={"AWS": list(principals)}, **elements))


EVERYONE = policy(statement(Principal="*"))
DENY_EVERYONE = policy(statement("Deny", Principal="*"))


@dataclass(frozen=True)
class Row:
    page: str
    principal: str
    expected: str
    identity: tuple[Policy, ...] = ()
    resource: tuple[Policy, ...] = ()
    boundaries: tuple[Policy, ...] = ()
    session: tuple[Policy, ...] = ()
    scps: tuple[tuple[Policy, ...], ...] = ()
    rcps: tuple[tuple[Policy, ...], ...] = ()
    owner: str = CALLER
    action: str = "s3:GetObject"


A, D, X = "allowed", "denied", "explicitly denied"

ROWS = [
    # AWS: all requests are implicitly denied with the exception of the root user, which has full access
    Row(SINGLE, USER, D),
    Row(SINGLE, ROLE, D),
    Row(SINGLE, ROOT, A),
    Row(SINGLE, CALLER, A),
    Row(SINGLE, USER, A, identity=(ALLOW,)),
    Row(SINGLE, SESSION, A, identity=(ALLOW,)),
    # AWS: An explicit deny in any of these policies overrides the allow
    Row(SINGLE, USER, X, identity=(ALLOW, DENY)),
    Row(SINGLE, USER, X, identity=(ALLOW,), resource=(DENY_EVERYONE,)),
    Row(SINGLE, USER, X, identity=(DENY,), resource=(EVERYONE,)),
    Row(SINGLE, USER, X, identity=(ALLOW,), boundaries=(ALLOW, DENY)),
    Row(SINGLE, SESSION, X, identity=(ALLOW,), session=(DENY,)),
    Row(SINGLE, USER, X, identity=(ALLOW,), scps=((ALLOW, DENY),)),
    Row(SINGLE, ROOT, X, resource=(DENY_EVERYONE,)),
    # AWS: either the identity-based or the resource-based policy allows, and it is allowed
    Row(BASICS, USER, A, resource=(for_(USER),)),
    Row(BASICS, USER, A, identity=(NOTHING,), resource=(for_(USER),)),
    Row(BASICS, USER, A, identity=(ALLOW,), resource=(for_(OTHER_ROLE),)),
    Row(BASICS, USER, D, identity=(NOTHING,), resource=(for_(OTHER_ROLE),)),
    # naming only the account delegates to it: within it an identity-based policy is needed then
    Row(PRINCIPAL, USER, D, resource=(for_(CALLER),)),
    Row(PRINCIPAL, USER, A, identity=(ALLOW,), resource=(for_(CALLER),)),
    Row(PRINCIPAL, USER, D, resource=(for_(ROOT),)),
    Row(PRINCIPAL, SESSION, A, identity=(ALLOW,), resource=(for_(ROOT),)),
    # AWS: For IAM users and role principals within your account, no other permissions are required for *
    Row(PRINCIPAL, USER, A, resource=(EVERYONE,)),
    Row(PRINCIPAL, SESSION, A, resource=(for_("*"),)),
    # resource-based policies and implicit denies in other policy types, same account
    Row(SINGLE, USER, A, resource=(for_(USER),), boundaries=(NOTHING,)),
    Row(SINGLE, ROLE, A, resource=(for_(ROLE),)),
    Row(SINGLE, SESSION, A, resource=(for_(ROLE),)),
    Row(SINGLE, SESSION, D, resource=(for_(ROLE),), boundaries=(NOTHING,)),
    Row(SINGLE, SESSION, D, resource=(for_(ROLE),), session=(NOTHING,)),
    Row(SINGLE, SESSION, A, resource=(for_(ROLE),), session=(ALLOW,), boundaries=(ALLOW,)),
    Row(SINGLE, SESSION, A, resource=(for_(SESSION),), boundaries=(NOTHING,), session=(NOTHING,)),
    Row(SINGLE, SESSION, A, resource=(EVERYONE,), boundaries=(NOTHING,), session=(NOTHING,)),
    Row(SINGLE, FEDERATED, A, resource=(for_(FEDERATED),), session=(NOTHING,)),
    Row(SINGLE, FEDERATED, A, identity=(ALLOW,), session=(ALLOW,)),
    # AWS: no session policy: a role session is allowed, otherwise the request is implicitly denied
    Row(SINGLE, FEDERATED, D, identity=(ALLOW,)),
    Row(SINGLE, SESSION, D, identity=(ALLOW,), session=(NOTHING,)),
    Row(SESSIONS, SESSION, D, identity=(NOTHING,), session=(ALLOW,)),
    Row(SESSIONS, SESSION, A, identity=(ALLOW,), session=(NOTHING, ALLOW)),
    # boundaries grant nothing and limit identity-based policies
    Row(BOUNDARIES, USER, D, boundaries=(ALLOW,)),
    Row(BOUNDARIES, USER, D, identity=(ALLOW,), boundaries=(NOTHING,)),
    Row(BOUNDARIES, USER, A, identity=(ALLOW,), boundaries=(ALLOW,)),
    Row(BOUNDARIES, ROOT, A, boundaries=(NOTHING,)),
    # across accounts both sides must allow
    Row(CROSS, USER, D, identity=(ALLOW,), owner=OWNER),
    Row(CROSS, USER, D, resource=(for_(USER),), owner=OWNER),
    Row(CROSS, USER, A, identity=(ALLOW,), resource=(for_(USER),), owner=OWNER),
    Row(CROSS, USER, A, identity=(ALLOW,), resource=(for_(CALLER),), owner=OWNER),
    Row(CROSS, SESSION, A, identity=(ALLOW,), resource=(for_(ROLE),), owner=OWNER),
    Row(CROSS, SESSION, A, identity=(ALLOW,), resource=(EVERYONE,), owner=OWNER),
    Row(CROSS, SESSION, D, resource=(EVERYONE,), owner=OWNER),
    Row(CROSS, SESSION, D, resource=(for_(SESSION),), owner=OWNER),
    Row(CROSS, SESSION, D, identity=(ALLOW,), resource=(for_(SESSION),), session=(NOTHING,), owner=OWNER),
    Row(CROSS, SESSION, D, identity=(ALLOW,), resource=(for_(SESSION),), boundaries=(NOTHING,), owner=OWNER),
    Row(CROSS, SESSION, D, identity=(ALLOW,), resource=(for_(OWNER),), owner=OWNER),
    Row(CROSS, SESSION, X, identity=(ALLOW,), resource=(EVERYONE, for_(ROLE, effect="Deny")), owner=OWNER),
    Row(CROSS, ROOT, A, resource=(for_(ROOT),), owner=OWNER),
    Row(CROSS, ROOT, D, owner=OWNER),
    # services, identity providers and anonymous callers have no account whose policies could allow
    Row(
        PRINCIPAL,
        "ses.amazonaws.com",
        A,
        resource=(policy(statement(Principal={"Service": "ses.amazonaws.com"})),),
    ),
    Row(
        PRINCIPAL,
        "ses.amazonaws.com",
        D,
        resource=(policy(statement(Principal={"Service": "sns.amazonaws.com"})),),
    ),
    Row(PRINCIPAL, "ses.amazonaws.com", A, resource=(EVERYONE,)),
    Row(PRINCIPAL, "ses.amazonaws.com", D, resource=(for_(CALLER),)),
    Row(PRINCIPAL, "*", A, resource=(EVERYONE,)),
    Row(PRINCIPAL, "*", A, resource=(for_("*"),)),
    Row(PRINCIPAL, "*", D, resource=(for_(USER),)),
    Row(PRINCIPAL, SAML, A, resource=(policy(statement(Principal={"Federated": SAML})),)),
    Row(PRINCIPAL, SAML, D, resource=(for_(CALLER),)),
    Row(
        PRINCIPAL,
        "accounts.google.com",
        A,
        resource=(policy(statement(Principal={"Federated": "accounts.google.com"})),),
    ),
    # nobody's identity-based policies count for them
    Row(PRINCIPAL, "*", D, identity=(ALLOW,)),
    Row(PRINCIPAL, "ses.amazonaws.com", D, identity=(ALLOW,)),
    # a deleted principal's ID names nobody any more
    Row(PRINCIPAL, USER, D, resource=(for_("AIDAJQABLZS4A3QDU576Q"),)),
    Row(PRINCIPAL, SESSION, D, identity=(ALLOW,), resource=(for_("AROADBQP57FF2AEXAMPLE"),), owner=OWNER),
    # a role's ARN names its sessions, whatever its path; a session's only itself
    Row(PRINCIPAL, SESSION, A, resource=(for_(f"arn:aws:iam::{CALLER}:role/team/bounce-sender"),)),
    Row(PRINCIPAL, SESSION, D, resource=(for_(f"{SESSION}2"),)),
    Row(PRINCIPAL, ROLE, D, resource=(for_(SESSION),)),
    Row(PRINCIPAL, SESSION, D, resource=(for_(OTHER_ROLE),)),
    # AWS: Allow with NotPrincipal: all principals except the one named
    Row(NOT_PRINCIPAL, USER, A, resource=(policy(statement(NotPrincipal={"AWS": ROLE})),)),
    Row(NOT_PRINCIPAL, "*", A, resource=(policy(statement(NotPrincipal={"AWS": ROLE})),)),
    Row(NOT_PRINCIPAL, SESSION, D, resource=(policy(statement(NotPrincipal={"AWS": ROLE})),)),
    Row(NOT_PRINCIPAL, USER, D, resource=(policy(statement(NotPrincipal={"AWS": CALLER})),)),
    # the page's example: user and account are named, the account's other users are denied
    Row(
        NOT_PRINCIPAL,
        USER,
        A,
        identity=(ALLOW,),
        resource=(policy(statement("Deny", NotPrincipal={"AWS": [USER, ROOT]})),),
    ),
    Row(
        NOT_PRINCIPAL,
        f"arn:aws:iam::{CALLER}:user/bob",
        X,
        identity=(ALLOW,),
        resource=(policy(statement("Deny", NotPrincipal={"AWS": [USER, ROOT]})),),
    ),
    Row(
        NOT_PRINCIPAL,
        SESSION,
        A,
        identity=(ALLOW,),
        resource=(policy(statement("Deny", NotPrincipal={"AWS": [SESSION, ROLE, ROOT]})),),
    ),
    Row(
        NOT_PRINCIPAL,
        USER,
        X,
        identity=(ALLOW,),
        resource=(policy(statement("Deny", NotPrincipal={"AWS": OWNER})),),
    ),
    # AWS: Any account has only those permissions permitted by every parent above it
    Row(SCP, USER, A, identity=(ALLOW,), scps=((ALLOW,), (ALLOW,))),
    Row(SCP, USER, D, identity=(ALLOW,), scps=((ALLOW,), (NOTHING,))),
    Row(SCP, USER, D, scps=((ALLOW,),)),
    Row(SCP, USER, A, identity=(ALLOW,), scps=((NOTHING, ALLOW),)),
    Row(SCP, ROOT, D, scps=((NOTHING,),)),
    Row(SCP, USER, D, resource=(for_(USER),), scps=((NOTHING,),)),
    Row(SCP, SERVICE_LINKED, A, identity=(ALLOW,), scps=((DENY,),)),
    Row(
        SCP,
        "ses.amazonaws.com",
        A,
        resource=(policy(statement(Principal={"Service": "ses.amazonaws.com"})),),
        scps=((DENY,),),
    ),
    # RCPs protect the resources of listed services, whoever asks, except service-linked roles
    Row(RCP, USER, X, identity=(ALLOW,), rcps=((EVERYONE, DENY_EVERYONE),)),
    Row(RCP, USER, A, identity=(ALLOW,), rcps=((EVERYONE,), (EVERYONE,))),
    Row(RCP, USER, D, identity=(ALLOW,), rcps=((EVERYONE,), (for_("*", Action="sqs:*"),))),
    Row(RCP, ROOT, X, rcps=((EVERYONE, DENY_EVERYONE),)),
    Row(RCP, "*", X, resource=(EVERYONE,), rcps=((EVERYONE, DENY_EVERYONE),)),
    Row(RCP, SERVICE_LINKED, A, identity=(ALLOW,), rcps=((EVERYONE, DENY_EVERYONE),)),
    Row(RCP, USER, A, identity=(ALLOW,), rcps=((DENY_EVERYONE,),), action="ses:SendBounce"),
    Row(RCP, USER, X, identity=(ALLOW,), rcps=((EVERYONE, DENY_EVERYONE),), action="sqs:SendMessage"),
]


@pytest.mark.parametrize("row", ROWS)
def test_policies_decide_together_as_documented(row: Row) -> None:
    policies = PolicySet(row.identity, row.resource, row.boundaries, row.session, row.scps, row.rcps)
    answer = decide(request(row.principal, row.action, owner=row.owner), policies)
    assert decision(answer) == row.expected, row.page


@pytest.mark.parametrize(
    ("page", "elements", "action", "applies"),
    [
        (ACTION, {"Action": "s3:GetObject"}, "s3:GetObject", True),
        (ACTION, {"Action": "S3:getobject"}, "s3:GetObject", True),
        (ACTION, {"Action": "s3:Get*"}, "S3:GETOBJECT", True),
        (ACTION, {"Action": "s3:Get?bject"}, "s3:GetObject", True),
        (ACTION, {"Action": "s3:*"}, "sqs:GetObject", False),
        (ACTION, {"Action": "*"}, "sqs:SendMessage", True),
        (ACTION, {"Action": ["sqs:*", "s3:GetObject"]}, "s3:GetObject", True),
        (ACTION, {"Action": "s3:GetObject"}, "s3:GetObjectAcl", False),
        (NOT_ACTION, {"NotAction": "iam:*"}, "s3:GetObject", True),
        (NOT_ACTION, {"NotAction": "iam:*"}, "iam:CreateUser", False),
        (NOT_ACTION, {"NotAction": ["iam:*", "S3:Get*"]}, "s3:GetObject", False),
    ],
)
def test_actions_ignore_case_and_take_wildcards(page: str, elements: Any, action: str, applies: bool) -> None:
    policies = PolicySet(identity=(policy(statement(**elements)),))
    assert (decide(request(action=action), policies).decision == "allowed") is applies, page


@pytest.mark.parametrize(
    ("page", "elements", "resource", "applies"),
    [
        (RESOURCE, {"Resource": BUCKET}, BUCKET, True),
        (RESOURCE, {"Resource": BUCKET}, BUCKET.upper(), False),
        (RESOURCE, {"Resource": "arn:aws:s3:::bucket/*"}, BUCKET, True),
        (RESOURCE, {"Resource": "arn:aws:s3:::bucket/k?y"}, BUCKET, True),
        (RESOURCE, {"Resource": "arn:aws:s3:::bucket"}, BUCKET, False),
        (RESOURCE, {"Resource": ["arn:aws:s3:::other", "arn:aws:s3:::*/key"]}, BUCKET, True),
        # AWS: a * that ends a segment of the ARN can expand to match beyond the colon
        (RESOURCE, {"Resource": "arn:aws:sqs:*"}, f"arn:aws:sqs:us-east-1:{CALLER}:queue", True),
        (NOT_RESOURCE, {"NotResource": "arn:aws:s3:::secret/*"}, BUCKET, True),
        (NOT_RESOURCE, {"NotResource": "arn:aws:s3:::bucket/*"}, BUCKET, False),
    ],
)
def test_resources_are_case_sensitive_and_take_wildcards(
    page: str, elements: Any, resource: str, applies: bool
) -> None:
    policies = PolicySet(identity=(policy(statement(**elements)),))
    assert (decide(request(resource=resource), policies).decision == "allowed") is applies, page


def test_a_not_resource_with_an_unresolved_variable_applies_to_nothing() -> None:
    """Nothing is said of what the statement leaves out, so it counts as invalid."""
    policies = PolicySet(identity=(policy(statement(NotResource="arn:aws:s3:::${k:gone}/*")),))
    assert decide(request(), policies).decision == "denied"


def test_the_resource_account_given_wins_over_the_arn() -> None:
    queue = f"arn:aws:sqs:us-east-1:{OWNER}:queue"
    policies = PolicySet(identity=(ALLOW,))
    assert decide(request(action="sqs:SendMessage", resource=queue), policies).decision == "denied"
    assert (
        decide(request(action="sqs:SendMessage", resource=queue, owner=CALLER), policies).decision
        == "allowed"
    )


def test_carlos_and_his_logs() -> None:
    """The worked example of `reference_policies_evaluation-logic_policy-eval-basics.html`."""
    carlos = f"arn:aws:iam::{CALLER}:user/carlossalazar"
    own = ["arn:aws:s3:::carlossalazar/*", "arn:aws:s3:::carlossalazar"]
    identity = policy(
        statement(Action=["s3:GetBucketLocation", "s3:ListAllMyBuckets"], Resource="arn:aws:s3:::*"),
        statement(Action="s3:*", Resource=own),
        statement("Deny", Action="s3:*", Resource="arn:aws:s3:::*log*"),
    )
    policies = PolicySet(identity=(identity,), resource=(for_(carlos, Action="s3:*", Resource=own),))
    logs = request(carlos, "s3:PutObject", "arn:aws:s3:::carlossalazar-logs/file")
    file = request(carlos, "s3:PutObject", "arn:aws:s3:::carlossalazar/file")
    assert decision(decide(logs, policies)) == X
    assert decision(decide(file, policies)) == A


@pytest.mark.parametrize("principal", ["*", "ses.amazonaws.com"])
def test_who_has_no_account_is_never_in_the_resources_account(principal: str) -> None:
    """Not even where nothing says who owns the resource."""
    assert decide(request(principal), PolicySet(identity=(ALLOW,))).decision == "denied"
    assert decide(request(principal), PolicySet(resource=(EVERYONE,))).decision == "allowed"
