"""A policy that AWS would not accept is an error with its place, never a silent denial.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
"""

import json
from typing import Any

import pytest
from evaluation_builders import BUCKET, USER, document, policy, request, statement
from hypothesis import given
from hypothesis import strategies as st

from policies.evaluation import Policy, PolicyError, PolicySet, compile_policy, decide, parse_principal


def one(**elements: Any) -> dict[str, Any]:
    return document(statement(**elements))


def without(element: str) -> dict[str, Any]:
    return document({key: value for key, value in statement().items() if key != element})


S = "/Statement/0"


@pytest.mark.parametrize(
    ("policy_document", "path"),
    [
        ([], ""),
        ("text", ""),
        ('"text"', ""),
        ("{", ""),
        pytest.param("[" * 100_000, "", id="nested too deeply"),
        ({}, ""),
        ({"Version": "2012-10-17"}, ""),
        ({"Version": "2013-01-01", "Statement": statement()}, "/Version"),
        ({"Version": 2012, "Statement": statement()}, "/Version"),
        ({"Version": ["2012-10-17"], "Statement": statement()}, "/Version"),
        ({"Id": 7, "Statement": statement()}, "/Id"),
        ({"statement": statement()}, "/statement"),
        ({"Statement": statement(), "Comment": "x"}, "/Comment"),
        ({"Statement": []}, "/Statement"),
        ({"Statement": "x"}, "/Statement"),
        ({"Statement": None}, "/Statement"),
        ({"Statement": ["x"]}, S),
        ({"Statement": [statement(), None]}, "/Statement/1"),
        (without("Effect"), S),
        (without("Action"), S),
        (one(Effect="allow"), f"{S}/Effect"),
        (one(Effect=["Allow"]), f"{S}/Effect"),
        (one(Sid=1), f"{S}/Sid"),
        (document({**statement(), "effect": "Allow"}), f"{S}/effect"),
        (one(Conditions={}), f"{S}/Conditions"),
        (document({"Effect": "Allow", "Action": "*", "NotAction": "*", "Resource": "*"}), S),
        (document({"Effect": "Allow", "Action": "*", "Resource": "*", "NotResource": "*"}), S),
        (one(Principal="*", NotPrincipal="*"), S),
        # actions: service:Name
        (one(Action="GetObject"), f"{S}/Action"),
        (one(Action="s3:Get:Object"), f"{S}/Action"),
        (one(Action="s*:GetObject"), f"{S}/Action"),
        (one(Action="s3: GetObject"), f"{S}/Action"),
        (one(Action=""), f"{S}/Action"),
        (one(Action=[]), f"{S}/Action"),
        (one(Action=["s3:*", 5]), f"{S}/Action/1"),
        (one(Action={"s3": "*"}), f"{S}/Action"),
        (one(NotAction="x"), f"{S}/NotAction"),
        # resources: ARNs or *
        (one(Resource="bucket"), f"{S}/Resource"),
        (one(Resource=""), f"{S}/Resource"),
        (one(Resource=[]), f"{S}/Resource"),
        (one(Resource=[BUCKET, None]), f"{S}/Resource/1"),
        (one(Resource="arn:aws:s3:::${aws:username"), f"{S}/Resource"),
        # principals
        (one(Principal={}), f"{S}/Principal"),
        (one(Principal="arn:aws:iam::111111111111:root"), f"{S}/Principal"),
        (one(Principal=["*"]), f"{S}/Principal"),
        (one(Principal={"Aws": "*"}), f"{S}/Principal/Aws"),
        (one(Principal={"AWS": []}), f"{S}/Principal/AWS"),
        (one(Principal={"AWS": 111111111111}), f"{S}/Principal/AWS"),
        (one(Principal={"AWS": "1111"}), f"{S}/Principal/AWS"),
        (one(Principal={"AWS": [USER, "arn:aws:iam::111111111111:user/*"]}), f"{S}/Principal/AWS/1"),
        (one(Principal={"AWS": "arn:aws:iam::111111111111:group/admins"}), f"{S}/Principal/AWS"),
        (one(Principal={"AWS": "arn:aws:sts::111111111111:assumed-role/r"}), f"{S}/Principal/AWS"),
        (one(Principal={"AWS": "arn:aws:iam::111111111111:assumed-role/r/s"}), f"{S}/Principal/AWS"),
        (one(Principal={"AWS": "ses.amazonaws.com"}), f"{S}/Principal/AWS"),
        (one(Principal={"Service": USER}), f"{S}/Principal/Service"),
        (one(Principal={"Service": "*"}), f"{S}/Principal/Service"),
        (one(Principal={"Service": "*.amazonaws.com"}), f"{S}/Principal/Service"),
        (one(Principal={"Federated": USER}), f"{S}/Principal/Federated"),
        (one(Principal={"CanonicalUser": "79a59df900b949e5"}), f"{S}/Principal/CanonicalUser"),
        (one(NotPrincipal={"AWS": "x"}), f"{S}/NotPrincipal/AWS"),
        # conditions
        (one(Condition=[]), f"{S}/Condition"),
        (one(Condition={"StringEqual": {"k:a": "b"}}), f"{S}/Condition/StringEqual"),
        (one(Condition={"stringequals": {"k:a": "b"}}), f"{S}/Condition/stringequals"),
        (one(Condition={"StringEqualsIfExist": {"k:a": "b"}}), f"{S}/Condition/StringEqualsIfExist"),
        (
            one(Condition={"ForSomeValues:StringEquals": {"k:a": "b"}}),
            f"{S}/Condition/ForSomeValues:StringEquals",
        ),
        (one(Condition={"NullIfExists": {"k:a": "true"}}), f"{S}/Condition/NullIfExists"),
        (one(Condition={"BinaryNotEquals": {"k:a": "YQ=="}}), f"{S}/Condition/BinaryNotEquals"),
        (one(Condition={"": {"k:a": "b"}}), f"{S}/Condition/"),
        (one(Condition={"StringEquals": "k:a"}), f"{S}/Condition/StringEquals"),
        (one(Condition={"StringEquals": {"key": "b"}}), f"{S}/Condition/StringEquals/key"),
        (one(Condition={"StringEquals": {"k:a": {"b": "c"}}}), f"{S}/Condition/StringEquals/k:a"),
        (one(Condition={"StringEquals": {"k:a": None}}), f"{S}/Condition/StringEquals/k:a"),
        (one(Condition={"StringEquals": {"k:a": ["b", ["c"]]}}), f"{S}/Condition/StringEquals/k:a/1"),
        (one(Condition={"StringEquals": {"k:a/b": None}}), f"{S}/Condition/StringEquals/k:a~1b"),
        (one(Condition={"StringEquals": {"k:a": "1", "K:A": "2"}}), f"{S}/Condition/StringEquals/K:A"),
        (one(Condition={"NumericEquals": {"k:a": "ten"}}), f"{S}/Condition/NumericEquals/k:a"),
        (one(Condition={"NumericEquals": {"k:a": ["1", "NaN"]}}), f"{S}/Condition/NumericEquals/k:a/1"),
        (one(Condition={"NumericLessThan": {"k:a": "Infinity"}}), f"{S}/Condition/NumericLessThan/k:a"),
        (one(Condition={"DateLessThan": {"k:a": "tomorrow"}}), f"{S}/Condition/DateLessThan/k:a"),
        (one(Condition={"DateLessThan": {"k:a": "2026-13-01"}}), f"{S}/Condition/DateLessThan/k:a"),
        (one(Condition={"Bool": {"k:a": "yes"}}), f"{S}/Condition/Bool/k:a"),
        (one(Condition={"Null": {"k:a": "maybe"}}), f"{S}/Condition/Null/k:a"),
        (one(Condition={"IpAddress": {"k:a": "10.0.0.0/33"}}), f"{S}/Condition/IpAddress/k:a"),
        (one(Condition={"IpAddress": {"k:a": "10.0.0"}}), f"{S}/Condition/IpAddress/k:a"),
        (one(Condition={"BinaryEquals": {"k:a": "a"}}), f"{S}/Condition/BinaryEquals/k:a"),
    ],
)
def test_the_error_names_the_place(policy_document: Any, path: str) -> None:
    with pytest.raises(PolicyError) as error:
        compile_policy(policy_document, name="mine")
    assert error.value.path == path
    assert str(error.value).startswith("mine")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{"Statement": [], "Statement": []}', "/Statement"),
        (
            '{"Statement": {"Effect": "Allow", "Effect": "Deny", "Action": "*", "Resource": "*"}}',
            f"{S}/Effect",
        ),
        (
            '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", '
            '"Condition": {"Bool": {"k:a": "true"}, "Bool": {"k:b": "true"}}}}',
            f"{S}/Condition/Bool",
        ),
        (
            '{"Statement": {"Effect": "Allow", "Action": "*", "Principal": {"AWS": "*", "AWS": "*"}}}',
            f"{S}/Principal/AWS",
        ),
    ],
)
def test_an_element_given_twice_is_an_error(text: str, path: str) -> None:
    """ "Individual elements must not contain multiple instances of the same key." """
    with pytest.raises(PolicyError) as error:
        compile_policy(text)
    assert error.value.path == path


@pytest.mark.parametrize("place", ["identity", "boundaries", "session"])
def test_only_resource_based_policies_name_principals(place: str) -> None:
    """ "The principal_block … must not be included in identity-based policies." """
    named = policy(statement(Principal="*"))
    with pytest.raises(PolicyError) as error:
        PolicySet(**{place: (named,)})
    assert error.value.path == S


@pytest.mark.parametrize(
    "arguments",
    [
        {"resource": (policy(statement()),)},
        {"rcps": ((policy(statement()),),)},
        {"scps": ((policy(statement(Principal="*")),),)},
    ],
)
def test_resource_based_policies_need_principals(arguments: Any) -> None:
    with pytest.raises(PolicyError):
        PolicySet(**arguments)


def test_an_identity_based_statement_needs_a_resource_and_a_trust_policy_has_none() -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = "arn:aws:iam::111111111111:role/r"
    policies = PolicySet(resource=(policy(trust),))
    asked = request("lambda.amazonaws.com", "sts:AssumeRole", role)
    assert decide(asked, policies).decision == "allowed"
    with pytest.raises(PolicyError):
        PolicySet(identity=(policy({"Effect": "Allow", "Action": "*"}),))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nobody",
        "1111",
        "arn:aws:s3:::bucket",
        "arn:aws:iam::111111111111:user/",
        "AIDAJQABLZS4A3QDU576Q",
        "**",
    ],
)
def test_what_is_no_principal_makes_no_requests(text: str) -> None:
    with pytest.raises(ValueError, match=r"principal|deleted"):
        parse_principal(text)


def test_text_and_object_compile_to_the_same_decisions() -> None:
    written = one(Action="s3:GetObject", Condition={"Bool": {"aws:SecureTransport": True}})
    for compiled in (compile_policy(written), compile_policy(json.dumps(written))):
        policies = PolicySet(identity=(compiled,))
        assert decide(request(context={"aws:SecureTransport": "true"}), policies).decision == "allowed"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
elements = st.sampled_from(["Sid", "Effect", "Principal", "Action", "Resource", "NotResource", "Condition"])


@given(st.dictionaries(elements, json_values, max_size=4))
def test_any_json_is_a_policy_or_a_policy_error(changes: dict[str, Any]) -> None:
    try:
        compiled = compile_policy(document({**statement(), **changes}))
    except PolicyError as error:
        assert error.path.startswith(S)  # noqa: PT017 - either outcome is fine, anything else is not
    else:
        assert isinstance(compiled, Policy)
