"""Decide a stream of cases, one JSON line each; a malformed one is answered with its error.

A case names a principal, an action and a resource, and may give `resourceAccount`, `context`, `complete`, an
`id` to answer to, and the policies that apply.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from policies.evaluation import (
    Answer,
    Policy,
    PolicyError,
    PolicySet,
    Principal,
    Request,
    compile_policy,
    decide,
    parse_principal,
)
from policies.evaluation.json_text import JsonObject, load

_FIELDS = frozenset(
    {
        "id",
        "principal",
        "action",
        "resource",
        "resourceAccount",
        "context",
        "complete",
        "identityPolicies",
        "resourcePolicies",
        "permissionsBoundaries",
        "sessionPolicies",
        "serviceControlPolicies",
        "resourceControlPolicies",
    }
)
_ACTION = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9_-]+")
_ACCOUNT = re.compile(r"\d{12}")


class CaseError(ValueError):
    """A case that cannot be decided: which field, and what is wrong with it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}" if field else message)


def answers(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """An answer to every line that is not blank, as soon as it is read."""
    return (_answer(line) for line in lines if line.strip())


def read_case(case: Any) -> tuple[Request, PolicySet]:
    """The request and the policies of a case.

    Args:
        case: The case as a JSON object.

    Raises:
        CaseError: A field is missing, unknown, or of the wrong form.
        PolicyError: One of its policies is malformed.
    """
    if not isinstance(case, Mapping):
        raise CaseError("", "a case is a JSON object")
    _check_unique(case, "")
    for field in case:
        if field not in _FIELDS:
            raise CaseError(field, "there is no such field in a case")
    request = Request(
        principal=_principal(case),
        action=_action(case),
        resource=_text(case, "resource"),
        resource_account=_account(case),
        context=read_context(case.get("context") or {}),
        complete=_flag(case, "complete"),
    )
    policies = PolicySet(
        identity=_policies(case, "identityPolicies"),
        resource=_policies(case, "resourcePolicies"),
        boundaries=_policies(case, "permissionsBoundaries"),
        session=_policies(case, "sessionPolicies"),
        scps=_levels(case, "serviceControlPolicies"),
        rcps=_levels(case, "resourceControlPolicies"),
    )
    return request, policies


def read_context(context: Any) -> dict[str, tuple[str, ...]]:
    """The condition keys of a request: each with a text, number or boolean, or a list of them.

    Raises:
        CaseError: It is something else, or a key stands twice.
    """
    if not isinstance(context, Mapping):
        raise CaseError("context", "must be an object of condition keys")
    _check_unique(context, "context")
    names = [key.lower() for key in context]
    for key, name in zip(context, names, strict=True):
        if names.count(name) > 1:
            raise CaseError(f"context/{key}", "stands here twice, in different case")
    return {key: _values(value, f"context/{key}") for key, value in context.items()}


def as_json(answer: Answer) -> dict[str, Any]:
    """An answer for machines."""
    return {
        "decision": answer.decision,
        "explicitDeny": answer.explicit_deny,
        "dependsOn": list(answer.depends_on),
        "statements": [asdict(ref) for ref in answer.statements],
        "reason": answer.reason,
    }


def _answer(line: str) -> dict[str, Any]:
    identifier = None
    try:
        case = load(line)
        identifier = case.get("id") if isinstance(case, Mapping) else None
        return {"id": identifier, **as_json(decide(*read_case(case)))}
    except (CaseError, PolicyError) as error:
        return {"id": identifier, "error": str(error)}


def _principal(case: Mapping[str, Any]) -> Principal:
    try:
        return parse_principal(_text(case, "principal"))
    except CaseError:
        raise
    except ValueError as error:
        raise CaseError("principal", str(error)) from None


def _action(case: Mapping[str, Any]) -> str:
    action = _text(case, "action")
    if not _ACTION.fullmatch(action):
        raise CaseError("action", f"{action!r} is no action: service:Name")
    return action


def _account(case: Mapping[str, Any]) -> str | None:
    account = case.get("resourceAccount")
    if account is None or (isinstance(account, str) and _ACCOUNT.fullmatch(account)):
        return account
    raise CaseError("resourceAccount", "must be an account ID of twelve digits")


def _flag(case: Mapping[str, Any], field: str) -> bool:
    value = case.get(field, False)
    if not isinstance(value, bool):
        raise CaseError(field, "must be true or false")
    return value


def _levels(case: Mapping[str, Any], field: str) -> tuple[tuple[Policy, ...], ...]:
    levels = enumerate(_list(case.get(field), field))
    return tuple(_compiled(level, f"{field}/{index}") for index, level in levels)


def _policies(case: Mapping[str, Any], field: str) -> tuple[Policy, ...]:
    return _compiled(case.get(field), field)


def _compiled(value: Any, field: str) -> tuple[Policy, ...]:
    documents = enumerate(_list(value, field))
    return tuple(compile_policy(document, name=f"{field}/{index}") for index, document in documents)


def _list(value: Any, field: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise CaseError(field, "must be a list")
    return value


def _text(case: Mapping[str, Any], field: str) -> str:
    value = case.get(field)
    if not isinstance(value, str) or not value:
        raise CaseError(field, "must be a text" if field in case else "is missing")
    return value


def _values(value: Any, field: str) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str | bool | int | float) for item in values):
        raise CaseError(field, "must be a text, a number, true or false, or a list of them")
    return tuple(item if isinstance(item, str) else json.dumps(item) for item in values)


def _check_unique(value: Mapping[str, Any], field: str) -> None:
    if isinstance(value, JsonObject) and value.duplicate is not None:
        raise CaseError(f"{field}/{value.duplicate}".lstrip("/"), "stands here twice")
