"""`ses-bounce offline`: the whole path on this machine, without AWS."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from cli.errors import BadInput
from offline import deliveries, report, stacks
from offline.faults import Faults, ScheduleError, read_schedule
from offline.report import Delivered
from offline.run import Outcome, Plan, run
from offline.serve.serving import serving
from offline.stacks import PROGRAM

WIDE = 160  # columns, where nobody has a window that could be too narrow
COLOURS = {"bounced": "yellow", "accepted": "green", "dropped": "blue", "refused": "red"}


def register(app: typer.Typer) -> None:
    """Add the verb and its own verbs."""
    group = typer.Typer(
        help="AWS on this machine: deploy, deliver mail, see what is bounced.", no_args_is_help=True
    )
    group.command("run")(offline_run)
    group.command("serve")(offline_serve)
    app.add_typer(group, name="offline")


def offline_run(
    out: Annotated[Path, typer.Option(help="Folder for report.json and bounces/*.eml.")],
    stack: Annotated[str, typer.Option(help="The environment: names Pulumi.STACK.yaml.")] = "dev",
    config: Annotated[
        list[Path] | None,
        typer.Option(
            help="A configuration file like Pulumi.<environment>.yaml; the first receives the mail."
        ),
    ] = None,
    deliveries_file: Annotated[
        Path | None, typer.Option("--deliveries", help="JSON lines: a mail and how it arrives.")
    ] = None,
    mail: Annotated[
        list[Path] | None, typer.Option(help="An .eml file; its header names the envelope.")
    ] = None,
    faults_file: Annotated[
        Path | None, typer.Option("--faults", help="JSON: which AWS calls go wrong, and when.")
    ] = None,
    real_time: Annotated[bool, typer.Option(help="Run by the wall clock, not in virtual time.")] = False,
    engine: Annotated[
        stacks.Engine,
        typer.Option(help="What deploys: the embedded engine, or Pulumi's own (`make engine`)."),
    ] = stacks.Engine.EMBEDDED,
    as_json: Annotated[bool, typer.Option("--json", help="Print report.json instead of a table.")] = False,
) -> None:
    """Deploy the program offline, deliver mail, and report what became of it."""
    try:
        plan = Plan(
            stacks=stacks.read(config or [PROGRAM / f"Pulumi.{stack}.yaml"]),
            deliveries=(
                *(deliveries.from_file(deliveries_file) if deliveries_file else ()),
                *map(deliveries.from_mail, mail or ()),
            ),
            real_time=real_time,
            faults=Faults(
                read_schedule(faults_file) if faults_file else (), hold=time.sleep if real_time else None
            ),
            engine=engine,
        )
        outcome = _run(plan)
        report.write(out, outcome.report, outcome.deliveries)
    except (deliveries.DeliveryError, stacks.StackError, ScheduleError, OSError) as error:
        raise BadInput(str(error)) from error
    if as_json:
        typer.echo(report.as_json(outcome.report))
    else:
        _show(outcome, out)


def offline_serve(
    port: Annotated[int, typer.Option(help="Port of the AWS endpoint; 0 takes a free one.")] = 4566,
    smtp_port: Annotated[int, typer.Option(help="Port of SES's inbound SMTP.")] = 2525,
    stack: Annotated[str, typer.Option(help="The environment: names Pulumi.STACK.yaml.")] = "dev",
    config: Annotated[
        list[Path] | None, typer.Option(help="A configuration file like Pulumi.<environment>.yaml.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what to connect to as a line of JSON.")
    ] = False,
) -> None:
    """Keep the offline cloud up for boto3, the AWS CLI and SMTP clients, until Ctrl-C."""
    try:
        deployed = stacks.read(config or [PROGRAM / f"Pulumi.{stack}.yaml"])
        with serving(deployed, port, smtp_port) as served:
            typer.echo(json.dumps(served.to_json()) if as_json else served.to_text())
            with suppress(KeyboardInterrupt):
                Event().wait()
    except (stacks.StackError, OSError) as error:
        raise BadInput(str(error)) from error


def _run(plan: Plan) -> Outcome:
    with _progress() as bar:
        task = bar.add_task("starting", total=None)

        def progress(description: str, completed: int, total: int) -> None:
            bar.update(task, description=description, completed=completed, total=total)

        return run(plan, progress)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A progress bar on stderr, none when that is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield bar


def _show(outcome: Outcome, out: Path) -> None:
    console = Console()
    if not console.is_terminal:
        console.width = WIDE
    table = Table("message", "recipient", "outcome", "rule", "reason", "bounce")
    for one in outcome.deliveries:
        _add_rows(table, one)
    console.print(table)
    for deployed in outcome.report["deployment"]["stacks"]:
        for warning in deployed["warnings"]:
            console.print(Text(f"warning: {deployed['stack']}: {warning}", style="yellow"))
    bounces = sum(one.bounce is not None for one in outcome.deliveries)
    calls = outcome.report["calls"]
    denied = sum(call["decision"] == "denied" for call in calls)
    console.print(f"{bounces} bounces in {out / 'bounces'}")
    console.print(f"{len(calls)} AWS calls, {denied} denied, in {out / 'report.json'}")
    if dead := outcome.report["deadLetters"]:
        console.print(
            Text(
                f"{len(dead)} requests in the dead letters: {dead[0].get('code')} {dead[0].get('text')}",
                "red",
            )
        )


def _add_rows(table: Table, one: Delivered) -> None:
    """A row per recipient; message and bounce are named once."""
    message, bounce = one.eml, one.bounce or ""
    for recipient in one.recipients:
        outcome = Text(recipient.outcome, COLOURS.get(recipient.outcome, ""))
        table.add_row(
            Text(message),
            Text(recipient.address),
            outcome,
            recipient.rule or "",
            Text(recipient.reason),
            bounce,
        )
        message = bounce = ""
