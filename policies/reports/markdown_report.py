"""The audit as Markdown, for a pull request or a ticket."""

import json
import re

from policies.findings import Finding
from policies.reports.printable import printable, summary
from policies.reports.result import Result

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#|~!])")


def render(result: Result) -> str:
    """A section for each finding, then what could not be read."""
    total = summary(len(result.findings), result.identities, result.policies, len(result.unread))
    parts = ["# Audit of sending authorization", total, *map(_section, result.findings)]
    if result.unread:
        listed = [f"- {_plain(item.source)}: {_plain(item.reason)}" for item in result.unread]
        parts.append("\n".join(["## Not read", "", *listed]))
    return "\n\n".join(parts) + "\n"


def _section(finding: Finding) -> str:
    rule = finding.rule
    pointer = finding.place.pointer if finding.place else ""
    where = f"{finding.identity}, policy {finding.document.name} {pointer}".strip()
    lines = [
        f"## {rule.id} ({rule.severity.name.lower()}): {_plain(rule.title)}",
        _plain(finding.message),
        _plain(where),
        f"{_plain(rule.why)} {_plain(rule.fix)}",
    ]
    if finding.fix is not None:
        # An indented block ends at no sequence of characters, unlike a fenced one.
        indented = "\n".join(f"    {line}" for line in json.dumps(finding.fix, indent=2).splitlines())
        lines.append(indented)
    return "\n\n".join(lines)


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _SPECIAL.sub(r"\\\1", printable(text))
