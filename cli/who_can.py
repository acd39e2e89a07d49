"""`ses-bounce who-can`: who may do something as an identity, under which conditions, by which statement."""

import json
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from cli import access_json, aws, policy_files
from cli.errors import BadInput
from policies import live
from policies.access import Access, Grant, who_can
from policies.evaluation import PolicyError


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("who-can")(who_can_verb)


def who_can_verb(
    resource: Annotated[str, typer.Option(help="The identity's ARN, or another resource's.")],
    action: Annotated[str, typer.Option(help="service:Action.")] = "ses:SendBounce",
    policy_file: Annotated[
        list[str] | None,
        typer.Option("--policy-file", "--resource-policy-file", help="A policy of the identity."),
    ] = None,
    read_live: Annotated[
        bool, typer.Option("--live", help="Read the identity's policies from its account.")
    ] = False,
    profile: aws.Profile = None,
    region: aws.Region = None,
    endpoint_url: aws.EndpointUrl = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """List who may do something as an identity, by the identity's own policies.

    Principals of the identity's own account may besides be allowed by their own policies.
    """
    policies = policy_files.read_all(policy_file)
    try:
        if read_live:
            its_region = resource.split(":")[3] if resource.count(":") >= 5 else None
            policies += live.identity_policies(
                aws.client("sesv2", profile, region or its_region, endpoint_url), resource
            )
        access = who_can(policies, action, resource)
    except PolicyError as error:
        raise BadInput(str(error)) from error
    except (ClientError, BotoCoreError) as error:
        raise BadInput(f"the policies of {resource} cannot be read: {error}") from error
    if as_json:
        typer.echo(json.dumps(access_json.access(access)))
    else:
        _show(access, action, resource)


def _show(access: Access, action: str, resource: str) -> None:
    for grant in access.grants:
        typer.echo(_sentence(grant, action))
    if not access.grants and not access.undecided:
        typer.echo(f"Nobody may {action} by the policies of {resource}.")
    for reason in access.undecided:
        typer.echo(f"Undecided: {reason}; there may be more.")


def _sentence(grant: Grant, action: str) -> str:
    conditions = "; or ".join(", ".join(keys) for keys in grant.keys)
    by = ", ".join(access_json.named(ref) for ref in grant.statements)
    return " ".join(
        part
        for part in (
            f"{grant.callers} may {action}",
            f"where {conditions}" if conditions else "",
            f"({grant.given})" if grant.given else "",
            f"by {by}",
        )
        if part
    )
