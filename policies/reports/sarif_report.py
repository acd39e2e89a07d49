"""The audit as SARIF 2.1.0, for code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import hashlib
import json
from typing import Any
from urllib.parse import quote

from policies.findings import RULES, Finding, Rule, Severity
from policies.reports.result import Result

_LEVELS = {
    Severity.INFO: "note",
    Severity.LOW: "note",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}
_SCORES = {
    Severity.INFO: "0.0",
    Severity.LOW: "2.0",
    Severity.MEDIUM: "5.0",
    Severity.HIGH: "8.0",
    Severity.CRITICAL: "9.5",
}
"""The `security-severity` by which code scanning sorts, on CVSS's scale."""
_INDEXES = {rule_id: index for index, rule_id in enumerate(RULES)}


def render(result: Result) -> str:
    """The whole result as one run."""
    run = {
        "tool": {"driver": {"name": "ses-bounce", "rules": [_rule(rule) for rule in RULES.values()]}},
        "invocations": [
            {
                "executionSuccessful": not result.unread,
                "toolExecutionNotifications": [
                    {"level": "error", "message": {"text": f"{item.source}: {item.reason}"}}
                    for item in result.unread
                ],
            }
        ],
        "results": [_result(finding) for finding in result.findings],
    }
    log = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(log, indent=2)


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.why}\n\nFix: {rule.fix}", "markdown": f"{rule.why}\n\n**Fix:** {rule.fix}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["security"], "security-severity": _SCORES[rule.severity]},
    }


def _result(finding: Finding) -> dict[str, Any]:
    pointer = finding.place.pointer if finding.place else ""
    return {
        "ruleId": finding.rule.id,
        "ruleIndex": _INDEXES[finding.rule.id],
        "level": _LEVELS[finding.rule.severity],
        "message": {"text": f"{finding.identity}, policy {finding.document.name}: {finding.message}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(finding.document.file)},
                    "region": {"startLine": finding.document.line},
                },
                "logicalLocations": [
                    {"fullyQualifiedName": f"{finding.identity}/{finding.document.name}{pointer}"}
                ],
            }
        ],
        "partialFingerprints": {"sesBounceFinding/v1": _fingerprint(finding)},
    }


def _fingerprint(finding: Finding) -> str:
    """The same for the same finding wherever the file or the line moves."""
    place = finding.place
    statement = (place.sid or place.index) if place else None
    parts = [finding.rule.id, finding.identity, finding.document.name, statement]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
