"""What must hold for every policy: found by hypothesis, checked against an evaluator written for the test."""

import itertools
from collections.abc import Mapping
from typing import Any

from evaluation_builders import CALLER, policy, request
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_strategies import KEYS, PRINCIPALS, VALUES, statements

from policies.evaluation import PolicySet, decide

RANK = {"denied": 0, "depends": 1, "allowed": 2}


@st.composite
def policy_sets(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Statements of each kind of policy."""
    return {
        "identity": draw(st.lists(statements(), max_size=3)),
        "resource": draw(st.lists(statements(principal=True), max_size=3)),
        "boundaries": draw(st.lists(statements(), max_size=1)),
        "session": draw(st.lists(statements(), max_size=1)),
    }


contexts = st.dictionaries(st.sampled_from(KEYS), st.lists(st.sampled_from(VALUES), max_size=2), max_size=2)
requests = st.builds(
    lambda principal, resource, context, complete: request(
        principal, "s3:GetObject", resource, owner=CALLER, context=context, complete=complete
    ),
    st.sampled_from(PRINCIPALS),
    st.sampled_from(["arn:aws:s3:::b/x", "arn:aws:s3:::c"]),
    contexts,
    st.booleans(),
)


def compiled(parts: Mapping[str, list[dict[str, Any]]]) -> PolicySet:
    return PolicySet(**{kind: tuple(policy(*[part]) for part in found) for kind, found in parts.items()})


@given(requests, policy_sets(), statements("Deny"), statements("Deny", principal=True))
def test_adding_a_deny_never_widens(asked: Any, parts: Any, identity: Any, resource: Any) -> None:
    before = RANK[decide(asked, compiled(parts)).decision]
    for kind, added in (("identity", identity), ("resource", resource)):
        more = {**parts, kind: [*parts[kind], added]}
        assert RANK[decide(asked, compiled(more)).decision] <= before


@given(requests, policy_sets(), statements("Allow"), statements("Allow", principal=True))
def test_adding_an_allow_never_narrows(asked: Any, parts: Any, identity: Any, resource: Any) -> None:
    before = RANK[decide(asked, compiled(parts)).decision]
    for kind, added in (("identity", identity), ("resource", resource)):
        more = {**parts, kind: [*parts[kind], added]}
        assert RANK[decide(asked, compiled(more)).decision] >= before


@given(requests, policy_sets(), st.randoms(use_true_random=False))
def test_order_never_matters(asked: Any, parts: Any, random: Any) -> None:
    shuffled = {kind: random.sample(found, len(found)) for kind, found in parts.items()}
    one, other = decide(asked, compiled(parts)), decide(asked, compiled(shuffled))
    assert (one.decision, one.explicit_deny, one.depends_on) == (
        other.decision,
        other.explicit_deny,
        other.depends_on,
    )


def naive(principal: str, action: str, resource: str, context: Mapping[str, str], parts: Any) -> bool:
    """Within one account, without wildcards: a Deny wins, else identity or resource policy."""

    def applies(statement: Mapping[str, Any]) -> bool:
        named = statement.get("Principal", {"AWS": [principal]})["AWS"]
        wanted = statement["Condition"].get("StringEquals", {})
        unwanted = statement["Condition"].get("StringNotEquals", {})
        return (
            action in statement["Action"]
            and resource in statement["Resource"]
            and principal in named
            and all(context.get(key) in values for key, values in wanted.items())
            and all(context.get(key) not in values for key, values in unwanted.items())
        )

    effects = [statement["Effect"] for found in parts.values() for statement in found if applies(statement)]
    return "Allow" in effects and "Deny" not in effects


USERS = [f"arn:aws:iam::{CALLER}:user/{name}" for name in "abc"]
PLAIN_ACTIONS = ["ses:SendBounce", "ses:SendEmail", "s3:GetObject"]
PLAIN_RESOURCES = ["arn:aws:s3:::a", "arn:aws:s3:::b"]


@st.composite
def plain_statements(draw: st.DrawFn, *, principal: bool) -> dict[str, Any]:
    def some(values: list[str]) -> list[str]:
        return draw(st.lists(st.sampled_from(values), min_size=1, max_size=2))

    keys = st.dictionaries(
        st.sampled_from(KEYS), st.lists(st.sampled_from("xyz"), min_size=1, max_size=2), max_size=1
    )
    statement = {
        "Effect": draw(st.sampled_from(["Allow", "Deny"])),
        "Action": some(PLAIN_ACTIONS),
        "Resource": some(PLAIN_RESOURCES),
        "Condition": {"StringEquals": draw(keys), "StringNotEquals": draw(keys)},
    }
    return {**statement, "Principal": {"AWS": some(USERS)}} if principal else statement


@given(
    st.sampled_from(USERS),
    st.sampled_from(PLAIN_ACTIONS),
    st.sampled_from(PLAIN_RESOURCES),
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from("xyz")),
    st.lists(plain_statements(principal=False), max_size=4),
    st.lists(plain_statements(principal=True), max_size=4),
)
def test_policies_without_wildcards_decide_like_a_naive_evaluator(
    principal: str, action: str, resource: str, context: Any, identity: Any, resource_policy: Any
) -> None:
    parts = {"identity": identity, "resource": resource_policy}
    answer = decide(request(principal, action, resource, owner=CALLER, context=context), compiled(parts))
    assert (answer.decision == "allowed") is naive(principal, action, resource, context, parts)


# Texts that meet the patterns above in every possible way, one at a time and together.
DOMAIN: list[tuple[str, ...]] = [()]
DOMAIN += [(text,) for text in ("", "x", "y", "xy", "X", "Y", "Xy", "xY", "XY", "z", "xz", "zy", "zz", "xzy")]
DOMAIN += list(itertools.combinations(("x", "y", "xy", "X", "xz", "zy", "zz"), 2))


def set_tested(parts: Mapping[str, list[dict[str, Any]]], key: str) -> bool:
    return any(
        operator.startswith("For") and key in keys
        for found in parts.values()
        for statement in found
        for operator, keys in statement["Condition"].items()
    )


@settings(max_examples=60, deadline=None)
@given(policy_sets(), st.sampled_from(PRINCIPALS))
def test_it_depends_exactly_on_the_keys_whose_values_make_a_difference(parts: Any, principal: str) -> None:
    policies = compiled(parts)
    answer = decide(request(principal, resource="arn:aws:s3:::b/x", owner=CALLER, complete=False), policies)
    domains = [[v for v in DOMAIN if len(v) < 2 or set_tested(parts, key)] for key in KEYS]
    outcome = {
        values: decide(
            request(
                principal,
                resource="arn:aws:s3:::b/x",
                owner=CALLER,
                context=dict(zip(KEYS, values, strict=True)),
            ),
            policies,
        ).decision
        for values in itertools.product(*domains)
    }
    depends_on = {
        key
        for index, key in enumerate(KEYS)
        for values, decision in outcome.items()
        for value in domains[index]
        if outcome[(*values[:index], value, *values[index + 1 :])] != decision
    }
    assert set(answer.depends_on) == depends_on
    if not depends_on:
        assert {answer.decision} == set(outcome.values())
    else:
        assert answer.decision == "depends"
