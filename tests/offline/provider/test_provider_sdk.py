"""The provider's catalogue against the installed pulumi-aws: names, kinds of values, required properties."""

import importlib
import inspect
import typing
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws
import pytest
from pulumi import _types

from offline.provider import configuration
from offline.provider.catalogue import FUNCTIONS, RESOURCES
from offline.provider.kinds import (
    Boolean,
    Code,
    Document,
    Integer,
    Kind,
    ListOf,
    MapOf,
    Number,
    Object,
    String,
)
from offline.provider.schema import Property

STRICTER = {
    ("aws:dynamodb/table:Table", "hashKey"): "optional only for tables restored or imported",
    ("aws:lambda/eventSourceMapping:EventSourceMapping", "eventSourceArn"): "optional only for Kafka",
    ("aws:lambda/function:Function", "code"): "optional only for images and code in S3",
    ("aws:lambda/function:Function", "handler"): "optional only for images",
    ("aws:lambda/function:Function", "runtime"): "optional only for images",
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "comparisonOperator"): "optional only for PromQL",
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "evaluationPeriods"): "optional only for PromQL",
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "metricName"): "optional only for metric queries",
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "namespace"): "optional only for metric queries",
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "period"): "optional only for metric queries",
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "threshold"): "optional only for metric queries",
    ("aws:route53/record:Record", "records"): "optional only for aliases",
    ("aws:route53/record:Record", "ttl"): "optional only for aliases",
}
"""Required here, optional in pulumi-aws, because the case in which it may be missing is not provided."""

OTHER_ARGUMENTS = {
    "aws:index/getCallerIdentity:getCallerIdentity": {"id"},
    "aws:index/getRegion:getRegion": {"endpoint", "id", "name"},
}
"""What a program might ask these functions, and the provider refuses."""

UNTAGGED = {"aws:lambda/eventSourceMapping:EventSourceMapping"}
"""Types that pulumi-aws tags and moto does not."""

SCALARS: Mapping[type[Kind], type] = {
    Boolean: bool,
    Code: pulumi.Archive,
    Document: str,
    Integer: int,
    Number: float,
    String: str,
}


def sdk(token: str) -> tuple[type, type]:
    """The resource class of a token and the class of its arguments."""
    _, module, name = token.split(":")
    service = module.split("/")[0]
    package = importlib.import_module(f"pulumi_aws.{'lambda_' if service == 'lambda' else service}")
    return getattr(package, name), getattr(package, f"{name}Args")


def required(arguments: type) -> set[str]:
    """The properties that an SDK class of arguments does not do without, under Pulumi's names."""
    names = _types.input_type_py_to_pulumi_names(arguments)
    parameters = inspect.signature(arguments.__init__).parameters
    return {
        pulumi_name
        for name, pulumi_name in names.items()
        if parameters[name].default is inspect.Parameter.empty
    }


def plain(annotation: Any) -> Any:
    """An SDK's type without the wrapping that says that it may be an output."""
    origin = typing.get_origin(annotation)
    if origin is typing.Union:
        return plain(typing.get_args(annotation)[0])
    return annotation


def mismatches(kind: Kind, annotation: Any, path: str) -> list[str]:
    """Where a declared kind is not the SDK's type, at any depth."""
    annotation = plain(annotation)
    inside = typing.get_args(annotation)
    match kind, typing.get_origin(annotation):
        case ListOf(item), origin if origin is Sequence:
            return mismatches(item, inside[0], f"{path}[]")
        case MapOf(item), origin if origin is Mapping:
            return mismatches(item, inside[1], f"{path}[]")
        case Object(fields), _:
            return [f"{path}.{each}" for each in differences(fields, annotation)]
    scalar = next(scalar for known, scalar in SCALARS.items() if isinstance(kind, known))
    return [] if annotation is scalar else [f"{path} is {annotation}, not {kind}"]


def differences(properties: Mapping[str, Property], arguments: type) -> list[str]:
    types = _types.input_type_types(arguments)
    found = [f"{key} is unknown to pulumi-aws" for key in properties if key not in types]
    for key, prop in properties.items():
        if key in types:
            found += mismatches(prop.kind, types[key], key)
            if prop.required and key not in required(arguments):
                found.append(f"{key} is not required")
    found += [
        f"{key} is required by pulumi-aws, and pulumi-aws names it itself when it is missing"
        for key in required(arguments)
        if key not in properties or not properties[key].required
    ]
    return found


@pytest.mark.parametrize("token", RESOURCES)
def test_inputs_are_those_of_pulumi_aws(token: str) -> None:
    _, arguments = sdk(token)
    excused = {f"{key} is not required" for owner, key in STRICTER if owner == token}
    assert set(differences(RESOURCES[token].inputs, arguments)) == excused


@pytest.mark.parametrize("token", RESOURCES)
def test_outputs_are_those_of_pulumi_aws(token: str) -> None:
    resource, arguments = sdk(token)
    outputs = set(_types.resource_types(resource))
    kind = RESOURCES[token]
    assert set(kind.outputs) <= outputs
    assert set(kind.volatile) <= set(kind.outputs)
    only_outputs = outputs - set(_types.input_type_types(arguments)) - {"tagsAll"}
    assert {"arn", "url"} & only_outputs <= set(kind.outputs)
    assert bool(kind.retag) == ("tagsAll" in outputs and token not in UNTAGGED)
    assert kind.regional == ("region" in outputs)


@pytest.mark.parametrize("token", RESOURCES)
def test_token_is_that_of_pulumi_aws(token: str) -> None:
    resource, _ = sdk(token)
    assert resource.pulumi_type == token


@pytest.mark.parametrize("token", FUNCTIONS)
def test_functions_are_those_of_pulumi_aws(token: str) -> None:
    _, module, name = token.split(":")
    service = module.split("/")[0]
    package = pulumi_aws if service == "index" else importlib.import_module(f"pulumi_aws.{service}")
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    function = getattr(package, snake)
    assert token in inspect.getsource(function)
    arguments = set(inspect.signature(function).parameters) - {"opts"}
    assert set(FUNCTIONS[token].inputs) == arguments - OTHER_ARGUMENTS.get(token, set())


def test_configuration_is_that_of_pulumi_aws() -> None:
    known = _types.input_type_types(pulumi_aws.ProviderArgs)
    engines = {"pluginDownloadURL", "version"}
    assert not configuration.IMMATERIAL - engines - known.keys()
    found = differences(configuration.PROPERTIES, pulumi_aws.ProviderArgs)
    assert found == ["assumeRoles[].roleArn is not required"]  # without it there is no role to assume
