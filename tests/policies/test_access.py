"""Who can, and what a change widens or narrows."""

from typing import Any

import pytest
from evaluation_builders import (
    CALLER,
    IDENTITY,
    OWNER,
    ROLE,
    document,
    policy,
    request,
    statement,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_strategies import KEYS, PRINCIPALS, VALUES, statements

from policies.access import Difference, diff, who_can
from policies.evaluation import PolicyError, PolicySet, compile_policy, decide

PARTNER = "333333333333"


def grant(like: Any = None, effect: str = "Allow", *, to: Any = CALLER, **elements: Any) -> dict[str, Any]:
    condition = {"Condition": {"StringLike": {"ses:FromAddress": like}}} if like else {}
    named = to if to == "*" else {"AWS": to}
    return statement(
        effect, Principal=named, Action="ses:SendBounce", Resource=IDENTITY, **condition, **elements
    )


def changed(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Difference:
    found = diff([policy(*old)], [policy(*new)])
    assert found.undecided == ()
    return found


def words(found: Difference) -> list[tuple[str, str, tuple[tuple[str, ...], ...]]]:
    return [(change.direction, change.callers, change.keys) for change in found.changes]


def test_the_same_policy_is_no_change() -> None:
    assert changed([grant("*@example.com")], [grant("*@example.com")]).changes == ()


def test_another_spelling_of_the_same_grant_is_no_change() -> None:
    """A list in another order, one statement as two, a pattern that another takes in."""
    old = [grant(["a@example.com", "*@example.com"])]
    assert changed(old, [grant("*@example.com")]).changes == ()
    assert changed(old, [grant("*@example.com"), grant("b@example.com", Sid="More")]).changes == ()
    assert changed([grant("?*@example.com"), grant("@example.com")], [grant("*@example.com")]).changes == ()


def test_a_denial_of_what_nobody_may_is_a_change_where_another_policy_allows() -> None:
    found = changed([grant("a@*")], [grant("a@*"), grant("b@*", "Deny")])
    assert {(change.direction, change.given) for change in found.changes} == {
        ("narrowed", "where another policy of the resource allows it")
    }


def test_a_wider_pattern_widens_by_exactly_the_rest() -> None:
    found = changed([grant("*@mail.example.com")], [grant("*@*example.com")])
    assert words(found) == [
        (
            "widened",
            f"account {CALLER}",
            (("ses:FromAddress like *@*example.com, not like *@mail.example.com",),),
        )
    ]
    [witness] = [change.witness for change in found.changes]
    [address] = witness.context["ses:FromAddress"]
    assert address.endswith("example.com")
    assert not address.endswith("@mail.example.com")
    assert found.changes[0].decisions == ("denied", "allowed")
    assert found.changes[0].given == "where the caller's own account allows it"


def test_a_narrower_principal_is_both() -> None:
    """Naming a role instead of its account takes out the account's others and gives the role nothing new."""
    found = changed([grant(to=CALLER)], [grant(to=ROLE)])
    assert words(found) == [("narrowed", f"account {CALLER}", ((),))]


def test_within_the_owners_account_naming_a_role_makes_its_own_policies_unnecessary() -> None:
    own = f"arn:aws:iam::{OWNER}:role/sender"
    found = changed([grant(to=OWNER)], [grant(to=own)])
    assert [(change.direction, change.callers, change.given) for change in found.changes] == [
        ("widened", own, "")
    ]


def test_opening_to_everyone_is_seen_for_each_sort_of_caller() -> None:
    found = changed([grant()], [grant(to="*")])
    assert [(change.direction, change.callers) for change in found.changes] == [
        ("widened", f"account {OWNER}"),
        ("widened", "everyone else"),
    ] or {change.callers for change in found.changes} == {f"account {OWNER}", "everyone else"}


def test_a_new_condition_on_another_key_narrows() -> None:
    limited = grant("*@example.com")
    limited["Condition"]["Bool"] = {"aws:SecureTransport": "true"}
    found = changed([grant("*@example.com")], [limited])
    assert {change.direction for change in found.changes} == {"narrowed"}
    assert found.changes[0].witness.context["ses:FromAddress"]


@pytest.mark.parametrize(
    ("old", "new", "directions"),
    [
        (
            {"DateLessThan": {"aws:CurrentTime": "2026-01-01"}},
            {"DateLessThan": {"aws:CurrentTime": "2027-01-01"}},
            {"widened"},
        ),
        ({"NumericLessThan": {"k:n": "5"}}, {"NumericLessThanEquals": {"k:n": "5"}}, {"widened"}),
        ({"NumericLessThan": {"k:n": "5"}}, {"NumericGreaterThan": {"k:n": "5"}}, {"widened", "narrowed"}),
        (
            {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
            {"IpAddress": {"aws:SourceIp": "10.1.0.0/16"}},
            {"narrowed"},
        ),
        (
            {"IpAddress": {"aws:SourceIp": ["10.0.0.0/9", "10.128.0.0/9"]}},
            {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
            set(),
        ),
        ({"StringEquals": {"k:a": "x"}}, {"StringEqualsIfExists": {"k:a": "x"}}, {"widened"}),
        ({"StringEquals": {"k:a": "x"}}, {"StringEqualsIgnoreCase": {"k:a": "x"}}, {"widened"}),
        ({"StringNotEquals": {"k:a": "x"}}, {"StringNotLike": {"k:a": "x*"}}, {"narrowed"}),
        ({"StringLike": {"k:a": "*"}}, {"Null": {"k:a": "false"}}, set()),
        (
            {"ForAllValues:StringLike": {"k:a": "x*"}},
            {"ForAnyValue:StringLike": {"k:a": "x*"}},
            {"widened", "narrowed"},
        ),
        ({"Bool": {"k:a": "true"}}, {"StringNotEquals": {"k:b": "x"}}, {"widened", "narrowed"}),
        (
            {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/bounce-*"}},
            {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/bounce-?*"}},
            {"narrowed"},
        ),
        (
            {"StringEquals": {"ses:FromDisplayName": "x"}},
            {"StringEquals": {"ses:FromDisplayName": "y"}},
            set(),
        ),
    ],
)
def test_conditions_of_every_kind(old: Any, new: Any, directions: set[str]) -> None:
    found = changed([grant(Condition=old)], [grant(Condition=new)])
    assert {change.direction for change in found.changes} == directions


def test_identity_based_policies_can_be_compared() -> None:
    old = statement(Action="ses:SendBounce", Resource=IDENTITY)
    new = statement(Action=["ses:SendBounce", "ses:SendEmail"], Resource=IDENTITY)
    [change] = changed([old], [new]).changes
    assert (change.direction, change.targets) == ("widened", (("ses:SendEmail", IDENTITY),))
    assert change.new[0].source == "identity"


def test_actions_and_resources_are_sets_of_texts_too() -> None:
    old = statement(Action="ses:Send*", Resource="arn:aws:ses:*:*:identity/*.example.com")
    new = statement(Action="ses:SendBounce", Resource="arn:aws:ses:*:*:identity/*example.com")
    found = changed([old], [new])
    assert {change.direction for change in found.changes} == {"widened", "narrowed"}
    for change in found.changes:
        actions = {action.lower() for action, _ in change.targets}
        assert (actions == {"ses:sendbounce"}) is (change.direction == "widened")


def test_actions_differ_by_the_keys_they_carry() -> None:
    """SendBounce never carries ses:FromDisplayName, so only other actions are narrowed."""
    unnamed = statement(Action="ses:Send*", Condition={"Null": {"ses:FromDisplayName": "true"}})
    found = changed([statement(Action="ses:Send*")], [unnamed])
    actions = {action for change in found.changes for action, _ in change.targets}
    assert "ses:SendEmail" in actions
    assert "ses:SendBounce" not in actions


def test_a_resource_based_pattern_grants_nothing_on_an_identity_of_ses() -> None:
    """SES demands the identity itself as Resource; elsewhere the pattern counts."""
    everything = statement(Principal={"AWS": CALLER}, Resource="arn:aws:ses:*")
    found = changed([grant()], [grant(), everything])
    assert {change.direction for change in found.changes} == {"widened"}
    targets = [target for change in found.changes for target in change.targets]
    assert all(":identity/" not in resource for action, resource in targets if action.startswith("ses:"))
    assert any(not action.startswith("ses:") for action, _ in targets)


def test_a_named_role_is_looked_at_under_every_path() -> None:
    """A Principal names the role whatever its path; aws:PrincipalArn tells the paths apart."""
    role = f"arn:aws:iam::{PARTNER}:role/team/sender"
    under_path = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{PARTNER}:role/team/*"}}
    found = changed([grant(to=role)], [grant(to=role), grant(effect="Deny", to="*", Condition=under_path)])
    [change] = [
        change for change in found.changes if change.given == "where the caller's own account allows it"
    ]
    assert change.witness.principal.name == role


def test_a_pattern_of_accounts_grants_within_the_owners_account_too() -> None:
    role = f"arn:aws:iam::{PARTNER}:role/r"
    queues = {"Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*:*:mail"}
    found = changed(
        [statement(Principal={"AWS": PARTNER}, **queues)], [statement(Principal={"AWS": role}, **queues)]
    )
    assert ("widened", role) in {(change.direction, change.callers) for change in found.changes}


def test_policies_of_different_kinds_cannot_be_compared() -> None:
    with pytest.raises(PolicyError):
        diff([policy(statement())], [policy(statement(Principal="*"))])


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"StringEquals": {"ses:FromAddress": "${aws:username}@example.com"}}, "policy variables"),
        (
            {"StringLike": {"k:a": "1*"}, "NumericLessThan": {"k:a": "15"}},
            "k:a is compared as values of different kinds",
        ),
        (
            {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::33*:role/x"}},
            "aws:PrincipalArn is compared with a part",
        ),
    ],
)
def test_what_is_out_of_reach_is_said(condition: Any, said: str) -> None:
    found = diff([policy(grant())], [policy(grant(Condition=condition))])
    assert any(reason.startswith(said) for reason in found.undecided)


def test_too_many_overlapping_patterns_are_undecided() -> None:
    patterns = [f"*{letter}*{letter}*{letter}*" for letter in "abcdefghij"]
    found = diff([policy(grant("*"))], [policy(*(grant(pattern, Sid=pattern[1]) for pattern in patterns))])
    assert found.undecided


def test_who_can_names_callers_conditions_and_statements() -> None:
    access = who_can(
        [
            policy(
                grant("*@example.com", Sid="Partner", to=PARTNER),
                grant(to=ROLE, Sid="Role"),
                grant("root@*", "Deny", to="*"),
                name="sending",
            )
        ],
        "ses:SendBounce",
        IDENTITY,
    )
    assert access.undecided == ()
    assert [
        (grant.callers, grant.keys, [ref.sid for ref in grant.statements]) for grant in access.grants
    ] == [
        (ROLE, (("ses:FromAddress not like root@*",),), ["Role"]),
        (f"account {PARTNER}", (("ses:FromAddress like *@example.com, not like root@*",),), ["Partner"]),
    ]
    for found in access.grants:
        assert found.given == "where the caller's own account allows it"


def test_who_can_leaves_out_what_is_denied_altogether() -> None:
    denied = policy(grant(to=[ROLE, PARTNER]), grant(effect="Deny", to=PARTNER))
    assert [found.callers for found in who_can([denied], "ses:SendBounce", IDENTITY).grants] == [ROLE]


def test_who_can_of_nothing_is_nobody() -> None:
    assert who_can([], "ses:SendBounce", IDENTITY).grants == ()
    other = policy(statement(Principal="*", Action="ses:SendEmail", Resource=IDENTITY))
    assert who_can([other], "ses:SendBounce", IDENTITY).grants == ()


def test_who_can_sees_everyone() -> None:
    [opened] = who_can([policy(grant(to="*"))], "ses:SendBounce", IDENTITY).grants[:1]
    everyone = who_can([policy(grant(to="*"))], "ses:SendBounce", IDENTITY).grants
    assert "everyone else" in {found.callers for found in everyone}
    assert opened.witness.action == "ses:SendBounce"


def test_who_can_sees_services_and_conditions_on_callers() -> None:
    service = statement(
        Principal={"Service": "ses.amazonaws.com"},
        Action="ses:SendBounce",
        Resource=IDENTITY,
        Condition={"StringEquals": {"aws:SourceAccount": PARTNER}},
    )
    organization = grant(to="*", Condition={"StringEquals": {"aws:PrincipalAccount": PARTNER}})
    access = who_can([policy(service, organization)], "ses:SendBounce", IDENTITY)
    assert [(found.callers, found.keys) for found in access.grants] == [
        ("ses.amazonaws.com", ((f"aws:SourceAccount is {PARTNER}",),)),
        (f"account {PARTNER}", ()),
    ]


# Random policies: the algebra and the evaluator must agree on every request.
random_policies = st.lists(statements(principal=True), min_size=1, max_size=3)
random_requests = st.tuples(
    st.sampled_from(PRINCIPALS),
    st.sampled_from(["arn:aws:s3:::b/x", "arn:aws:s3:::c", "arn:aws:s3:::b/y"]),
    st.sampled_from(["s3:GetObject", "s3:PutObject", "sqs:SendMessage"]),
    st.dictionaries(st.sampled_from(KEYS), st.lists(st.sampled_from([*VALUES, "z"]), max_size=2), max_size=2),
)
ALL = policy(statement())


@settings(max_examples=40, deadline=None)
@given(random_policies, random_policies, st.lists(random_requests, min_size=20, max_size=40))
def test_every_difference_on_random_policies_is_found(old: Any, new: Any, asked: Any) -> None:
    before, after = compile_policy(document(*old)), compile_policy(document(*new))
    found = diff([before], [after])
    directions = {change.direction for change in found.changes}
    for principal, resource, action, context in asked:
        for identity in ((), (ALL,)):
            one, other = (
                decide(
                    request(principal, action, resource, owner=CALLER, context=context),
                    PolicySet(identity=identity, resource=(side,)),
                ).decision
                for side in (before, after)
            )
            if one != other:
                wanted = "widened" if other == "allowed" else "narrowed"
                assert wanted in directions or found.undecided, (principal, resource, action, context)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(statements(), min_size=1, max_size=3),
    st.lists(statements(), min_size=1, max_size=3),
    st.lists(random_requests, min_size=20, max_size=40),
)
def test_every_difference_on_random_identity_based_policies_is_found(old: Any, new: Any, asked: Any) -> None:
    before, after = compile_policy(document(*old)), compile_policy(document(*new))
    found = diff([before], [after])
    directions = {change.direction for change in found.changes}
    for _, resource, action, context in asked:
        for others in ((), (ALL,)):
            one, other = (
                decide(
                    request(ROLE, action, resource, context=context), PolicySet(identity=(side, *others))
                ).decision
                for side in (before, after)
            )
            if one != other:
                wanted = "widened" if other == "allowed" else "narrowed"
                assert wanted in directions or found.undecided


@settings(max_examples=40, deadline=None)
@given(random_policies, random_requests)
def test_whoever_may_on_random_policies_is_listed(written: Any, asked: Any) -> None:
    compiled = compile_policy(document(*written))
    principal, resource, action, context = asked
    answer = decide(
        request(principal, action, resource, owner=OWNER, context=context),
        PolicySet(identity=(ALL,), resource=(compiled,)),
    )
    listed = [set(found.statements) for found in who_can([compiled], action, resource).grants]
    allowing = {ref for ref in answer.statements if ref.source == "resource" and ref.effect == "Allow"}
    if answer.decision == "allowed" and allowing:
        assert any(found <= allowing for found in listed)
