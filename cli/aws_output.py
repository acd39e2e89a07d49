"""Answers in the AWS CLI's output formats, and its skeletons.

Source: AWS CLI User Guide, "Setting the output format", "Filtering output" and "AWS CLI skeletons".
"""

import json
from datetime import datetime
from typing import Any

import botocore.session
import jmespath
import yaml
from botocore.model import ServiceModel
from botocore.utils import ArgumentGenerator
from jmespath.exceptions import JMESPathError
from rich.console import Console
from rich.table import Table

from cli.errors import BadInput


def show(answer: dict[str, Any], output: str, query: str | None, title: str) -> None:
    """Print `answer` on stdout in one of the AWS CLI's formats.

    Raises:
        BadInput: If `query` is not a JMESPath expression.
    """
    try:
        found = jmespath.search(query, answer) if query else answer
    except JMESPathError as error:
        raise BadInput(f"--query: {' '.join(str(error).split())}") from error
    console = Console(soft_wrap=True, highlight=False, markup=False)
    if output == "table":
        console.print(_table(found, title))
    elif output == "text":
        console.print(_text(found))
    elif output in ("yaml", "yaml-stream"):
        console.print(yaml.safe_dump(found, sort_keys=False, allow_unicode=True), end="")
    else:
        console.print(json.dumps(found, indent=4, ensure_ascii=False))


def skeleton(kind: str) -> str:
    """A SendBounce request to fill in (`input`, `yaml-input`) or a sample answer (`output`)."""
    operation = _ses().operation_model("SendBounce")
    shape = operation.output_shape if kind == "output" else operation.input_shape
    assert shape is not None  # SendBounce has both
    found = json.loads(json.dumps(ArgumentGenerator().generate_skeleton(shape), default=datetime.isoformat))
    if kind == "yaml-input":
        return yaml.safe_dump(found, sort_keys=False)
    return json.dumps(found, indent=4) + "\n"


def _ses() -> ServiceModel:
    return botocore.session.get_session().get_service_model("ses")


def _text(value: Any) -> str:
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    return "\t".join("None" if member is None else str(member) for member in members)


def _table(value: Any, title: str) -> Table:
    table = Table(title=title, show_header=False)
    for name, member in value.items() if isinstance(value, dict) else [("", value)]:
        table.add_row(str(name), str(member))
    return table
