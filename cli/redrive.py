"""`ses-bounce redrive`: dead letters listed, explained, and returned to the queue."""

import json
import re
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli import aws, redriving
from cli.errors import BadInput

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("redrive")(redrive)


def redrive(
    dead_letter_queue: Annotated[str, typer.Option(help="URL of the dead-letter queue (a stack output).")],
    queue: Annotated[
        str | None,
        typer.Option(help="URL of the queue of requests; default: the one whose dead letters these are."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Only those given up with this code; repeatable.")
    ] = None,
    older: Annotated[
        str | None, typer.Option(help="Only those given up at least so long ago: 90m, 2h, 1d.")
    ] = None,
    newer: Annotated[str | None, typer.Option(help="Only those given up at most so long ago.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Say what would happen; change nothing.")] = False,
    profile: aws.Profile = None,
    region: aws.Region = None,
    endpoint_url: aws.EndpointUrl = None,
    as_json: Annotated[bool, typer.Option("--json", help="A line of JSON for each dead letter.")] = False,
) -> None:
    """List dead letters, say why each was given up, and return them to the queue."""
    selection = redriving.Selection(
        frozenset(only or ()), _duration("--older", older), _duration("--newer", newer)
    )
    sqs = aws.client("sqs", profile, region, endpoint_url)
    try:
        target = queue or redriving.source_queue(sqs, dead_letter_queue)
        if target is None:
            raise BadInput(f"{dead_letter_queue} serves no queue, or several: name one with --queue URL")
        run = redriving.redrive(
            sqs, dead_letter_queue, target, selection, lambda: datetime.now(UTC), dry_run=dry_run
        )
        with closing(run) as results:
            _show(results, dry_run=dry_run, as_json=as_json)
    except (ClientError, BotoCoreError) as error:
        raise BadInput(str(error)) from error


def _duration(option: str, text: str | None) -> timedelta | None:
    if text is None:
        return None
    found = re.fullmatch(r"([0-9]{1,6})([smhd])", text)
    if not found:
        raise BadInput(f"{option}: {text!r} is not a duration such as 90m, 2h or 1d")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def _show(results: Iterable[redriving.Result], *, dry_run: bool, as_json: bool) -> None:
    done = "would go back" if dry_run else "went back"
    if as_json:
        for one in results:
            typer.echo(json.dumps({"id": one.letter.id, **one.letter.attributes, "kept": one.kept}))
        return
    console = Console()
    table = Table("given up", "code", "why", "now", title="dead letters")
    back = kept = 0
    for one in results:
        back, kept = back + (one.kept is None), kept + (one.kept is not None)
        failed = one.letter.moment("failedAt")
        table.add_row(
            f"{failed:%Y-%m-%d %H:%M}" if failed else "",
            Text(one.letter.code),
            Text(one.letter.explanation),
            one.kept or done,
        )
    if table.row_count:
        console.print(table)
    console.print(f"{back} {done}, {kept} stay")
