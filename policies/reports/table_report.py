"""The audit as a table for a terminal."""

from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from policies.findings import Finding, Severity
from policies.reports.printable import printable, summary
from policies.reports.result import Result

_STYLES = {
    Severity.INFO: "dim",
    Severity.LOW: "cyan",
    Severity.MEDIUM: "yellow",
    Severity.HIGH: "red",
    Severity.CRITICAL: "bold red",
}


def render(result: Result, *, width: int, colour: bool) -> str:
    """The findings with their fixes, then what could not be read.

    Args:
        width: Of the terminal, in characters.
        colour: Whether to write its colour codes.
    """
    out = StringIO()
    console = Console(file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False)
    if result.findings:
        table = Table("severity", "id", "identity, policy", "what is wrong, and what to do")
        for finding in result.findings:
            table.add_row(*_row(finding))
        console.print(table)
    for item in result.unread:
        console.print(Text(printable(f"Not read: {item.source}: {item.reason}")))
    console.print(
        summary(len(result.findings), result.identities, result.policies, len(result.unread)), markup=False
    )
    return out.getvalue()


def _row(finding: Finding) -> tuple[Text, ...]:
    severity = finding.rule.severity
    where = f"{finding.identity.rpartition('/')[2]}, {finding.document.name}"
    return (
        Text(severity.name.lower(), style=_STYLES[severity]),
        Text(finding.rule.id),
        Text(printable(where)),
        Text(f"{printable(finding.message)}\n{finding.rule.fix}"),
    )
