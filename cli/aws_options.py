"""The options of `aws ses send-bounce`, read the way the AWS CLI reads them.

Source: AWS CLI reference, `ses send-bounce` and "Global options"; AWS CLI User Guide, "Loading a parameter
from a file" and "AWS CLI skeletons and input files".
"""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import yaml

from cli import shorthand
from cli.errors import BadInput

OUTPUTS = ("json", "text", "table", "yaml", "yaml-stream")
SKELETONS = ("input", "yaml-input", "output")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadInput(message)


def parser() -> argparse.ArgumentParser:
    """Every option of `aws ses send-bounce`, and `--dry-run`, `--queue` and `--json` of ours."""
    options = _Parser(
        prog="ses-bounce send",
        description="Send one bounce with SES's SendBounce. The options are those of `aws ses send-bounce`.",
        allow_abbrev=False,
    )
    request = options.add_argument_group("the request")
    request.add_argument("--original-message-id", help="the message ID that SES gave the received message")
    request.add_argument("--bounce-sender", help="the From address of the bounce: a verified identity")
    request.add_argument("--explanation", help="text for people; SES writes one if there is none")
    request.add_argument(
        "--message-dsn", help="ReportingMta=…,ArrivalDate=…,ExtensionFields=[{Name=…,Value=…}], or JSON"
    )
    request.add_argument(
        "--bounced-recipient-info-list",
        nargs="+",
        metavar="RECIPIENT",
        help="Recipient=…,BounceType=… for each bounced recipient, or JSON",
    )
    request.add_argument(
        "--bounce-sender-arn", help="the identity that authorises the From address (cross-account)"
    )
    request.add_argument("--cli-input-json", help="the request as JSON, or file://PATH")
    request.add_argument("--cli-input-yaml", help="the request as YAML, or file://PATH")
    request.add_argument(
        "--generate-cli-skeleton",
        nargs="?",
        const="input",
        choices=SKELETONS,
        help="print a request to fill in (input, yaml-input) or a sample answer (output); nothing is sent",
    )

    ours = options.add_argument_group("beyond the AWS CLI")
    ours.add_argument(
        "--dry-run", action="store_true", help="check every field and print the request; send nothing"
    )
    ours.add_argument(
        "--queue", metavar="URL", help="put the request on the paced queue instead of calling SES"
    )
    ours.add_argument(
        "--json", action="store_const", const="json", dest="output", help="the same as --output json"
    )

    common = options.add_argument_group("global options of the AWS CLI")
    common.add_argument("--debug", action="store_true", help="botocore's debug log on stderr")
    common.add_argument("--endpoint-url", help="another endpoint than AWS's, such as the offline cloud's")
    common.add_argument("--no-verify-ssl", action="store_false", dest="verify_ssl")
    common.add_argument("--output", choices=OUTPUTS, default="json")
    common.add_argument("--query", help="a JMESPath expression on the answer")
    common.add_argument("--profile")
    common.add_argument("--region")
    common.add_argument("--no-sign-request", action="store_false", dest="sign_request")
    common.add_argument("--ca-bundle")
    common.add_argument("--cli-read-timeout", type=int, default=60, metavar="SECONDS")
    common.add_argument("--cli-connect-timeout", type=int, default=60, metavar="SECONDS")
    common.add_argument("--color", choices=("on", "off", "auto"), default="auto")
    common.add_argument("--cli-binary-format", help="accepted; a bounce has no binary parameter")
    for flag in ("--no-paginate", "--no-cli-pager", "--no-cli-auto-prompt"):
        common.add_argument(flag, action="store_true", help="accepted; always so here")
    return options


def read(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse the command line; values that start with `file://` are read from that file.

    Raises:
        BadInput: For an unknown option, a wrong value or a file that cannot be read.
    """
    options = parser().parse_args(list(arguments))
    for name, value in vars(options).items():
        if isinstance(value, str):
            setattr(options, name, _from_file(value))
    return options


def request(options: argparse.Namespace) -> dict[str, Any]:
    """The SendBounce request as JSON data: the input file's members, overridden by the options.

    Raises:
        BadInput: If a value is neither valid JSON (YAML) nor shorthand.
    """
    if options.cli_input_json and options.cli_input_yaml:
        raise BadInput("--cli-input-json and --cli-input-yaml exclude each other: give one of them")
    members: dict[str, Any] = {}
    if options.cli_input_json:
        members = _mapping("--cli-input-json", options.cli_input_json, json.loads)
    if options.cli_input_yaml:
        members = _mapping("--cli-input-yaml", options.cli_input_yaml, _yaml_as_json)
    given = {
        "OriginalMessageId": options.original_message_id,
        "BounceSender": options.bounce_sender,
        "Explanation": options.explanation,
        "MessageDsn": _structure("--message-dsn", options.message_dsn),
        "BouncedRecipientInfoList": _structures(
            "--bounced-recipient-info-list", options.bounced_recipient_info_list
        ),
        "BounceSenderArn": options.bounce_sender_arn,
    }
    return members | {name: value for name, value in given.items() if value is not None}


def _structure(option: str, text: str | None) -> Any:
    if text is None:
        return None
    if text.lstrip().startswith(("{", "[")):
        return _loaded(option, text, json.loads)
    try:
        return shorthand.parse(text)
    except shorthand.ShorthandError as error:
        raise BadInput(f"{option}: {error}") from error


def _structures(option: str, texts: list[str] | None) -> Any:
    if texts is None:
        return None
    found = [_structure(option, _from_file(text)) for text in texts]
    return found[0] if len(found) == 1 and isinstance(found[0], list) else found


def _from_file(text: str) -> str:
    if not text.startswith("file://"):
        return text
    path = Path(text.removeprefix("file://")).expanduser()
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{text}: cannot be read: {error}") from error


def _mapping(option: str, text: str, load: Callable[[str], Any]) -> dict[str, Any]:
    found = _loaded(option, text, load)
    if not isinstance(found, dict):
        raise BadInput(f"{option}: expected an object with the request's members")
    return found


def _loaded(option: str, text: str, load: Callable[[str], Any]) -> Any:
    try:
        return load(text)
    except (ValueError, yaml.YAMLError) as error:
        raise BadInput(f"{option}: {' '.join(str(error).split())}") from error


class _PlainLoader(yaml.SafeLoader):
    """YAML whose dates stay text: the request's own validator reads them."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _yaml_as_json(text: str) -> Any:
    return yaml.load(text, _PlainLoader)  # noqa: S506 - a SafeLoader
