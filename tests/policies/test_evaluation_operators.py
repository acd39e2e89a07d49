"""Condition operators as the IAM User Guide describes them, row by row, each with its page."""

from typing import Any

import pytest
from evaluation_builders import condition_met, policy, request, statement

from policies.evaluation import PolicySet, decide

GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
OPERATORS = GUIDE + "reference_policies_elements_condition_operators.html"
STRING = OPERATORS + "#Conditions_String"
NUMERIC = OPERATORS + "#Conditions_Numeric"
DATE = OPERATORS + "#Conditions_Date"
BOOLEAN = OPERATORS + "#Conditions_Boolean"
BINARY = OPERATORS + "#Conditions_BinaryEquals"
ADDRESS = OPERATORS + "#Conditions_IPAddress"
ARN = OPERATORS + "#Conditions_ARN"
IF_EXISTS = OPERATORS + "#Conditions_IfExists"
NULL = OPERATORS + "#Conditions_Null"
SETS = GUIDE + "reference_policies_condition-single-vs-multi-valued-context-keys.html"
SET_EXAMPLES = GUIDE + "reference_policies_condition_examples-multi-valued-context-keys.html"
LOGIC = GUIDE + "reference_policies_condition-logic-multiple-context-keys-or-values.html"

TOPIC = "arn:aws:sns:us-east-1:123456789012:topic"
FINANCE = "arn:aws:someservice:*:111122223333:finance/*"
STORE = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"

# page, operator, the policy's values, the request's value (None: the key is absent), whether it is met
ROWS: list[tuple[str, str, Any, Any, bool]] = [
    # AWS: Exact matching, case sensitive
    (STRING, "StringEquals", "iamuser-admin", "iamuser-admin", True),
    (STRING, "StringEquals", "iamuser-admin", "IAMUser-admin", False),
    (STRING, "StringEquals", "iamuser-*", "iamuser-admin", False),
    (STRING, "StringEquals", "iamuser-*", "iamuser-*", True),
    (STRING, "StringEquals", "a", None, False),
    (STRING, "StringEquals", "", "", True),
    (STRING, "StringNotEquals", "a", "b", True),
    (STRING, "StringNotEquals", "a", "a", False),
    (STRING, "StringNotEquals", "a", "A", True),
    # AWS: if the right key is not present, the condition is true for negated operators
    (OPERATORS, "StringNotEquals", "a", None, True),
    (OPERATORS, "StringNotLike", "a*", None, True),
    (OPERATORS, "StringNotEqualsIgnoreCase", "a", None, True),
    (OPERATORS, "NumericNotEquals", "1", None, True),
    (OPERATORS, "DateNotEquals", "2026-01-01", None, True),
    (OPERATORS, "NotIpAddress", "203.0.113.0/24", None, True),
    (OPERATORS, "ArnNotEquals", TOPIC, None, True),
    (OPERATORS, "ArnNotLike", TOPIC, None, True),
    # AWS: Exact matching, ignoring case
    (STRING, "StringEqualsIgnoreCase", "Admin", "aDMIN", True),
    (STRING, "StringEqualsIgnoreCase", "Admin", "admins", False),
    (STRING, "StringEqualsIgnoreCase", "Admin", None, False),
    (STRING, "StringNotEqualsIgnoreCase", "Admin", "aDMIN", False),
    (STRING, "StringNotEqualsIgnoreCase", "Admin", "user", True),
    # AWS: multi-character and single-character match wildcards anywhere in the string
    (STRING, "StringLike", "*@example.com", "mailer-daemon@example.com", True),
    (STRING, "StringLike", "*@example.com", "@example.com", True),
    (STRING, "StringLike", "*@example.com", "x@example.com.evil", False),
    (STRING, "StringLike", "*@example.com", "x@EXAMPLE.com", False),
    (STRING, "StringLike", "a?c", "abc", True),
    (STRING, "StringLike", "a?c", "ac", False),
    (STRING, "StringLike", "a?c", "abbc", False),
    (STRING, "StringLike", "home/*/x*", "home/a/b/xyz", True),
    (STRING, "StringLike", "*a*a*", "aba", True),
    (STRING, "StringLike", "*a*a*", "ab", False),
    (STRING, "StringLike", "a.c", "abc", False),
    (STRING, "StringLike", "[ab]", "a", False),
    (STRING, "StringLike", "a*", "a\nb", True),
    (STRING, "StringLike", "", "home/", False),
    (STRING, "StringLike", "*", "anything", True),
    (STRING, "StringLike", "*", None, False),
    (STRING, "StringNotLike", "*@example.com", "x@example.org", True),
    (STRING, "StringNotLike", "*@example.com", "x@example.com", False),
    # AWS: list up to 10 objects at a time
    (NUMERIC, "NumericLessThanEquals", "10", "10", True),
    (NUMERIC, "NumericLessThanEquals", "10", "11", False),
    (NUMERIC, "NumericLessThanEquals", "10", "9.5", True),
    (NUMERIC, "NumericLessThanEquals", 10, "10", True),
    (NUMERIC, "NumericLessThan", "10", "10", False),
    (NUMERIC, "NumericLessThan", "10", "9", True),
    (NUMERIC, "NumericLessThan", "10", "-10", True),
    (NUMERIC, "NumericGreaterThan", "10", "9", False),
    (NUMERIC, "NumericGreaterThan", "10", "10.1", True),
    (NUMERIC, "NumericGreaterThanEquals", "10", "10", True),
    (NUMERIC, "NumericEquals", "10", "10.0", True),
    (NUMERIC, "NumericEquals", "10", "1", False),
    (NUMERIC, "NumericNotEquals", "10", "10.00", False),
    (NUMERIC, "NumericNotEquals", "10", "11", True),
    (NUMERIC, "NumericEquals", "10", "ten", False),
    (NUMERIC, "NumericLessThan", "10", None, False),
    # AWS: W3C implementations of the ISO 8601 date formats or epoch (UNIX) time
    (DATE, "DateGreaterThan", "2020-01-01T00:00:01Z", "2020-01-01T00:00:02Z", True),
    (DATE, "DateGreaterThan", "2020-01-01T00:00:01Z", "2020-01-01T00:00:01Z", False),
    (DATE, "DateGreaterThan", "2020-01-01T00:00:01Z", "1577836802", True),
    (DATE, "DateGreaterThan", "1577836801", "2020-01-01T00:00:02Z", True),
    (DATE, "DateLessThan", "2026-01-01", "2025-12-31T23:59:59Z", True),
    (DATE, "DateLessThan", "2026-01-01", "2026-01-01T00:00:00Z", False),
    (DATE, "DateLessThanEquals", "2026-01-01", "2026-01-01T00:00:00Z", True),
    (DATE, "DateGreaterThanEquals", "2026-01", "2026-01-01T00:00:00Z", True),
    (DATE, "DateEquals", "2026-01-01T02:00:00+02:00", "2026-01-01T00:00:00Z", True),
    (DATE, "DateEquals", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00.500Z", True),
    (DATE, "DateEquals", "2026-01-01", "2026-01-02", False),
    (DATE, "DateNotEquals", "2026-01-01", "2026-01-02", True),
    (DATE, "DateLessThan", "2026-01-01", None, False),
    # AWS: comparing a key to true or false
    (BOOLEAN, "Bool", "false", "false", True),
    (BOOLEAN, "Bool", "false", "true", False),
    (BOOLEAN, "Bool", True, "true", True),
    (BOOLEAN, "Bool", "True", "true", True),
    (BOOLEAN, "Bool", "true", "yes", False),
    (BOOLEAN, "Bool", "false", None, False),
    # AWS: byte for byte against a base-64 encoded representation
    (BINARY, "BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", True),
    (BINARY, "BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "b3RoZXI=", False),
    (BINARY, "BinaryEquals", "b3RoZXI=", None, False),
    # AWS: from the IP range 203.0.113.0 to 203.0.113.255
    (ADDRESS, "IpAddress", "203.0.113.0/24", "203.0.113.0", True),
    (ADDRESS, "IpAddress", "203.0.113.0/24", "203.0.113.255", True),
    (ADDRESS, "IpAddress", "203.0.113.0/24", "203.0.114.0", False),
    (ADDRESS, "IpAddress", "203.0.113.7", "203.0.113.7", True),
    (ADDRESS, "IpAddress", "203.0.113.7", "203.0.113.8", False),
    (ADDRESS, "IpAddress", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"], "2001:db8:1234:5678::1", True),
    (ADDRESS, "IpAddress", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"], "2001:db8:1234:5679::1", False),
    (ADDRESS, "IpAddress", "0.0.0.0/0", "2001:db8::1", False),
    (ADDRESS, "IpAddress", "0.0.0.0/0", None, False),
    (ADDRESS, "NotIpAddress", "203.0.113.0/24", "203.0.113.1", False),
    (ADDRESS, "NotIpAddress", "203.0.113.0/24", "198.51.100.1", True),
    # AWS: Each of the six colon-delimited components of the ARN is checked separately
    (ARN, "ArnLike", FINANCE, "arn:aws:someservice:us-east-2:111122223333:finance/document.txt", True),
    (ARN, "ArnLike", FINANCE, STORE, False),
    (STRING, "StringLike", FINANCE, STORE, True),
    (ARN, "ArnEquals", FINANCE, "arn:aws:someservice:us-east-2:111122223333:finance/document.txt", True),
    (ARN, "ArnEquals", TOPIC, TOPIC, True),
    (ARN, "ArnEquals", TOPIC, TOPIC.upper(), False),
    (ARN, "ArnLike", "arn:aws:sns:*:*:topi?", TOPIC, True),
    (ARN, "ArnLike", "arn:aws:sns:*:topic", TOPIC, False),
    (ARN, "ArnLike", "arn:aws:sns:*", TOPIC, False),
    (ARN, "ArnLike", TOPIC, "arn:aws:sns", False),
    (ARN, "ArnLike", "arn:aws:logs:*:*:log-group:*", "arn:aws:logs:us-east-1:1:log-group:a:stream:b", True),
    (ARN, "ArnLike", "*", TOPIC, True),
    (ARN, "ArnNotEquals", TOPIC, TOPIC, False),
    (ARN, "ArnNotLike", "arn:aws:sns:*:*:*", "arn:aws:sqs:us-east-1:1:queue", True),
    (ARN, "ArnLike", "arn:aws:sns:*:*:*", None, False),
    # AWS: If the key is not present, evaluate the condition element as true
    (IF_EXISTS, "StringLikeIfExists", ["t1.*", "t2.*", "m3.*"], None, True),
    (IF_EXISTS, "StringLikeIfExists", ["t1.*", "t2.*", "m3.*"], "t2.micro", True),
    (IF_EXISTS, "StringLikeIfExists", ["t1.*", "t2.*", "m3.*"], "c5.large", False),
    (IF_EXISTS, "StringEqualsIfExists", "a", None, True),
    (IF_EXISTS, "StringNotEqualsIfExists", "a", None, True),
    (IF_EXISTS, "NumericLessThanIfExists", "5", None, True),
    (IF_EXISTS, "DateGreaterThanIfExists", "2026-01-01", None, True),
    (IF_EXISTS, "BoolIfExists", "true", None, True),
    (IF_EXISTS, "BoolIfExists", "true", "false", False),
    (IF_EXISTS, "IpAddressIfExists", "203.0.113.0/24", None, True),
    (IF_EXISTS, "ArnLikeIfExists", TOPIC, None, True),
    (IF_EXISTS, "ForAnyValue:StringEqualsIfExists", "a", None, True),
    # AWS: true (the key doesn't exist) or false (the key exists and its value is not null)
    (NULL, "Null", "true", None, True),
    (NULL, "Null", "true", "a", False),
    (NULL, "Null", "false", "a", True),
    (NULL, "Null", "false", None, False),
    (NULL, "Null", True, None, True),
    (NULL, "Null", ["true", "false"], "a", True),
    # AWS: every value of the request matches one of the policy; true without a key
    (SETS, "ForAllValues:StringEquals", ["PostDateTime", "Message", "Tags"], ["PostDateTime", "Tags"], True),
    (SETS, "ForAllValues:StringEquals", ["PostDateTime", "Message", "Tags"], ["PostDateTime", "ID"], False),
    (SETS, "ForAllValues:StringEquals", ["a"], None, True),
    (SETS, "ForAllValues:StringEquals", ["a"], [], True),
    (SETS, "ForAllValues:StringEquals", ["a"], "", True),
    (SETS, "ForAllValues:StringLike", "Created*", ["CreatedBy", "CreatedAt"], True),
    (SETS, "ForAllValues:StringLike", "Created*", ["CreatedBy", "Owner"], False),
    # AWS: at least one member of the set of request values matches; false without a key
    (SETS, "ForAnyValue:StringEquals", ["ID", "PostDateTime"], ["UserName", "Message", "PostDateTime"], True),
    (SETS, "ForAnyValue:StringEquals", ["ID", "PostDateTime"], ["UserName"], False),
    (SETS, "ForAnyValue:StringEquals", ["a"], None, False),
    (SETS, "ForAnyValue:StringEquals", [""], "", False),
    # negated set operators, from the tables of examples
    (SET_EXAMPLES, "ForAllValues:StringNotLike", "key1*", ["key1:legal"], False),
    (SET_EXAMPLES, "ForAllValues:StringNotLike", "key1*", ["key1:hr", "key1:personnel"], False),
    (SET_EXAMPLES, "ForAllValues:StringNotLike", "key1*", ["key2:audit"], True),
    (SET_EXAMPLES, "ForAllValues:StringNotLike", "key1*", None, True),
    (SET_EXAMPLES, "ForAllValues:StringNotLike", "key1*", ["key1:a", "key2:b"], False),
    (SET_EXAMPLES, "ForAnyValue:StringNotEquals", ["a"], ["a", "b"], True),
    (SET_EXAMPLES, "ForAnyValue:StringNotEquals", ["a"], ["a"], False),
    (SET_EXAMPLES, "ForAnyValue:StringNotEquals", ["a"], None, False),
    (SET_EXAMPLES, "ForAnyValue:NumericLessThan", "5", ["9", "4"], True),
    (SET_EXAMPLES, "ForAllValues:IpAddress", "10.0.0.0/8", ["10.1.1.1", "192.0.2.1"], False),
    # several policy values are alternatives; NOR for negated operators
    (LOGIC, "StringEquals", ["a", "b"], "b", True),
    (LOGIC, "StringNotEquals", ["a", "b"], "b", False),
    (LOGIC, "StringNotEquals", ["a", "b"], "c", True),
    (LOGIC, "StringLike", ["12345", "67890"], "67890", True),
]


@pytest.mark.parametrize(("page", "operator", "values", "given", "met"), ROWS)
def test_a_condition_is_met_as_documented(
    page: str, operator: str, values: Any, given: Any, met: bool
) -> None:
    assert condition_met(operator, values, given) is met, page


def test_a_condition_without_values_matches_nothing() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"""
    assert not condition_met("StringEquals", [], "a")
    assert condition_met("StringNotEquals", [], "a")


def test_keys_are_joined_by_and() -> None:
    """`reference_policies_condition-logic-multiple-context-keys-or-values.html`"""
    both = statement(Condition={"StringEquals": {"k:a": "1", "k:b": "2"}, "Null": {"k:c": "true"}})
    policies = PolicySet(identity=(policy(both),))
    assert decide(request(context={"k:a": "1", "k:b": "2"}), policies).decision == "allowed"
    assert decide(request(context={"k:a": "1", "k:b": "3"}), policies).decision == "denied"
    assert decide(request(context={"k:a": "1", "k:b": "2", "k:c": "x"}), policies).decision == "denied"


@pytest.mark.parametrize(
    "key", ["aws:PrincipalTag/cost center", "oidc.eks.us-west-2.amazonaws.com/id/EXAMPLE:sub", "saml:aud"]
)
def test_keys_of_tags_and_identity_providers(key: str) -> None:
    policies = PolicySet(identity=(policy(statement(Condition={"StringEquals": {key: "a"}})),))
    assert decide(request(context={key: "a"}), policies).decision == "allowed"


def test_condition_key_names_ignore_case() -> None:
    """`reference_policies_elements_condition.html`: key names are not case-sensitive, values are."""
    assert condition_met("StringEquals", "a", None, context={"TEST:Key": "a"})
