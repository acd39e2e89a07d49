"""`ses-bounce diff`: what a change of a policy widens and narrows, with a request that proves each."""

import json
from typing import Annotated

import typer

from cli import access_json, policy_files
from cli.errors import BadInput
from policies.access import Change, Difference
from policies.access import diff as compare
from policies.evaluation import PolicyError


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("diff")(diff)


def diff(
    old: Annotated[str, typer.Argument(help="The policy before: a file, or REV:path of one in git.")],
    new: Annotated[str, typer.Argument(help="The policy after: a file, or REV:path of one in git.")],
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit 1 where something was widened or is undecided.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Say what a change of a policy widens and narrows; nothing said is a proof that nothing changed."""
    try:
        found = compare([policy_files.read(old)], [policy_files.read(new)])
    except PolicyError as error:
        raise BadInput(str(error)) from error
    if as_json:
        typer.echo(json.dumps(access_json.difference(found)))
    else:
        _show(found)
    widened = any(change.direction == "widened" for change in found.changes)
    raise typer.Exit(1 if exit_code and (widened or found.undecided) else 0)


def _show(found: Difference) -> None:
    for change in found.changes:
        typer.echo(_sentence(change))
    for reason in found.undecided:
        typer.echo(f"undecided: {reason}; there may be more changes")
    if not found.changes and not found.undecided:
        typer.echo("no change: both allow and deny the same requests")


def _sentence(change: Change) -> str:
    may = "may now" if change.direction == "widened" else "may no longer"
    conditions = "; or ".join(", ".join(keys) for keys in change.keys if keys)
    witness = change.witness
    values = ", ".join(f"{key}={value}" for key, held in witness.context.items() for value in held)
    parts = (
        f"{change.direction}: {change.callers} {may}",
        " or ".join(f"{action} on {resource}" for action, resource in change.targets),
        f"where {conditions}" if conditions else "",
        f"({change.given})" if change.given else "",
        f"for example {witness.principal.name}" + (f" with {values}" if values else ""),
    )
    return " ".join(part for part in parts[:-1] if part) + f"; {parts[-1]}"
