"""Dangerous, dead and doubtful grants in policies, each with a proof and a fix."""

from policies.findings.audit import audit
from policies.findings.model import Document, Finding, Place, Rule, Severity, Subject, Trust, Unread
from policies.findings.pages import page
from policies.findings.rules import RULES

__all__ = [
    "RULES",
    "Document",
    "Finding",
    "Place",
    "Rule",
    "Severity",
    "Subject",
    "Trust",
    "Unread",
    "audit",
    "page",
]
