"""Callers that stand for all callers there are, as far as given statements can tell them apart."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from policies.evaluation.conditions import AnyCondition, Condition
from policies.evaluation.languages import examples
from policies.evaluation.operators import TextOperator
from policies.evaluation.patterns import Shape, arn_parts
from policies.evaluation.principal_elements import Reach
from policies.evaluation.principals import Kind, Principal, parse_principal
from policies.evaluation.statements import Statement
from policies.evaluation.templates import Wildcard

QUOTED = 3
"""How many principals a label names."""
STRANGER = "999999999999"
"""The account of somebody no policy mentions, unless one does."""
_ANYTHING = (Wildcard.ANY,)
_ARN_KEY, _ACCOUNT_KEY, _NAME_KEY = "aws:principalarn", "aws:principalaccount", "aws:username"
_SERVICE_KEY = "aws:principalservicename"


@dataclass(frozen=True)
class Caller:
    """A caller, and all whom it stands for.

    Attributes:
        principal: The example.
        label: All of them, in words.
    """

    principal: Principal
    label: str


def callers(
    statements: Sequence[Statement], owners: frozenset[str], *, resource_based: bool
) -> tuple[Caller, ...]:
    """One caller for every way in which the statements can treat callers.

    Args:
        statements: The statements of all policies compared.
        owners: The accounts whose resources are asked for: they treat their own principals differently.
        resource_based: Whether the statements name principals; else the callers are users and roles.
    """
    tests = [test for statement in statements for test in statement.conditions if test.key.startswith("aws:")]
    accounts = _accounts(statements, tests) | owners
    stranger = next(account for account in _account_ids() if account not in accounts)
    alike: dict[tuple[object, ...], list[Principal]] = {}
    for principal in _candidates(
        statements, tests, (stranger, *sorted(accounts)), resource_based=resource_based
    ):
        treatment = (
            *(_reach(statement, principal, owners) for statement in statements),
            *(test.holds(principal.implied_keys.get) for test in tests),
            *(principal.account == owner for owner in owners),
            principal.kind is Kind.ACCOUNT and principal.account in owners,
        )
        alike.setdefault(treatment, []).append(principal)
    return tuple(Caller(group[0], _label(group, stranger, alone=len(alike) == 1)) for group in alike.values())


def _reach(statement: Statement, principal: Principal, owners: frozenset[str]) -> Reach | bool:
    """How directly a statement names the principal; elsewhere than in the owners, whether it does."""
    reach = statement.reach(principal)
    return reach if principal.account in owners else reach is not Reach.NONE


def unclear(tests: Sequence[AnyCondition]) -> list[str]:
    """Why callers are more than can be listed, for the tests of which that is so."""
    keys = {test.key: test for test in tests}
    reasons = []
    if _ARN_KEY in keys and _NAME_KEY in keys:
        reasons.append("aws:PrincipalArn and aws:username are both tested")
    for key, place in ((_ARN_KEY, 4), (_ACCOUNT_KEY, 0), (_SERVICE_KEY, 0)):
        parts = [arn_parts(shape.pattern)[place:][:1] for shape in _shapes(tests, key)]
        partly = [part for [part] in filter(None, parts) if part != _ANYTHING]
        if any(Wildcard.ANY in part or Wildcard.ONE in part for part in partly):
            reasons.append(f"{keys[key].written_key} is compared with a part of an account or a service")
    return reasons


def _accounts(statements: Sequence[Statement], tests: Sequence[AnyCondition]) -> set[str]:
    """Every account that is mentioned."""
    elements = [statement.principal for statement in statements if statement.principal]
    found = {account for element in elements for account in element.accounts}
    found |= {account for element in elements for account, _ in element.roles}
    found |= {name.split(":")[4] for element in elements for name in element.names if name.startswith("arn:")}
    return found | {
        account for account in _tested_accounts(tests) if account.isdigit() and len(account) == 12
    }


def _account_ids() -> Iterator[str]:
    return (f"{number:012}" for number in range(int(STRANGER), 0, -1))


def _candidates(
    statements: Sequence[Statement],
    tests: Sequence[AnyCondition],
    accounts: Sequence[str],
    *,
    resource_based: bool,
) -> Iterator[Principal]:
    """Whoever is named, then the principals of every account, then services and everyone."""
    elements = [statement.principal for statement in statements if statement.principal]
    roles = sorted({role for element in elements for role in element.roles})
    texts = [name for element in elements for name in sorted(element.names)]
    texts += [f"arn:aws:iam::{account}:role/{name}" for account, name in roles]
    for account in accounts:
        named = tuple(Shape((Wildcard.ANY, f"/{name}")) for owner, name in roles if owner == account)
        texts += _names(tests, named, f"arn:aws:iam::{account}:role/")
        texts += _names(tests, (), f"arn:aws:iam::{account}:user/")
        if resource_based:
            texts += [f"arn:aws:iam::{account}:root", f"arn:aws:sts::{account}:federated-user/a"]
    if resource_based:
        texts += [value for test in tests if test.key == _SERVICE_KEY for value in test.values]
        texts += ["other.amazonaws.com", "*"]
    for text in texts:
        with suppress(ValueError):  # a pattern can be met by texts that are no ARN of a principal
            yield parse_principal(text)


def _names(tests: Sequence[AnyCondition], named: tuple[Shape, ...], prefix: str) -> Iterator[str]:
    """ARNs with this beginning for every way to meet the tests of ARNs and of user names.

    Args:
        named: How the ARNs of roles end that are named: under any path.
    """
    yield f"{prefix}a"
    if shapes := _shapes(tests, _ARN_KEY):
        yield from examples(shapes + named, prefix=prefix).values()
    if shapes := _shapes(tests, _NAME_KEY):
        yield from (prefix + name for name in examples(shapes).values() if "/" not in name)


def _tested_accounts(tests: Iterable[AnyCondition]) -> Iterator[str]:
    for test in tests:
        if test.key == _ACCOUNT_KEY:
            yield from test.values
        if test.key == _ARN_KEY:
            yield from (value.split(":")[4] for value in test.values if value.count(":") >= 5)


def _shapes(tests: Iterable[AnyCondition], key: str) -> tuple[Shape, ...]:
    """The patterns that the key is compared with."""
    return tuple(
        Shape(pattern, test.base.style)
        for test in tests
        if test.key == key and isinstance(test, Condition) and isinstance(test.base, TextOperator)
        for pattern in test.patterns
    )


def _label(group: Sequence[Principal], stranger: str, *, alone: bool) -> str:
    """All whom the group stands for, in words."""
    kinds = {(principal.account, principal.kind) for principal in group}
    if (None, Kind.ANONYMOUS) in kinds:
        return "everyone" if alone else "everyone else"
    whole = {
        account for account, kind in kinds if account and kind is Kind.USER and (account, Kind.ROLE) in kinds
    }
    parts = [
        "every other account" if account == stranger else f"account {account}" for account in sorted(whole)
    ]
    parts += [principal.name for principal in group if principal.account not in whole][:QUOTED]
    return ", ".join(parts)
