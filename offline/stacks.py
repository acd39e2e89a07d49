"""The stacks an offline run deploys: each a configuration file, and an account of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from offline.engine.embedded import Deployment, Result
from offline.engine.errors import DeploymentError
from offline.engine.project import read_stack_config
from offline.provider.configuration import check_configuration, configuration
from offline.provider.errors import ProviderError
from offline.provider.servicer import AwsProvider

PROGRAM = Path(__file__).resolve().parent.parent
"""The folder of the Pulumi program."""

AWS = "aws:"


class StackError(ValueError):
    """A stack cannot be deployed; says which and why."""


@dataclass(frozen=True)
class Stack:
    """A stack to deploy.

    Attributes:
        name: Its name: `dev` of `Pulumi.dev.yaml`.
        config: The configuration as it stands in the file.
        account: The AWS account it is deployed into (`aws:allowedAccountIds`).
        region: The Region (`aws:region`).
    """

    name: str
    config: Mapping[str, Any]
    account: str
    region: str


def read(files: Sequence[Path]) -> tuple[Stack, ...]:
    """The stacks of these configuration files, in their order.

    Raises:
        StackError: If a file cannot be used, or two stacks share an account.
    """
    stacks = tuple(map(_read, files))
    for number, stack in enumerate(stacks):
        for other in stacks[:number]:
            if stack.account == other.account:
                raise StackError(
                    f"{files[number]}: account {stack.account} is taken by the stack {other.name!r}: "
                    "give each an aws:allowedAccountIds of its own"
                )
    return stacks


def deploy(stack: Stack, program: Path, endpoint: str) -> Result:
    """Deploy a stack of the Pulumi program in the folder `program` with the embedded engine.

    Raises:
        StackError: If the program refuses its configuration or a resource fails.
    """
    try:
        return Deployment(program, stack.name, stack.config, lambda: AwsProvider(endpoint)).up()
    except DeploymentError as error:
        raise StackError(f"the stack {stack.name!r} was not deployed: {error}") from error


def _read(file: Path) -> Stack:
    try:
        config = read_stack_config(file)
        aws = {key.removeprefix(AWS): value for key, value in config.items() if key.startswith(AWS)}
        for failure in check_configuration(aws):
            raise StackError(f"{file}: {AWS}{failure.path}: {failure.reason}")
        at = configuration(aws)
    except (DeploymentError, ProviderError) as error:
        raise StackError(f"{file}: {error}") from error
    name = file.stem.removeprefix("Pulumi.")
    return Stack(name, config, at.account, at.region)
