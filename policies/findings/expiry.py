"""Statements whose time is over."""

from datetime import datetime
from decimal import Decimal

from policies.evaluation.conditions import AnyCondition, Condition
from policies.evaluation.operators import ValueOperator, parse_date
from policies.evaluation.statements import Statement

_DATE_KEYS = frozenset({"aws:currenttime", "aws:epochtime"})


def is_over(statement: Statement, now: datetime) -> bool:
    """Whether the statement applies at no time from now on, by one of its dates."""
    return any(is_past(test, now) for test in statement.conditions)


def is_past(test: AnyCondition, now: datetime) -> bool:
    """Whether a condition on the time is met at no time from now on."""
    if test.key not in _DATE_KEYS or not isinstance(test, Condition):
        return False
    if not isinstance(test.base, ValueOperator) or test.base.family.parse is not parse_date:
        return False
    start = Decimal(int(now.timestamp()))
    moments = {start, *(moment + step for moment in map(parse_date, test.values) for step in (-1, 0, 1))}
    return not any(test.holds({test.key: (str(moment),)}.get) for moment in moments if moment >= start)
