"""`ses-bounce audit`: dangerous, dead and doubtful grants in policies, with their fixes."""

import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.errors import BadInput
from policies import reports
from policies.findings import RULES, Severity, Subject, Trust, Unread, page
from policies.sources import TrustError, is_auditable, read_trust, subjects


class Format(StrEnum):
    """The forms of the report."""

    TABLE = "table"
    JSON = "json"
    SARIF = "sarif"
    MARKDOWN = "markdown"


class Level(StrEnum):
    """Severities as the command line writes them."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(audit)


def audit(
    file: Annotated[
        list[str] | None,
        typer.Option(help="Policies: JSON, JSON lines, or what the AWS CLI prints; several times for more."),
    ] = None,
    identity: Annotated[
        str | None, typer.Option(help="ARN of the identity or role, for files that do not say.")
    ] = None,
    trust: Annotated[
        str | None,
        typer.Option(help="Own accounts and partners, TOML; ses-bounce.toml is used where there is one."),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How to report.")] = Format.TABLE,
    output: Annotated[str | None, typer.Option(help="A file for the report.")] = None,
    fail_on: Annotated[Level, typer.Option(help="The least severity that makes the exit 1.")] = Level.LOW,
    explain: Annotated[str | None, typer.Option(metavar="ID", help="Explain a kind of finding.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines: --format json.")] = False,
) -> None:
    """Find dangerous, dead and doubtful grants in the policies of identities and roles.

    Exit 0: nothing at or above --fail-on; 1: something; 2: something could not be read, so is not known to be
    clean.
    """
    if explain is not None:
        _explain(explain)
        return
    if not file:
        raise BadInput("audit: give at least one --file")
    if identity is not None and not is_auditable(identity):
        raise BadInput(f"--identity {identity}: is no ARN of an SES identity or a role")
    result = reports.collect(_read(file, identity), _trust(trust), datetime.now(UTC))
    _write(_report(result, Format.JSON if as_json else form, to_terminal=output is None), output)
    if result.unread:
        first = result.unread[0]
        more = f", and {len(result.unread) - 1} more" if len(result.unread) > 1 else ""
        raise BadInput(f"not read: {first.source}: {first.reason}{more}")
    raise typer.Exit(1 if result.at_least(Severity[fail_on.name]) else 0)


def _explain(rule_id: str) -> None:
    rule = RULES.get(rule_id.upper())
    if rule is None:
        raise BadInput(f"--explain {rule_id}: there is no such finding; they are {', '.join(RULES)}")
    typer.echo(page(rule), nl=False)


def _read(files: list[str], identity: str | None) -> Iterator[Subject | Unread]:
    for name in files:
        try:
            with Path(name).open(encoding="utf-8") as lines:
                yield from subjects(lines, name, identity)
        except OSError as error:
            yield Unread(name, error.strerror or str(error))


def _trust(name: str | None) -> Trust:
    path = Path(name or "ses-bounce.toml")
    if name is None and not path.exists():
        return Trust()
    try:
        return read_trust(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, TrustError) as error:
        raise BadInput(f"{path}: {error}") from error


def _report(result: reports.Result, form: Format, *, to_terminal: bool) -> str:
    if form is Format.TABLE:
        colour = to_terminal and sys.stdout.isatty()
        width = shutil.get_terminal_size((120, 24)).columns if to_terminal else 120
        return reports.as_table(result, width=width, colour=colour)
    render = {
        Format.JSON: reports.as_json,
        Format.SARIF: reports.as_sarif,
        Format.MARKDOWN: reports.as_markdown,
    }[form]
    return render(result)


def _write(report: str, output: str | None) -> None:
    if output is None:
        typer.echo(report.rstrip())
        return
    try:
        Path(output).write_text(f"{report.rstrip()}\n", encoding="utf-8")
    except OSError as error:
        raise BadInput(f"--output {output}: {error.strerror}") from error
