"""`ses-bounce send`: `aws ses send-bounce` with every field checked first, to SES or the paced queue."""

import argparse
import json
from typing import Any

import boto3
import typer
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from cli import aws_options, aws_output
from cli.errors import BadInput
from lambda_src.errors import RequestError
from lambda_src.request import SendBounceRequest, parse

GROUP = "ses-bounce"  # the queue's one message group: one sender at a time
RAW = {"ignore_unknown_options": True, "allow_extra_args": True, "allow_interspersed_args": True}


def register(app: typer.Typer) -> None:
    """Add the verb; its options are read by `aws_options`, not by typer."""
    app.command("send", context_settings=RAW, add_help_option=False)(send)


def send(context: typer.Context) -> None:
    """Send one bounce: the options of `aws ses send-bounce`, and --dry-run, --queue URL."""
    options = aws_options.read(context.args)
    if options.generate_cli_skeleton:
        typer.echo(aws_output.skeleton(options.generate_cli_skeleton))
        return
    try:
        request = parse(aws_options.request(options))
    except RequestError as error:
        raise BadInput(str(error)) from error
    answer = request.to_json() if options.dry_run else _delivered(request, options)
    aws_output.show(answer, options.output, options.query, "SendBounce")


def _delivered(request: SendBounceRequest, options: argparse.Namespace) -> dict[str, Any]:
    try:
        if options.queue:
            return _queued(_client("sqs", options), options.queue, request)
        answer = _client("ses", options).send_bounce(**request.to_api())
    except ClientError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except BotoCoreError as error:
        raise BadInput(str(error)) from error
    return {"MessageId": answer["MessageId"]}


def _queued(sqs: Any, queue: str, request: SendBounceRequest) -> dict[str, Any]:
    answer = sqs.send_message(
        QueueUrl=queue,
        MessageBody=json.dumps(request.to_json()),
        MessageGroupId=GROUP,
        MessageDeduplicationId=request.original_message_id,
    )
    return {"QueueMessageId": answer["MessageId"]}


def _client(service: str, options: argparse.Namespace) -> Any:
    if options.debug:
        boto3.set_stream_logger("")
    session: Any = boto3.Session(profile_name=options.profile, region_name=options.region)
    return session.client(
        service,
        endpoint_url=options.endpoint_url,
        verify=options.ca_bundle or options.verify_ssl,
        config=Config(
            connect_timeout=options.cli_connect_timeout,
            read_timeout=options.cli_read_timeout,
            **({} if options.sign_request else {"signature_version": UNSIGNED}),
        ),
    )
