"""The stacks an offline run deploys: each a configuration file, and an account of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from offline.engine.embedded import Deployment
from offline.engine.errors import DeploymentError
from offline.engine.installation import EngineMissingError
from offline.engine.project import read_stack_config
from offline.engine.workspace import Workspace
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


class Engine(StrEnum):
    """What deploys a stack: the engine in this process, or Pulumi's own."""

    EMBEDDED = "embedded"
    PULUMI = "pulumi"


@dataclass(frozen=True)
class Deployed:
    """A deployed stack.

    Attributes:
        outputs: Its outputs, secrets in plain text.
        resources: How many resources it consists of, as `pulumi up` counts them: without providers.
        warnings: What the program warned of.
    """

    outputs: Mapping[str, Any]
    resources: int
    warnings: tuple[str, ...]


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


def deploy(stack: Stack, program: Path, endpoint: str, engine: Engine = Engine.EMBEDDED) -> Deployed:
    """Deploy a stack of the Pulumi program in the folder `program` into the cloud at `endpoint`.

    Raises:
        StackError: If the program refuses its configuration, a resource fails, or there is no such engine.
    """
    with_engine = _with_pulumi if engine is Engine.PULUMI else _embedded
    try:
        return with_engine(stack, program, endpoint)
    except (DeploymentError, EngineMissingError) as error:
        raise StackError(f"the stack {stack.name!r} was not deployed: {error}") from error


def _embedded(stack: Stack, program: Path, endpoint: str) -> Deployed:
    result = Deployment(program, stack.name, stack.config, lambda: AwsProvider(endpoint)).up()
    resources = [each for each in result.resources if not each.type.startswith("pulumi:providers:")]
    return Deployed(result.outputs, len(resources), result.warnings)


def _with_pulumi(stack: Stack, program: Path, endpoint: str) -> Deployed:
    with TemporaryDirectory() as folder:
        workspace = Workspace(program, Path(folder), {"AWS_ENDPOINT_URL": endpoint})
        workspace.init(stack.name, stack.config)
        up = workspace.run("up", stack.name)
        if up.exit_code:
            raise DeploymentError(up.errors)
        return Deployed(workspace.outputs(stack.name), sum(up.changes.values()), up.warnings)


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
