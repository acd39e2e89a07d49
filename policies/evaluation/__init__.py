"""Decide one request exactly: allowed, denied, or depends on named condition keys."""

from policies.evaluation.decision import Answer, Decision, decide
from policies.evaluation.errors import PolicyError
from policies.evaluation.model import Policy, PolicySet, Request, StatementRef
from policies.evaluation.parsing import compile_policy
from policies.evaluation.principals import Kind, Principal, parse_principal

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
