"""Grants to known principals that are wider than they should be."""

from collections.abc import Iterator
from dataclasses import replace

from policies.evaluation import Kind, Request, parse_principal
from policies.findings import fixes, rules
from policies.findings.actions import MANAGEMENT, SENDING, covered
from policies.findings.model import Finding
from policies.findings.strangers import public_statements
from policies.findings.view import View

_SOURCE_KEYS = frozenset({"aws:sourceaccount", "aws:sourcearn"})


def any_address(view: View) -> Iterator[Finding]:
    """SB008: another account named as a whole that may send from any address of a domain."""
    if "@" in view.name:
        return
    public = public_statements(view)
    anybody = {"ses:FromAddress": (f"anybody-at-all@{view.name}",)}
    for action, grant in view.grants:
        account = grant.witness.principal.account
        if action not in SENDING or account is None or account == view.owner or account not in view.mentioned:
            continue
        # What the root user may, everybody may to whom the account gives it.
        root = parse_principal(account)
        context = {**_without(grant.witness, {"ses:fromaddress"}), **anybody}
        witness = replace(grant.witness, principal=root, context=context)
        for placed in view.placed(grant):
            if placed.key in public:
                continue
            applies = placed.statement.reach(root) and placed.statement.applies(
                witness.resource, witness.lookup
            )
            if applies and view.lets(witness):
                yield view.finding(
                    rules.ANY_ADDRESS,
                    placed,
                    f"{placed.label} lets {grant.callers} perform {action} from any address at {view.name}.",
                    witness=witness,
                    fix=fixes.from_address(placed.written, view.name),
                )


def management(view: View) -> Iterator[Finding]:
    """SB009: others than the owner that may change the identity."""
    for action, grant in view.grants:
        if action not in MANAGEMENT or grant.witness.principal.account == view.owner:
            continue
        for placed in view.placed(grant):
            sending = [name for name in SENDING if name in covered(placed.statement)]
            yield view.finding(
                rules.MANAGEMENT,
                placed,
                f"{placed.label} lets {grant.callers} perform {action} on the identity.",
                witness=grant.witness,
                fix=fixes.actions(placed.written, sending),
            )


def deleted_principals(view: View) -> Iterator[Finding]:
    """SB010: unique IDs of users and roles that are gone."""
    for placed in view.statements:
        element = placed.statement.principal
        if element and element.deleted:
            gone = ", ".join(sorted(element.deleted))
            yield view.finding(
                rules.DELETED,
                placed,
                f"{placed.label} names {gone}, which was deleted.",
                fix=fixes.without_principals(placed.written, element.deleted),
            )


def confused_services(view: View) -> Iterator[Finding]:
    """SB011: services that may act for anybody's resource."""
    for action, grant in view.grants:
        if grant.witness.principal.kind is not Kind.SERVICE:
            continue
        witness = replace(grant.witness, context=_without(grant.witness, _SOURCE_KEYS))
        for placed in view.placed(grant):
            element = placed.statement.principal
            named = element is not None and witness.principal.name in element.names
            if named and not placed.statement.not_principal and view.lets(witness):
                yield view.finding(
                    rules.SERVICE,
                    placed,
                    f"{placed.label} lets {witness.principal.name} perform {action} for any account.",
                    witness=witness,
                    fix=fixes.condition(placed.written, "StringEquals", "aws:SourceAccount", view.owner),
                )


def _without(request: Request, keys: frozenset[str] | set[str]) -> dict[str, tuple[str, ...]]:
    return {key: values for key, values in request.context.items() if key.lower() not in keys}
