"""The audit as JSON: `{"findings", "read", "unread"}`."""

import json
from typing import Any

from policies.evaluation import Request
from policies.findings import Finding
from policies.reports.result import Result


def render(result: Result) -> str:
    """The whole result."""
    return json.dumps(
        {
            "findings": [_finding(finding) for finding in result.findings],
            "read": {"identities": result.identities, "policies": result.policies},
            "unread": [{"source": item.source, "reason": item.reason} for item in result.unread],
        },
        indent=2,
    )


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "id": finding.rule.id,
        "severity": finding.rule.severity.name.lower(),
        "identity": finding.identity,
        "policy": finding.document.name,
        "statement": {
            "sid": place.sid if place else None,
            "index": place.index if place else None,
            "pointer": place.pointer if place else "",
            "file": finding.document.file,
            "line": finding.document.line,
        },
        "message": finding.message,
        "witness": _witness(finding.witness) if finding.witness else None,
        "fix": finding.fix,
    }


def _witness(request: Request) -> dict[str, Any]:
    """The request as a case that `ses-bounce can --cases` reads, but for the policies."""
    return {
        "principal": request.principal.name,
        "action": request.action,
        "resource": request.resource,
        "context": {key: list(values) for key, values in request.context.items()},
        "complete": request.complete,
    }
