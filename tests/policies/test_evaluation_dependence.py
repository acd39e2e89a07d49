"""What a decision depends on: exactly the keys whose values make a difference."""

from typing import Any

import pytest
from evaluation_builders import USER, policy, request, statement

from policies.evaluation import Answer, PolicySet, completion, decide
from policies.evaluation.languages import examples
from policies.evaluation.patterns import Shape, Style
from policies.evaluation.templates import parse_pattern


def allow(condition: Any = None, **elements: Any) -> dict[str, Any]:
    return statement("Allow", Condition=condition or {}, **elements)


def deny(condition: Any) -> dict[str, Any]:
    return statement("Deny", Condition=condition)


def asked(*statements: dict[str, Any], context: Any = None, resource: str = "arn:aws:s3:::x") -> Answer:
    unknown = request(USER, resource=resource, context=context, complete=False)
    return decide(unknown, PolicySet(identity=(policy(*statements),)))


def outcome(*statements: dict[str, Any], **known: Any) -> tuple[str, tuple[str, ...]]:
    answer = asked(*statements, **known)
    return answer.decision, answer.depends_on


A_IS_X = {"StringEquals": {"k:a": "x"}}
A_IS_NOT_X = {"StringNotEquals": {"k:a": "x"}}


def test_a_key_matters_where_its_values_are_decided_differently() -> None:
    assert outcome(allow(A_IS_X)) == ("depends", ("k:a",))
    assert outcome(allow(), deny(A_IS_X)) == ("depends", ("k:a",))


def test_a_key_does_not_matter_where_all_its_values_are_decided_alike() -> None:
    assert outcome(allow(A_IS_X), allow(A_IS_NOT_X)) == ("allowed", ())
    assert outcome(allow(A_IS_X), deny(A_IS_X)) == ("denied", ())
    assert outcome(allow({"StringLike": {"k:a": "*"}}), allow({"Null": {"k:a": "true"}})) == ("allowed", ())
    assert outcome(allow(A_IS_X | {"StringLike": {"k:a": "y*"}})) == ("denied", ())


def test_a_key_matters_only_if_it_does_so_beside_the_others() -> None:
    """Whatever k:b is, k:a alone decides."""
    both = {"StringEquals": {"k:a": "x", "k:b": "y"}}
    neither = {"StringEquals": {"k:a": "x"}, "StringNotEquals": {"k:b": "y"}}
    assert outcome(allow(both), allow(neither)) == ("depends", ("k:a",))
    assert outcome(allow(both)) == ("depends", ("k:a", "k:b"))
    assert outcome(allow(both), context={"k:a": "x"}) == ("depends", ("k:b",))
    assert outcome(allow(both), context={"k:a": "z"}) == ("denied", ())


def test_a_denial_is_explicit_where_it_is_so_for_every_value() -> None:
    assert asked(allow(), deny(A_IS_X), deny(A_IS_NOT_X)).explicit_deny
    assert not asked(allow(A_IS_X), deny(A_IS_X)).explicit_deny


def test_a_key_is_named_as_the_policies_write_it() -> None:
    assert outcome(allow({"StringEquals": {"AWS:SourceVpc": "vpc-1"}})) == ("depends", ("AWS:SourceVpc",))
    assert outcome(allow(Resource="arn:aws:s3:::${aws:PrincipalTag/Team}")) == (
        "depends",
        ("aws:PrincipalTag/Team",),
    )


@pytest.mark.parametrize(
    ("allowed", "denied"),
    [
        # only a value between the two, only the part of the outer range that is not in the inner one, …
        ({"NumericGreaterThan": {"k:a": "1"}, "NumericLessThan": {"k:a": "2"}}, {}),
        ({"NumericLessThanEquals": {"k:a": "1"}}, {"NumericLessThan": {"k:a": "1"}}),
        ({"DateGreaterThan": {"k:a": "2026-01-01"}}, {"DateGreaterThan": {"k:a": "2026-01-02"}}),
        ({"IpAddress": {"k:a": "10.0.0.0/8"}}, {"IpAddress": {"k:a": "10.0.0.0/9"}}),
        ({"IpAddress": {"k:a": "10.0.0.0/8"}}, {"IpAddress": {"k:a": "10.128.0.0/9"}}),
        ({"NotIpAddress": {"k:a": ["0.0.0.0/0", "8000::/1"]}, "Null": {"k:a": "false"}}, {}),
        ({"Bool": {"k:a": "true"}}, {}),
        ({"BinaryEquals": {"k:a": "eA=="}}, {}),
        ({"StringLike": {"k:a": "x*"}}, {"StringLike": {"k:a": "x?*"}}),
        ({"StringLike": {"k:a": "*x"}}, {"StringLike": {"k:a": ["?*x"]}}),
        ({"StringEqualsIgnoreCase": {"k:a": "x"}}, {"StringEquals": {"k:a": "x"}}),
        ({"StringLike": {"k:a": "x*"}}, {"ArnLike": {"k:a": "x*"}}),
        ({"StringLike": {"k:a": "*:?"}}, {"ArnLike": {"k:a": "*:?"}}),
        ({"StringEquals": {"k:a": ""}}, {}),
        ({"Null": {"k:a": "true"}}, {}),
        ({"ForAllValues:StringEquals": {"k:a": "x"}, "Null": {"k:a": "false"}}, {}),
        # … only two values at once
        ({"ForAnyValue:StringEquals": {"k:a": "x"}, "ForAnyValue:StringNotEquals": {"k:a": "x"}}, {}),
    ],
)
def test_the_values_that_make_the_difference_are_found(allowed: Any, denied: Any) -> None:
    statements = [allow(allowed), *([deny(denied)] if denied else [])]
    assert outcome(*statements) == ("depends", ("k:a",))


def test_a_single_valued_key_never_has_two_values() -> None:
    """ses:FromAddress is a String in the Service Authorization Reference, ses:Recipients an ArrayOfString."""
    for key, decision in (("ses:FromAddress", "denied"), ("ses:Recipients", "depends")):
        two = {"ForAnyValue:StringEquals": {key: "x"}, "ForAnyValue:StringNotEquals": {key: "x"}}
        unknown = request(USER, "ses:SendRawEmail", "*", complete=False)
        assert decide(unknown, PolicySet(identity=(policy(allow(two)),))).decision == decision


def test_values_of_a_variable_are_found_in_what_it_is_compared_with() -> None:
    named = allow(Resource="arn:aws:s3:::${k:a}")
    assert outcome(named, resource="arn:aws:s3:::red") == ("depends", ("k:a",))
    assert outcome(named, resource="arn:aws:sqs:::red") == ("denied", ())
    compared = allow({"StringEquals": {"k:b": "home/${k:a}"}})
    assert outcome(compared, context={"k:b": "home/alice"}) == ("depends", ("k:a",))
    assert outcome(compared, context={"k:b": "away"}) == ("denied", ())
    assert outcome(compared) == ("depends", ("k:a", "k:b"))


def test_an_arbitrary_value_of_a_variable_is_tried_too() -> None:
    """Absent, empty and a are allowed; anything else is not."""
    begins = allow(Resource="arn:aws:s3:::${k:a}*")
    found = outcome(begins, allow({"Null": {"k:a": "true"}}), resource="arn:aws:s3:::a")
    assert found == ("depends", ("k:a",))


def test_a_key_compared_as_values_of_different_kinds_is_named_without_trying() -> None:
    odd = {"StringLike": {"k:a": "1*"}, "NumericLessThan": {"k:a": "0"}}
    assert outcome(allow(odd)) == ("depends", ("k:a",))


def test_too_many_combinations_name_every_key_that_may_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "MAX_EVALUATIONS", 100)
    keys = [f"k:{letter}" for letter in "abcdefghijklmnop"]
    mixed = [
        allow({"StringEquals": {key: "x"}, "StringNotEquals": {other: "y"}})
        for key, other in zip(keys, keys[1:] + keys[:1], strict=True)
    ]
    denials = [
        deny({"StringEquals": {key: "x", other: "x"}})
        for key, other in zip(keys, keys[5:] + keys[:5], strict=True)
    ]
    assert outcome(*mixed, *denials) == ("depends", tuple(keys))


@pytest.mark.parametrize(
    ("patterns", "ways"),
    [
        (["*@a", "*"], {(True, True), (False, True)}),
        (["a?", "?b"], {(True, True), (True, False), (False, True), (False, False)}),
        (["x*", "xy*"], {(True, True), (True, False), (False, False)}),
        (["x", "y"], {(True, False), (False, True), (False, False)}),
        ([], {()}),
    ],
)
def test_texts_fit_patterns_in_these_ways_and_no_other(
    patterns: list[str], ways: set[tuple[bool, ...]]
) -> None:
    shapes = tuple(Shape(parse_pattern(text)) for text in patterns)
    found = examples(shapes)
    assert set(found) == ways
    for fits, text in found.items():
        assert fits == tuple(shape.matcher()(text) for shape in shapes)


def test_examples_begin_with_the_prefix_and_look_as_preferred() -> None:
    shapes = (Shape(parse_pattern("arn:*:role/x*"), Style.ARN), Shape(parse_pattern("*y")))
    found = examples(shapes, prefix="arn:aws:iam::1:role/", prefer=Shape(parse_pattern("*z*")))
    assert set(found) == {(False, True), (False, False)}  # five parts are no six
    assert all(text.startswith("arn:aws:iam::1:role/") and "z" in text for text in found.values())
