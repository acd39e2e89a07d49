"""What is deployed: a function as moto's Lambda holds it at this moment."""

from dataclasses import dataclass, field

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import LambdaFunction, lambda_backends


@dataclass(frozen=True)
class Deployment:
    """A function's code and configuration; two that are equal can share execution environments."""

    arn: str
    name: str
    version: str
    handler: str
    runtime: str
    role: str
    timeout: int
    """Seconds."""
    memory: int
    """Megabytes."""
    log_group: str
    """Name of the log group in CloudWatch Logs."""
    variables: tuple[tuple[str, str], ...]
    layers: tuple[str, ...]
    """ARNs of layer versions."""
    code_sha256: str
    code: bytes = field(compare=False, repr=False)
    reserved_concurrency: int | None = field(compare=False)

    @property
    def region(self) -> str:
        return self.arn.split(":")[3]


class UnknownFunctionError(LookupError):
    """No function has this ARN."""


def deployed(function_arn: str) -> Deployment:
    """Read a function, by its ARN with or without version or alias. UnknownFunctionError if there is none."""
    function = moto_function(function_arn)
    concurrency = function.reserved_concurrency
    return Deployment(
        arn=function.function_arn,
        name=function.function_name,
        version=str(function.version),
        handler=function.handler,
        runtime=function.run_time,
        role=function.role,
        timeout=int(function.timeout),
        memory=int(function.memory_size),
        log_group=function.logs_group_name,
        variables=tuple(sorted(function.environment_vars.items())),
        layers=tuple(layer["Arn"] for layer in function.layers),
        code_sha256=function.code_sha_256,
        code=function.code_bytes,
        reserved_concurrency=None if concurrency is None else int(concurrency),
    )


def moto_function(function_arn: str) -> LambdaFunction:
    """moto's own object. UnknownFunctionError if there is none."""
    _, _, _, region, account, *_ = function_arn.split(":")
    try:
        return lambda_backends[account][region].get_function(function_arn)
    except UnknownFunctionException as unknown:
        raise UnknownFunctionError(function_arn) from unknown
