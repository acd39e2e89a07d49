"""From a policy document to a compiled policy, or to the place of what is wrong with it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import re
from collections.abc import Mapping
from typing import Any

from policies.evaluation.conditions import AnyCondition, Condition, NullCondition, Qualifier
from policies.evaluation.errors import PolicyError
from policies.evaluation.json_text import load
from policies.evaluation.operators import OPERATORS, ValueOperator, parse_boolean
from policies.evaluation.patterns import Matcher, glob_matcher, one_of
from policies.evaluation.principal_elements import (
    EVERYONE,
    PRINCIPAL_TYPES,
    PrincipalElement,
    combine,
    parse_entry,
)
from policies.evaluation.reading import (
    at,
    escaped,
    object_of,
    one_or_other,
    only,
    scalars_of,
    text_of,
    texts_of,
)
from policies.evaluation.statements import Policy, Resources, Statement
from policies.evaluation.templates import as_pattern, parse_pattern, parse_template

IF_EXISTS = "IfExists"
VERSIONS = ("2008-10-17", "2012-10-17")
_STATEMENT_ELEMENTS = frozenset(
    {
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    }
)
_ACTION = re.compile(r"\*|[A-Za-z0-9-]+:[A-Za-z0-9*?_-]+")
_KEY = re.compile(r"[^\s:]+:\S.*")


def compile_policy(document: Mapping[str, Any] | str, *, name: str = "") -> Policy:
    """Compile a policy once, to decide many requests with it.

    Args:
        document: The policy as JSON text or as its parsed object.
        name: What answers and errors call it.

    Raises:
        PolicyError: AWS would not accept the document; `path` says where.
    """
    try:
        return _policy(load(document) if isinstance(document, str) else document, name)
    except PolicyError as error:
        raise PolicyError(error.path, error.message, name) from None


def _policy(document: Any, name: str) -> Policy:
    policy = object_of(document, "")
    only(policy, frozenset({"Version", "Id", "Statement"}), "")
    version = policy.get("Version", VERSIONS[0])
    if version not in VERSIONS:
        raise PolicyError(
            "/Version", f"{version!r} is no version of the policy language: {' or '.join(VERSIONS)}"
        )
    if "Id" in policy:
        text_of(policy["Id"], "/Id")
    if "Statement" not in policy:
        raise PolicyError("", "Statement is missing")
    statements = policy["Statement"]
    if isinstance(statements, Mapping):
        statements = [statements]
    elif not isinstance(statements, list) or not statements:
        raise PolicyError("/Statement", "must be a statement or a list of at least one")
    variables = version == VERSIONS[1]
    return Policy(
        name, version, tuple(_statement(item, index, variables) for index, item in enumerate(statements))
    )


def _statement(document: Any, index: int, variables: bool) -> Statement:
    path = f"/Statement/{index}"
    statement = object_of(document, path)
    only(statement, _STATEMENT_ELEMENTS, path)
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise PolicyError(f"{path}/Effect" if "Effect" in statement else path, "Effect must be Allow or Deny")
    action = one_or_other(statement, "Action", "NotAction", path)
    if action is None:
        raise PolicyError(path, "Action or NotAction is missing")
    actions = _actions(statement[action], f"{path}/{action}")
    resource = one_or_other(statement, "Resource", "NotResource", path)
    principal = one_or_other(statement, "Principal", "NotPrincipal", path)
    return Statement(
        index=index,
        sid=text_of(statement["Sid"], f"{path}/Sid") if "Sid" in statement else None,
        allows=statement["Effect"] == "Allow",
        actions=actions,
        not_action=action == "NotAction",
        covers_action=_action_matcher(actions, inverted=action == "NotAction"),
        resources=_resources(statement, resource, path, variables) if resource else None,
        principal=_principal(statement[principal], f"{path}/{principal}") if principal else None,
        not_principal=principal == "NotPrincipal",
        conditions=_conditions(statement.get("Condition", {}), f"{path}/Condition", variables),
    )


def _actions(value: Any, path: str) -> tuple[str, ...]:
    texts = texts_of(value, path)
    for place, text in texts:
        if not _ACTION.fullmatch(text):
            raise PolicyError(place, f"{text!r} is no action: service:Name, with * and ? in the name, or *")
    return tuple(text for _, text in texts)


def _action_matcher(texts: tuple[str, ...], *, inverted: bool) -> Matcher:
    listed = one_of([glob_matcher(parse_pattern(text.lower())) for text in texts])
    return (lambda action_name: not listed(action_name)) if inverted else listed


def _resources(statement: Mapping[str, Any], element: str, path: str, variables: bool) -> Resources:
    patterns, templates = [], []
    texts = texts_of(statement[element], f"{path}/{element}")
    for place, text in texts:
        if not text.startswith(("arn:", "*", "?", "${")):
            raise PolicyError(place, f"{text!r} is neither an ARN nor *")
        with at(place):
            template = parse_template(text, variables=variables)
        pattern = as_pattern(template)
        if pattern is None:
            templates.append(template)
        else:
            patterns.append(pattern)
    return Resources(
        texts=tuple(text for _, text in texts),
        inverted=element == "NotResource",
        matcher=one_of([glob_matcher(pattern) for pattern in patterns]),
        patterns=tuple(patterns),
        templates=tuple(templates),
    )


def _principal(value: Any, path: str) -> PrincipalElement:
    if value == EVERYONE:
        return PrincipalElement(everyone=True)
    entries = []
    for kind, names in object_of(value, path).items():
        if kind not in PRINCIPAL_TYPES:
            raise PolicyError(
                f"{path}/{kind}", f"{kind!r} is no type of principal: {', '.join(PRINCIPAL_TYPES)}"
            )
        for place, text in texts_of(names, f"{path}/{kind}"):
            with at(place):
                entries.append(parse_entry(kind, text))
    if not entries:
        raise PolicyError(path, "names nobody")
    return combine(entries)


def _conditions(value: Any, path: str, variables: bool) -> tuple[AnyCondition, ...]:
    conditions: list[AnyCondition] = []
    for operator, keys in object_of(value, path).items():
        place = f"{path}/{escaped(operator)}"
        seen: set[str] = set()
        for key, values in object_of(keys, place).items():
            here = f"{place}/{escaped(key)}"
            if not _KEY.fullmatch(key):
                raise PolicyError(here, f"{key!r} is no condition key: service:name")
            if key.lower() in seen:
                raise PolicyError(here, f"{key!r} stands here twice, in different case")
            seen.add(key.lower())
            conditions.append(_condition(operator, key, scalars_of(values, here), place, variables))
    return tuple(conditions)


def _condition(
    written: str, key: str, values: list[tuple[str, str]], path: str, variables: bool
) -> AnyCondition:
    qualifier = next((q for q in Qualifier if q.value and written.startswith(q.value)), Qualifier.NONE)
    name = written.removeprefix(qualifier.value).removesuffix(IF_EXISTS)
    if_exists = written.endswith(IF_EXISTS)
    texts = tuple(text for _, text in values)
    if name == "Null" and not if_exists:
        wanted = set()
        for place, text in values:
            with at(place):
                wanted.add(parse_boolean(text))
        return NullCondition(written, key, texts, key.lower(), frozenset(wanted))
    base = OPERATORS.get(name)
    if base is None:
        raise PolicyError(path, f"{written!r} is no condition operator")
    matchers, patterns, templates = [], [], []
    for place, text in values:
        with at(place):
            if isinstance(base, ValueOperator):
                matchers.append(base.matcher(text))
                continue
            template = parse_template(text, variables=variables, wildcards=base.wildcards)
        pattern = as_pattern(template)
        if pattern is None:
            templates.append(template)
        else:
            patterns.append(pattern)
            matchers.append(base.matcher(pattern))
    return Condition(
        operator=written,
        written_key=key,
        values=texts,
        key=key.lower(),
        base=base,
        qualifier=qualifier,
        if_exists=if_exists,
        matcher=one_of(matchers),
        patterns=tuple(patterns),
        templates=tuple(templates),
    )
