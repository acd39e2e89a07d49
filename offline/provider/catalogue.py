"""All resource types and functions of the provider, by token."""

from collections.abc import Mapping
from importlib import metadata

from offline.provider.schema import Function, ResourceType
from offline.provider.services import (
    cloudwatch,
    dynamodb,
    iam,
    index,
    lambda_,
    logs,
    route53,
    s3,
    ses,
    sesv2,
    sns,
    sqs,
)

VERSION = metadata.version("pulumi-aws")
"""The pulumi-aws whose names and behaviour are followed: the installed one."""

_SERVICES_WITH_RESOURCES = (cloudwatch, dynamodb, iam, lambda_, logs, route53, s3, ses, sesv2, sns, sqs)

RESOURCES: Mapping[str, ResourceType] = {
    kind.token: kind for service in _SERVICES_WITH_RESOURCES for kind in service.RESOURCES
}

FUNCTIONS: Mapping[str, Function] = {
    function.token: function for service in (index, s3, ses) for function in service.FUNCTIONS
}
