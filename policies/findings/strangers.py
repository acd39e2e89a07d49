"""Who outside gets in: everyone in effect, and accounts that nobody knows."""

from collections.abc import Iterator
from dataclasses import replace

from policies.access import Grant
from policies.evaluation import Request
from policies.evaluation.carried_keys import ADDRESSES
from policies.evaluation.conditions import AnyCondition
from policies.evaluation.languages import TooManyStates
from policies.evaluation.representatives import NotComparable, representatives
from policies.evaluation.statements import Statement
from policies.findings import fixes, rules
from policies.findings.model import Finding, Rule
from policies.findings.view import Placed, View, account_of

_ORGANIZATION_KEYS = frozenset({"aws:principalorgid", "aws:principalorgpaths"})


def everyone(view: View) -> Iterator[Finding]:
    """SB001 to SB006: statements by which principals get in whose account no policy mentions."""
    for placed, grant, action in _foreign(view):
        if not _is_public(view, grant):
            continue
        witness = _plainest(view, grant.witness)
        rule, how = _kind(placed.statement, witness)
        yield view.finding(
            rule,
            placed,
            f"{placed.label} lets everyone perform {action}{how}.",
            witness=witness,
            fix=fixes.account(placed.written, view.owner),
        )


def unknown_accounts(view: View) -> Iterator[Finding]:
    """SB007: accounts that a policy mentions and that are neither the owner's nor trusted."""
    public = public_statements(view)
    for placed, grant, action in _foreign(view):
        if placed.key in public:
            continue
        element = placed.statement.principal
        unknown = sorted(account for account in view.mentioned if not view.is_known(account))
        if element and (element.everyone or placed.statement.not_principal):
            fix = fixes.account(placed.written, view.owner)
        else:
            fix = fixes.without_principals(placed.written, unknown) or fixes.account(
                placed.written, view.owner
            )
        yield view.finding(
            rules.UNKNOWN_ACCOUNT,
            placed,
            f"{placed.label} lets {grant.callers} perform {action}, whom no trust list names.",
            witness=grant.witness,
            fix=fix,
        )


def public_statements(view: View) -> frozenset[tuple[str, int]]:
    """The keys of the statements that let everyone in."""
    return frozenset(placed.key for placed, grant, _ in _foreign(view) if _is_public(view, grant))


def _foreign(view: View) -> Iterator[tuple[Placed, Grant, str]]:
    for action, grant in view.grants:
        if view.is_foreign(grant.witness.principal):
            for placed in view.placed(grant):
                yield placed, grant, action


def _is_public(view: View, grant: Grant) -> bool:
    account = account_of(grant.witness.principal)
    return account is None or account not in view.mentioned


def _plainest(view: View, witness: Request) -> Request:
    """The request without condition keys, where it is allowed without."""
    plain = replace(witness, context={})
    return plain if view.lets(plain) else witness


def _kind(statement: Statement, witness: Request) -> tuple[Rule, str]:
    """Which kind of public it is, with the words that say how."""
    if statement.not_principal:
        return rules.EVERYONE_ELSE, " who is not named in NotPrincipal"
    if not statement.conditions:
        return rules.EVERYONE, ""
    always_there = witness.principal.implied_keys
    needed = [
        test for test in statement.conditions if test.key in always_there or not test.holds(lambda _: ())
    ]
    if not needed:
        return rules.ABSENT_KEY, ", since its conditions hold when the keys are absent"
    limits = [test for test in needed if not _always_true(test, statement, witness)]
    keys = ", ".join(dict.fromkeys(test.written_key for test in limits or needed))
    if not limits:
        return rules.ALWAYS_TRUE, f", since its condition on {keys} is met by every value"
    if any(test.key in _ORGANIZATION_KEYS for test in limits):
        return rules.ORGANIZATION, f" who is in the organization that {keys} names"
    return rules.ANY_CALLER, f" who meets its condition on {keys}"


def _always_true(test: AnyCondition, statement: Statement, witness: Request) -> bool:
    """Whether every value meets the condition, so that only a request without the key would not."""
    if test.templates:
        return False
    alone = replace(statement, conditions=(test,))
    try:
        values = representatives(test.key, [alone], witness.resource, lambda _: ())
    except (NotComparable, TooManyStates):
        return False
    real = [value for value in values if any(value) and _is_real(test.key, value[0])]
    return bool(real) and all(test.holds({test.key: value}.get) for value in real)


def _is_real(key: str, value: str) -> bool:
    """Whether callers send such values: SES is called over IPv4 by default, and addresses have an `@`."""
    return not (key == "aws:sourceip" and ":" in value) and not (key in ADDRESSES and "@" not in value)
