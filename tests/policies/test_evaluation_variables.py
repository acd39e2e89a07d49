"""Policy variables, from the IAM User Guide's page on them."""

from typing import Any

import pytest
from evaluation_builders import CALLER, ROLE, SESSION, USER, condition_met, policy, request, statement

from policies.evaluation import PolicyError, PolicySet, decide

PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html"
CONDITIONS = PAGE + "#policy-vars-conditionelement"
SPECIAL = PAGE + "#policy-vars-specialchars"
DEFAULTS = PAGE + "#policy-vars-default-values"
PRINCIPALS = PAGE + "#principaltable"


# page, the statement's resource, who asks, for what, the request's keys, whether it is allowed
@pytest.mark.parametrize(
    ("page", "pattern", "principal", "resource", "context", "allowed"),
    [
        (PAGE, "home/${aws:username}/*", USER, "home/alice/a.txt", {}, True),
        (PAGE, "home/${aws:username}/*", USER, "home/bob/a.txt", {}, False),
        (PAGE, "home/${AWS:UserName}/*", USER, "home/alice/a.txt", {}, True),
        # AWS: aws:username: not present for roles and root users, any attempt to match it fails
        (PRINCIPALS, "home/${aws:username}/*", ROLE, "home/bounce-sender/a.txt", {}, False),
        (PRINCIPALS, "home/${aws:username}/*", SESSION, "home//a.txt", {}, False),
        (
            PAGE,
            "${aws:PrincipalTag/department}/*",
            USER,
            "sales/x",
            {"aws:PrincipalTag/department": "sales"},
            True,
        ),
        (PAGE, "${aws:PrincipalTag/department}/*", USER, "sales/x", {}, False),
        (
            PAGE,
            "${aws:PrincipalTag/department}/*",
            USER,
            "sales/x",
            {"aws:PrincipalTag/department": "s*"},
            False,
        ),
        # a key with several values has no place in a text
        (PAGE, "${aws:TagKeys}", USER, "a", {"aws:TagKeys": ["a", "b"]}, False),
        (PAGE, "${aws:TagKeys, 'a'}", USER, "a", {"aws:TagKeys": ["a", "b"]}, False),
        # AWS: use where you need a * (asterisk), ? (question mark), $ (dollar sign) character
        (SPECIAL, "x${*}", USER, "x*", {}, True),
        (SPECIAL, "x${*}", USER, "xyz", {}, False),
        (SPECIAL, "x${?}", USER, "x?", {}, True),
        (SPECIAL, "x${?}", USER, "xy", {}, False),
        (SPECIAL, "x${$}{a}", USER, "x${a}", {}, True),
        (SPECIAL, "x$y", USER, "x$y", {}, True),
        # AWS: surround the default value with single quotes, and separate … with a comma and space
        (DEFAULTS, "${aws:PrincipalTag/team, 'company-wide'}/*", USER, "company-wide/x", {}, True),
        (DEFAULTS, "${aws:PrincipalTag/team, 'company-wide'}/*", USER, "red/x", {}, False),
        (
            DEFAULTS,
            "${aws:PrincipalTag/team, 'none'}/*",
            USER,
            "red/x",
            {"aws:PrincipalTag/team": "red"},
            True,
        ),
        (DEFAULTS, "${aws:PrincipalTag/team, '*'}/x", USER, "red/x", {}, False),
        (DEFAULTS, "${aws:PrincipalTag/team, ''}x", USER, "x", {}, True),
    ],
)
def test_a_variable_in_a_resource(
    page: str, pattern: str, principal: str, resource: str, context: Any, allowed: bool
) -> None:
    policies = PolicySet(identity=(policy(statement(Resource=f"arn:aws:s3:::{pattern}")),))
    asked = request(principal, resource=f"arn:aws:s3:::{resource}", context=context)
    assert (decide(asked, policies).decision == "allowed") is allowed, page


@pytest.mark.parametrize(
    ("page", "operator", "value", "given", "context", "met"),
    [
        (
            CONDITIONS,
            "StringLike",
            "https://example.com/${aws:username}/",
            "https://example.com/alice/",
            {},
            True,
        ),
        (
            CONDITIONS,
            "StringLike",
            "https://example.com/${aws:username}/",
            "https://example.com/bob/",
            {},
            False,
        ),
        (CONDITIONS, "StringEquals", "${aws:username}", "alice", {}, True),
        (CONDITIONS, "StringEquals", ["x", "${aws:username}"], "alice", {}, True),
        (CONDITIONS, "StringNotEquals", "${aws:username}", "alice", {}, False),
        (CONDITIONS, "StringEqualsIgnoreCase", "${aws:username}", "ALICE", {}, True),
        (
            CONDITIONS,
            "ArnLike",
            "arn:aws:sns:*:${aws:PrincipalAccount}:*",
            f"arn:aws:sns:x:{CALLER}:t",
            {},
            True,
        ),
        (CONDITIONS, "ArnEquals", "arn:aws:sns:*:${aws:PrincipalAccount}:*", "arn:aws:sns:x:3:t", {}, False),
        # what a variable stands for is plain text, also in StringLike
        (CONDITIONS, "StringLike", "${k:pattern}", "abc", {"k:pattern": "a*"}, False),
        (CONDITIONS, "StringLike", "${k:pattern}", "a*", {"k:pattern": "a*"}, True),
        # AWS: If AWS cannot resolve a variable, this might cause the entire statement to be invalid
        (PAGE, "StringEquals", "${k:gone}", "a", {}, False),
        (PAGE, "StringNotEquals", "${k:gone}", "a", {}, False),
        (PAGE, "StringEquals", ["${k:gone}", "a"], "a", {}, True),
        (DEFAULTS, "StringEquals", "${k:gone, 'a'}", "a", {}, True),
        (SPECIAL, "StringEquals", "${*}", "*", {}, True),
    ],
)
def test_a_variable_in_a_condition(
    page: str, operator: str, value: Any, given: str, context: Any, met: bool
) -> None:
    assert condition_met(operator, value, given, context=context) is met, page


@pytest.mark.parametrize("version", ["2008-10-17", "2012-10-17"])
def test_variables_came_with_version_2012_10_17(version: str) -> None:
    """Before it, "variables like ${aws:username} are treated as literal strings"."""
    literal = version == "2008-10-17"
    assert condition_met("StringEquals", "${aws:username}", "alice", version=version) is not literal
    assert condition_met("StringEquals", "${aws:username}", "${aws:username}", version=version) is literal


def test_a_policy_without_version_has_no_variables() -> None:
    """`reference_policies_elements_version.html`: without it, the Version is 2008-10-17."""
    condition = {"StringEquals": {"k:a": "${aws:username}"}}
    from policies.evaluation import compile_policy

    plain = compile_policy({"Statement": statement(Condition=condition)})
    policies = PolicySet(identity=(plain,))
    assert decide(request(context={"k:a": "${aws:username}"}), policies).decision == "allowed"
    assert decide(request(context={"k:a": "alice"}), policies).decision == "denied"


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("NumericEquals", "${k:a}"),
        ("DateLessThan", "${k:a}"),
        ("Bool", "${k:a}"),
        ("BinaryEquals", "${k:a}"),
        ("IpAddress", "${k:a}"),
        ("Null", "${k:a}"),
    ],
)
def test_only_string_and_arn_operators_take_variables(operator: str, value: str) -> None:
    """`access-analyzer-reference-policy-checks.html`: "can only be used with String and ARN operators"."""
    with pytest.raises(PolicyError) as error:
        condition_met(operator, value, "1")
    assert error.value.path == f"/Statement/0/Condition/{operator}/test:key"


@pytest.mark.parametrize("text", ["${aws:username", "${}", "${a:b,}", "${a:b, 'x}"])
def test_an_incomplete_variable_is_an_error(text: str) -> None:
    with pytest.raises(PolicyError):
        condition_met("StringEquals", text, "a")
