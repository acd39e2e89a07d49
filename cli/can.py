"""`ses-bounce can`: decide one request, or a file of them."""

import json
from collections.abc import Iterable
from typing import Annotated

import typer

from cli import aws, live_policies, policy_files
from cli.errors import BadInput
from policies import cases
from policies.evaluation import PolicyError, PolicySet, Request, decide


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("can")(can)


def can(
    more_context: Annotated[
        list[str] | None, typer.Argument(metavar="[KEY=VALUE]...", help="More condition keys.")
    ] = None,
    principal: Annotated[
        str | None, typer.Option(help="Who asks: an ARN, an account ID, a service, or * for anybody.")
    ] = None,
    action: Annotated[str | None, typer.Option(help="service:Action.")] = None,
    resource: Annotated[str | None, typer.Option(help="The resource's ARN; for SES the identity's.")] = None,
    resource_account: Annotated[
        str | None, typer.Option(help="Who owns the resource, where its ARN does not say.")
    ] = None,
    context: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help="A condition key; a key again: one more value."),
    ] = None,
    complete: Annotated[
        bool, typer.Option("--complete", help="Condition keys not given are absent, not unknown.")
    ] = False,
    policy_file: Annotated[list[str] | None, typer.Option(help="A policy of the caller.")] = None,
    resource_policy_file: Annotated[list[str] | None, typer.Option(help="A policy of the resource.")] = None,
    boundary_file: Annotated[
        list[str] | None, typer.Option(help="The caller's permissions boundary.")
    ] = None,
    session_policy_file: Annotated[list[str] | None, typer.Option(help="A policy of the session.")] = None,
    case_lines: Annotated[
        typer.FileText | None,
        typer.Option(
            "--cases",
            encoding="utf-8",
            errors="surrogateescape",  # bytes that are no text spoil their own case only
            help="Cases, one JSON line each; - reads them from standard input.",
        ),
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Read the policies with these credentials, where they may.")
    ] = False,
    profile: aws.Profile = None,
    region: aws.Region = None,
    endpoint_url: aws.EndpointUrl = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Decide whether somebody may do something, by the policies given.

    Exit 0: allowed; 1: denied, or it depends on what was not said; with --cases 0, whatever the answers.
    """
    if case_lines is not None:
        for answered in cases.answers(case_lines):
            typer.echo(json.dumps(answered))
        return
    request = _request(
        principal=principal,
        action=action,
        resource=resource,
        resourceAccount=resource_account,
        context=_context([*(context or ()), *(more_context or ())]),
        complete=complete,
    )
    try:
        policies = PolicySet(
            identity=policy_files.read_all(policy_file),
            resource=policy_files.read_all(resource_policy_file),
            boundaries=policy_files.read_all(boundary_file),
            session=policy_files.read_all(session_policy_file),
        )
        if live:
            policies = live_policies.added(
                policies,
                request,
                lambda service, its: aws.client(service, profile, region or its, endpoint_url),
            )
    except PolicyError as error:
        raise BadInput(str(error)) from error
    answer = decide(request, policies)
    typer.echo(json.dumps(cases.as_json(answer)) if as_json else answer.reason)
    raise typer.Exit(0 if answer.decision == "allowed" else 1)


def _request(**case: object) -> Request:
    try:
        request, _ = cases.read_case({name: value for name, value in case.items() if value is not None})
    except (cases.CaseError, PolicyError) as error:
        raise BadInput(str(error)) from error
    return request


def _context(pairs: Iterable[str]) -> dict[str, list[str]]:
    context: dict[str, list[str]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise BadInput(f"--context {pair}: must be KEY=VALUE")
        context.setdefault(key, []).append(value)
    return context
