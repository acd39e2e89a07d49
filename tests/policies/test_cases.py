"""Streams of cases: every line is answered, a malformed one with its error."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from evaluation_builders import CALLER, IDENTITY, OWNER, SESSION, document, statement

from policies.cases import answers

ROLE_POLICY = document(statement(Action="ses:SendBounce", Resource=IDENTITY))
OWNERS_POLICY = document(
    statement(
        Sid="Bounces",
        Principal={"AWS": CALLER},
        Action="ses:SendBounce",
        Resource=IDENTITY,
        Condition={"StringLike": {"ses:FromAddress": "*@example.com"}},
    )
)
CASE = {
    "id": "a",
    "principal": SESSION,
    "action": "ses:SendBounce",
    "resource": IDENTITY,
    "context": {"ses:FromAddress": "x@example.com"},
    "identityPolicies": [ROLE_POLICY],
    "resourcePolicies": [OWNERS_POLICY],
}


def answer(**changes: Any) -> dict[str, Any]:
    [found] = answers([json.dumps({**CASE, **changes})])
    return found


def test_an_answer_has_the_case_id_the_decision_and_the_statements_that_decided() -> None:
    found = answer()
    assert found.pop("reason").startswith("allowed by")
    assert found == {
        "id": "a",
        "decision": "allowed",
        "explicitDeny": False,
        "dependsOn": [],
        "statements": [
            {
                "source": "identity",
                "policy": "identityPolicies/0",
                "index": 0,
                "sid": None,
                "effect": "Allow",
            },
            {
                "source": "resource",
                "policy": "resourcePolicies/0",
                "index": 0,
                "sid": "Bounces",
                "effect": "Allow",
            },
        ],
    }


@pytest.mark.parametrize("identifier", ["x", 7, None, ["list"], {"of": "any kind"}])
def test_the_id_is_any_json(identifier: Any) -> None:
    assert answer(id=identifier)["id"] == identifier


def test_a_key_missing_from_the_context_is_unknown_unless_the_case_is_complete() -> None:
    unknown = answer(context={})
    assert (unknown["decision"], unknown["dependsOn"]) == ("depends", ["ses:FromAddress"])
    assert answer(context={}, complete=True)["decision"] == "denied"
    assert answer(context={"ses:FromAddress": []})["decision"] == "denied"


def test_a_case_without_policies_is_denied() -> None:
    assert answer(identityPolicies=[], resourcePolicies=None)["decision"] == "denied"


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("permissionsBoundaries", [document(statement(Action="s3:*"))], "denied"),
        ("sessionPolicies", [document(statement(Action="s3:*"))], "denied"),
        ("serviceControlPolicies", [[document(statement())], [document(statement(Action="s3:*"))]], "denied"),
        ("serviceControlPolicies", [[document(statement())]], "allowed"),
        ("resourceControlPolicies", [[document(statement("Deny", Principal="*"))]], "allowed"),
    ],
)
def test_limits_limit(field: str, value: Any, expected: str) -> None:
    assert answer(**{field: value})["decision"] == expected


def test_context_values_may_be_numbers_booleans_and_lists() -> None:
    condition = {
        "NumericLessThan": {"k:number": "10"},
        "Bool": {"k:flag": "true"},
        "ForAllValues:StringEquals": {"k:list": ["a", "b"]},
    }
    policies = [document(statement(Condition=condition))]
    context = {"k:number": 9.5, "k:flag": True, "k:list": ["a", "b"]}
    own = IDENTITY.replace(OWNER, CALLER)
    assert answer(resource=own, context=context, identityPolicies=policies)["decision"] == "allowed"


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"principal": None}, "principal: must be a text"),
        ({"principal": "nobody"}, "principal: 'nobody' is no principal"),
        ({"principal": "AIDAJQABLZS4A3QDU576Q"}, "principal: AIDAJQABLZS4A3QDU576Q is the ID of a deleted"),
        ({"action": "SendBounce"}, "action: 'SendBounce' is no action"),
        ({"action": "ses:*"}, "action: 'ses:*' is no action"),
        ({"resource": ""}, "resource: must be a text"),
        ({"resourceAccount": 222222222222}, "resourceAccount: must be an account ID"),
        ({"resourceAccount": "22"}, "resourceAccount: must be an account ID"),
        ({"complete": "yes"}, "complete: must be true or false"),
        ({"context": ["k:a"]}, "context: must be an object"),
        ({"context": {"k:a": None}}, "context/k:a: must be a text"),
        ({"context": {"k:a": {"b": 1}}}, "context/k:a: must be a text"),
        ({"context": {"k:a": "1", "K:A": "2"}}, "context/k:a: stands here twice"),
        ({"identityPolicies": ROLE_POLICY}, "identityPolicies: must be a list"),
        ({"identityPolicies": [5]}, "identityPolicies/0: must be an object"),
        (
            {"identityPolicies": [OWNERS_POLICY]},
            "identityPolicies/0 /Statement/0: only resource-based policies",
        ),
        (
            {"resourcePolicies": [ROLE_POLICY]},
            "resourcePolicies/0 /Statement/0: a resource-based policy names",
        ),
        ({"serviceControlPolicies": [ROLE_POLICY]}, "serviceControlPolicies/0: must be a list"),
        ({"policies": []}, "policies: there is no such field"),
    ],
)
def test_a_malformed_case_is_answered_with_its_error(changes: Any, complaint: str) -> None:
    found = answer(**changes)
    assert set(found) == {"id", "error"}
    assert found["id"] == "a"
    assert found["error"].startswith(complaint)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("no json", "not JSON"),
        ("[]", "a case is a JSON object"),
        ("7", "a case is a JSON object"),
        ('{"id": "b"}', "principal: is missing"),
        ('{"id": "b", "principal": "*", "principal": "*"}', "principal: stands here twice"),
        ("[" * 100_000, "not JSON that can be read: nested too deeply"),
        (
            '{"principal": "*", "action": "a:b", "resource": "*", "resourcePolicies": '
            '[{"Statement": {"Effect": "Allow", "Effect": "Deny", "Action": "*", "Principal": "*"}}]}',
            "resourcePolicies/0 /Statement/0/Effect: stands here twice",
        ),
    ],
)
def test_a_line_that_is_no_case_is_answered_and_the_rest_goes_on(line: str, complaint: str) -> None:
    first, second = answers([line, "\n", json.dumps(CASE)])
    assert first["error"].startswith(complaint)
    assert second["decision"] == "allowed"


def test_cases_are_answered_as_they_come() -> None:
    def endless() -> Iterator[str]:
        for number in itertools.count():
            yield json.dumps({**CASE, "id": number})

    assert [found["id"] for found in itertools.islice(answers(endless()), 3)] == [0, 1, 2]
