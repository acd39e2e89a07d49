"""A Lambda function of the archive, with a role of its own and logs that end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch, iam, lambda_

from components.powertools import RUNTIME
from policies import documents

HANDLER_TIMEOUT = 25
"""Seconds; SES waits 30 for a RequestResponse function."""
SENDER_TIMEOUT = 120
"""Seconds; a batch takes one a request."""
MEMORY_SIZE = 256
"""MB. Lambda gives processor in proportion, and a cold start imports boto3."""


@dataclass(frozen=True)
class Platform:
    """What all functions of the archive share."""

    code: pulumi.Input[pulumi.Archive]
    architecture: pulumi.Input[str]
    layer_arn: pulumi.Input[str]
    log_retention_days: pulumi.Input[int]
    environment: Mapping[str, pulumi.Input[str]]
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None


@dataclass(frozen=True)
class Function:
    """One function of the archive."""

    module: str
    """Module of `lambda_src` whose `handler` is the entry point."""
    description: str
    timeout: int
    """Seconds."""
    environment: Mapping[str, pulumi.Input[str]]
    permissions: Callable[[pulumi.Output[str]], pulumi.Output[documents.Document]]
    """The role's policy, given the ARN of the log group."""


def create(name: str, function: Function, platform: Platform, parent: pulumi.Resource) -> lambda_.Function:
    """The function, after the log group (Lambda would make one that never ends) and the role's
    permissions."""
    child = pulumi.ResourceOptions(parent=parent)
    logs = cloudwatch.LogGroup(
        f"{name}-logs", retention_in_days=platform.log_retention_days, tags=platform.tags, opts=child
    )
    role = iam.Role(
        f"{name}-role",
        description=function.description,
        assume_role_policy=documents.render(documents.trust("lambda.amazonaws.com")),
        tags=platform.tags,
        opts=child,
    )
    permissions = iam.RolePolicy(
        f"{name}-permissions",
        role=role.name,
        policy=function.permissions(logs.arn).apply(documents.render),
        opts=child,
    )
    return lambda_.Function(
        name,
        description=function.description,
        runtime=RUNTIME,
        architectures=[platform.architecture],
        handler=f"lambda_src.{function.module}.handler",
        code=platform.code,
        layers=[platform.layer_arn],
        role=role.arn,
        timeout=function.timeout,
        memory_size=MEMORY_SIZE,
        environment={"variables": {**platform.environment, **function.environment}},
        logging_config={"log_format": "Text", "log_group": logs.name},
        tags=platform.tags,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[permissions]),
    )
