"""Decide one request exactly: allowed, denied, or depends on named condition keys."""

from policies.evaluation.decision import Answer, Decision, decide
from policies.evaluation.errors import PolicyError
from policies.evaluation.parsing import compile_policy
from policies.evaluation.policy_set import PolicySet, StatementRef
from policies.evaluation.principals import Kind, Principal, parse_principal
from policies.evaluation.request import Request
from policies.evaluation.statements import Policy

__all__ = [
    "Answer",
    "Decision",
    "Kind",
    "Policy",
    "PolicyError",
    "PolicySet",
    "Principal",
    "Request",
    "StatementRef",
    "compile_policy",
    "decide",
    "parse_principal",
]
