"""Say in words why a request is allowed or denied: for a denial, what is missing and on which side."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from policies.evaluation.carried_keys import never_carried
from policies.evaluation.conditions import AnyCondition
from policies.evaluation.organizations import RCP_SERVICES
from policies.evaluation.policy_set import PolicySet, Rule, Source, StatementRef
from policies.evaluation.principal_elements import Reach
from policies.evaluation.principals import Kind
from policies.evaluation.request import Request
from policies.evaluation.verdict import Verdict, organization_levels, scan

if TYPE_CHECKING:
    from policies.evaluation.decision import Answer

QUOTED = 3
"""How many statements to quote for one side."""

_NEVER_ALL = "whatever the unknown keys are, not all allow it that must"
_KINDS: dict[Source, str] = {
    "identity": "the identity-based policy",
    "resource": "the resource-based policy",
    "boundary": "the permissions boundary",
    "session": "the session policy",
    "scp": "the service control policy",
    "rcp": "the resource control policy",
}


def explain(answer: "Answer") -> str:
    """The decision in a sentence."""
    request, policies = answer.request, answer.policies
    statements = _list([_named(ref, request) for ref in answer.statements])
    if answer.decision == "depends":
        sentence = f"depends on {_list(answer.depends_on)}, whose value nobody gave"
    elif answer.decision == "allowed":
        sentence = f"allowed by {statements}" if statements else "allowed: the account's own root user asks"
    elif answer.explicit_deny:
        sentence = f"denied explicitly by {statements}"
    else:
        sentence = f"denied: {'; '.join(_missing(request, policies)) or _NEVER_ALL}"
    unlisted = policies.rcps and request.service not in RCP_SERVICES
    return sentence + (f" (resource control policies do not apply to {request.service})" if unlisted else "")


def _missing(request: Request, policies: PolicySet) -> list[str]:
    """A phrase for each side that must allow the request and does not."""
    caller, rules = request.principal.account, policies.rules
    on_caller = f"on the caller's side (account {caller})"
    on_owner = "on the resource's side" + (f" (account {request.owner})" if request.owner else "")
    grants = [(on_owner, rules["resource"][0])]
    limits = [
        (on_owner if level[0].ref.source == "rcp" else on_caller, level)
        for level in organization_levels(request, policies)
        if level
    ]
    missing = []
    if caller is not None and request.principal.kind is not Kind.ACCOUNT:
        grants.insert(0, (on_caller, rules["identity"][0]))
        limits += [(on_caller, rules[source][0]) for source in ("boundary", "session") if rules[source][0]]
        if request.principal.kind is Kind.FEDERATED_USER and not policies.session:
            missing.append(f"{on_caller} a federated user without session policies has no permissions")
    missing += [f"{side} {_offer(level, request)}" for side, level in limits if _is_silent(level, request)]
    silent = [f"{side} {_offer(level, request)}" for side, level in grants if _is_silent(level, request)]
    if caller == request.owner and len(silent) < len(grants):
        return missing  # within an account one grant is enough
    return missing + silent


def _is_silent(rules: tuple[Rule, ...], request: Request) -> bool:
    """Whether none of the statements allows the request, whatever the unknown keys are."""
    return not any(truth is not False for truth in scan(rules, request, request.lookup, Verdict()))


def _offer(rules: tuple[Rule, ...], request: Request) -> str:
    """What the statements that come closest allow instead."""
    shortfalls = [_shortfall(rule, request) for rule in rules if rule.statement.allows]
    if not shortfalls:
        return "nothing is allowed"
    closest = max(depth for depth, _ in shortfalls)
    return _list([text for depth, text in shortfalls if depth == closest][:QUOTED])


def _shortfall(rule: Rule, request: Request) -> tuple[int, str]:
    """How far a statement goes along with the request, and where it stops."""
    statement, name = rule.statement, _named(rule.ref, request)
    if not statement.covers_action(request.action_name):
        return 0, f"{name} is not about {request.action}"
    if statement.reach(request.principal) is Reach.NONE:
        return 1, f"{name} does not name {request.principal.name}"
    if rule.ref.source == "resource" and request.is_ses_identity and not statement.is_about(request.resource):
        return 2, f"{name} does not count: SES demands {request.resource} itself as its only Resource"
    if statement.covers_resource(request.resource, request.lookup) is False:
        return 2, f"{name} is not about {request.resource}"
    unmet = [_unmet(test, request) for test in statement.conditions if test.holds(request.lookup) is False]
    return 3, f"{name} allows only where {_list(unmet)}"


def _unmet(test: AnyCondition, request: Request) -> str:
    wanted = f"{test.written_key} meets {test.operator} {', '.join(test.values) or 'nothing'}"
    if never_carried(request.action_name, test.key):
        return f"{wanted} ({request.action} never carries this key)"
    values = request.lookup(test.key)
    return f"{wanted} (it is {', '.join(values or ()) or 'absent'})"


def _named(ref: StatementRef, request: Request) -> str:
    kind = (
        "the identity policy" if ref.source == "resource" and request.is_ses_identity else _KINDS[ref.source]
    )
    return " ".join(
        (kind, *([f"`{ref.policy}`"] if ref.policy else []), f"(statement {ref.sid or ref.index})")
    )


def _list(parts: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)
