"""Short ways to write policies and requests for the tests of the evaluator."""

from collections.abc import Mapping, Sequence
from typing import Any

from policies.evaluation import Answer, Policy, PolicySet, Request, compile_policy, decide, parse_principal

CALLER = "111111111111"
OWNER = "222222222222"
IDENTITY = f"arn:aws:ses:us-east-1:{OWNER}:identity/example.com"
BUCKET = "arn:aws:s3:::bucket/key"
ROLE = f"arn:aws:iam::{CALLER}:role/bounce-sender"
SESSION = f"arn:aws:sts::{CALLER}:assumed-role/bounce-sender/run"
USER = f"arn:aws:iam::{CALLER}:user/alice"


def statement(effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    """A statement on everything, unless the elements say otherwise."""
    written = {"Effect": effect, "Action": "*", "Resource": "*", **elements}
    for element in ("Action", "Resource"):
        if f"Not{element}" in elements:
            del written[element]
    return written


def document(*statements: Mapping[str, Any], version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


def policy(*statements: Mapping[str, Any], version: str = "2012-10-17", name: str = "") -> Policy:
    return compile_policy(document(*statements, version=version), name=name)


def request(
    principal: str = USER,
    action: str = "s3:GetObject",
    resource: str = BUCKET,
    *,
    owner: str | None = None,
    context: Mapping[str, str | Sequence[str]] | None = None,
    complete: bool = True,
) -> Request:
    values = {
        key: (value,) if isinstance(value, str) else tuple(value) for key, value in (context or {}).items()
    }
    return Request(parse_principal(principal), action, resource, owner, values, complete)


def condition_met(
    operator: str,
    values: Any,
    given: str | Sequence[str] | None,
    *,
    version: str = "2012-10-17",
    context: Mapping[str, str | Sequence[str]] | None = None,
) -> bool:
    """Whether a condition on the key `test:key` holds when the request gives it (None: does not carry it)."""
    allow = statement(Condition={operator: {"test:key": values}})
    carried = {**(context or {}), **({} if given is None else {"test:key": given})}
    answer = decide(request(context=carried), PolicySet(identity=(policy(allow, version=version),)))
    return answer.decision == "allowed"


def decision(answer: Answer) -> str:
    """The answer in one word, `explicitly denied` where a Deny decided."""
    return "explicitly denied" if answer.explicit_deny else answer.decision
