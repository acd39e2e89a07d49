"""`ses-bounce probe`: does an identity really authorise this caller? Asked of SES, without sending mail."""

import json
import re
from dataclasses import asdict
from typing import Annotated

import typer
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from cli import aws
from cli.errors import BadInput
from policies import probe as probing

IDENTITY_ARN = re.compile(r"arn:aws[a-z-]*:ses:([a-z0-9-]+):(\d{12}):identity/(.+)")
MARKS = {
    probing.Standing.AUTHORIZED: "authorized, as far as SES's answer shows",
    probing.Standing.REFUSED: "refused",
    probing.Standing.UNKNOWN: "unknown",
}


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("probe")(probe)


def probe(
    bounce_sender_arn: Annotated[
        str | None, typer.Option(help="The identity that should authorise the From address.")
    ] = None,
    recipient_arn: Annotated[
        str | None, typer.Option(help="The identity that should authorise the recipient.")
    ] = None,
    bounce_sender: Annotated[
        str | None, typer.Option(help="The From address; default: mailer-daemon@ the identity's domain.")
    ] = None,
    recipient: Annotated[
        str | None, typer.Option(help="The bounced recipient; default: postmaster@ the identity's domain.")
    ] = None,
    profile: aws.Profile = None,
    region: aws.Region = None,
    endpoint_url: aws.EndpointUrl = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Ask SES whether an identity authorises this caller, without sending mail.

    Exit 0: authorized, as far as the answer shows; 1: refused; 2: the answer shows neither.
    """
    arn = bounce_sender_arn or recipient_arn
    if not arn:
        raise BadInput("give --bounce-sender-arn, --recipient-arn or both: the identities to ask about")
    identities = [_identity(text) for text in (bounce_sender_arn, recipient_arn) if text]
    sender = bounce_sender or _address(_identity(bounce_sender_arn or arn)[1], "mailer-daemon")
    asked = probing.request(
        sender,
        recipient or _address(_identity(recipient_arn or arn)[1], "postmaster"),
        bounce_sender_arn,
        recipient_arn,
    )
    ses = aws.client(
        "ses",
        profile,
        region or identities[0][0],
        endpoint_url,
        config=Config(retries={"total_max_attempts": 1}),
    )
    try:
        verdict = probing.probe(ses.send_bounce, asked)
    except BotoCoreError as error:
        raise BadInput(f"SES could not be asked: {error}") from error
    _show(verdict, asked["BounceSender"], as_json=as_json)
    raise typer.Exit({probing.Standing.AUTHORIZED: 0, probing.Standing.REFUSED: 1}.get(verdict.standing, 2))


def _identity(arn: str) -> tuple[str, str]:
    found = IDENTITY_ARN.fullmatch(arn)
    if not found:
        raise BadInput(f"{arn}: not an identity's ARN (arn:aws:ses:REGION:ACCOUNT:identity/NAME)")
    return found[1], found[3]


def _address(identity: str, local_part: str) -> str:
    return identity if "@" in identity else f"{local_part}@{identity}"


def _show(verdict: probing.Verdict, sender: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(asdict(verdict)))
        return
    typer.echo(f"{MARKS[verdict.standing]}: {verdict.meaning}.")
    typer.echo(f"SES answered for {sender}: {verdict.code or 'success'} {verdict.text}".rstrip())
    if verdict.basis == "inferred":
        typer.echo("This reading is inferred: AWS documents neither this text nor the order of its checks.")
