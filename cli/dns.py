"""`ses-bounce dns`: the DNS records a stack needs, and which of them are live."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import dns.exception
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.dns_records import Found, Record, Standing, check, resolver
from cli.errors import BadInput

COLOURS = {Standing.LIVE: "green", Standing.MISSING: "red", Standing.DIFFERENT: "yellow"}


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("dns")(dns_records)


def dns_records(
    records: Annotated[
        Path | None, typer.Option(help="A stack's dnsRecords output as JSON; - reads standard input.")
    ] = None,
    stack: Annotated[
        str | None, typer.Option(help="Without --records: the stack to ask Pulumi about.")
    ] = None,
    check_live: Annotated[
        bool, typer.Option("--check", help="Look every record up; exit 1 unless all are live.")
    ] = False,
    nameserver: Annotated[
        str | None, typer.Option(help="Ask this server (ADDRESS[:PORT]) instead of the machine's.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """List the DNS records that receiving and sending need, and say which are live."""
    wanted = _read(records, stack)
    if not check_live:
        _show([(one, "", "") for one in wanted], as_json=as_json)
        return
    try:
        resolve = resolver(nameserver)
        found = [check(one, resolve) for one in wanted]
    except (dns.exception.DNSException, ValueError) as error:
        raise BadInput(f"the DNS did not answer: {error}") from error
    _show([_row(one) for one in found], as_json=as_json)
    if any(one.standing is not Standing.LIVE for one in found):
        raise typer.Exit(1)


def _read(path: Path | None, stack: str | None) -> list[Record]:
    try:
        text = _output(stack) if path is None else sys.stdin.read() if str(path) == "-" else path.read_text()
        return [Record(**record) for record in json.loads(text)]
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path or 'pulumi'}: {error}") from error
    except (ValueError, TypeError) as error:
        raise BadInput(f"expected a list of records with name, type, value and purpose: {error}") from error


def _output(stack: str | None) -> str:
    command = ["pulumi", "stack", "output", "dnsRecords", "--json", *(["--stack", stack] if stack else [])]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    if answer.returncode:
        raise BadInput(f"pulumi: {answer.stderr.strip() or 'no dnsRecords output'}")
    return answer.stdout


def _row(found: Found) -> tuple[Record, str, str]:
    return found.record, found.standing, ", ".join(found.answers)


def _show(rows: list[tuple[Record, str, str]], *, as_json: bool) -> None:
    if as_json:
        documents = [
            {**vars(record), "standing": standing or None, "answers": answers}
            for record, standing, answers in rows
        ]
        typer.echo(json.dumps(documents))
        return
    table = Table("purpose", "name", "type", "value", "now", "the DNS says")
    for record, standing, answers in rows:
        mark = Text(standing, COLOURS[Standing(standing)]) if standing else Text("")
        table.add_row(record.purpose, Text(record.name), record.type, Text(record.value), mark, Text(answers))
    console = Console()
    if not console.is_terminal:
        console.width = 160
    console.print(table)
