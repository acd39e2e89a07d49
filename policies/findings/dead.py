"""Statements that do nothing, or not what they seem to do."""

from collections.abc import Iterator

from policies.evaluation import compile_policy
from policies.evaluation.carried_keys import never_carried
from policies.evaluation.conditions import AnyCondition
from policies.findings import fixes, rules
from policies.findings.actions import SENDING, covered, known
from policies.findings.expiry import is_over, is_past
from policies.findings.model import Finding
from policies.findings.view import Placed, View


def other_resource(view: View) -> Iterator[Finding]:
    """SB012 and SB013: a Resource that is not the identity's own ARN."""
    for placed in view.statements:
        resources = placed.statement.resources
        if placed.statement.is_about(view.subject.arn):
            continue
        texts = resources.texts if resources else ()
        elsewhere = bool(texts) and all(_apart_from_region(text) == _own(view) for text in texts)
        rule = rules.OTHER_REGION if elsewhere else rules.OTHER_RESOURCE
        named = ", ".join(texts) or "no resource"
        yield view.finding(
            rule,
            placed,
            f"{placed.label} is about {named} instead of {view.subject.arn}.",
            fix=fixes.resource(placed.written, view.subject.arn),
        )


def _apart_from_region(arn: str) -> list[str]:
    parts = arn.split(":", 5)
    return parts[:3] + parts[4:]


def _own(view: View) -> list[str]:
    return _apart_from_region(view.subject.arn)


def keys_never_carried(view: View) -> Iterator[Finding]:
    """SB014 and SB015: conditions on keys that sending actions never carry."""
    for placed in view.statements:
        sending = [action for action in SENDING if action in covered(placed.statement)]
        for test in placed.statement.conditions:
            affected = [action for action in sending if never_carried(action.lower(), test.key)]
            if not affected:
                continue
            holds = test.holds(lambda _: ())
            effect = "is always met" if holds else "is never met"
            left = [action for action in sending if action not in affected]
            plain = fixes.from_address(fixes.without_key(placed.written, test.key), view.name)
            yield view.finding(
                rules.NO_LIMIT if holds else rules.NEVER_CARRIED,
                placed,
                f"The condition {test.operator} on {test.written_key} in {placed.label} {effect} by "
                f"{', '.join(affected)}.",
                fix=fixes.actions(placed.written, left) or plain,
            )


def expired(view: View) -> Iterator[Finding]:
    """SB016: dates that lie in the past."""
    for placed in view.statements:
        for test in placed.statement.conditions:
            if is_past(test, view.now):
                yield view.finding(
                    rules.EXPIRED,
                    placed,
                    f"{placed.label} applies no more: {test.written_key} is compared with "
                    f"{', '.join(test.values)}.",
                )


def unknown_actions(view: View) -> Iterator[Finding]:
    """SB017: actions that SES does not have."""
    for placed in view.statements:
        if placed.statement.not_action:
            continue
        unknown = [text for text in placed.statement.actions if not _is_known(text, view)]
        if unknown:
            left = [text for text in placed.statement.actions if text not in unknown]
            yield view.finding(
                rules.UNKNOWN_ACTION,
                placed,
                f"{placed.label} names {', '.join(unknown)}, which is no action of SES.",
                fix=fixes.actions(placed.written, left),
            )


def _is_known(text: str, view: View) -> bool:
    if not view.subject.is_ses_identity and not text.lower().startswith("ses:"):
        return True  # other services' actions are their own matter
    [statement] = compile_policy({"Statement": {"Effect": "Allow", "Action": text}}).statements
    return any(statement.covers_action(action.lower()) for action in known())


def impossible(view: View) -> Iterator[Finding]:
    """SB018: conditions that no request meets together."""
    for placed in view.allows:
        tests = placed.statement.conditions
        if not tests or placed.key in view.effective or _is_dead_otherwise(view, placed):
            continue
        if _allows_nobody(view, placed):
            listed = " and ".join(f"{test.operator} {test.written_key}" for test in tests)
            yield view.finding(
                rules.IMPOSSIBLE, placed, f"No request can meet the conditions of {placed.label}: {listed}."
            )


def _is_dead_otherwise(view: View, placed: Placed) -> bool:
    statement = placed.statement
    element = statement.principal
    return (
        not statement.is_about(view.subject.arn)
        or not covered(statement)
        or (element is not None and bool(element.deleted or view.owner in element.accounts))
        or is_over(statement, view.now)
        or any(_never_met(test, placed) for test in statement.conditions)
    )


def _never_met(test: AnyCondition, placed: Placed) -> bool:
    never = all(never_carried(action.lower(), test.key) for action in covered(placed.statement))
    return never and not test.holds(lambda _: ())


def _allows_nobody(view: View, placed: Placed) -> bool:
    return not any(access.grants or access.undecided for access in view.alone(placed))


def shadowed(view: View) -> Iterator[Finding]:
    """SB019: what other statements deny altogether."""
    denies = [placed for placed in view.statements if not placed.statement.allows]
    if not denies or any(access.undecided for _, access in view.access):
        return
    for placed in view.allows:
        if placed.key not in view.effective and any(access.grants for access in view.alone(placed)):
            yield view.finding(
                rules.SHADOWED,
                placed,
                f"All that {placed.label} allows is denied, by {', '.join(deny.label for deny in denies)}.",
            )
