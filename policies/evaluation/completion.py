"""What an undecided request depends on."""

from policies.evaluation.model import PolicySet, Request
from policies.evaluation.verdict import judge


def depends_on(request: Request, policies: PolicySet) -> tuple[str, ...]:
    """The unknown condition keys that may change the decision."""
    keys: dict[str, str] = {}
    for rule, truth in judge(request, policies, request.lookup).applied:
        if truth is None:
            for condition in rule.statement.conditions:
                names = {condition.key: condition.written_key} | {v.key: v.key for v in condition.variables}
                keys |= {key: name for key, name in names.items() if request.lookup(key) is None}
    return tuple(sorted(keys.values()))
