"""Inputs may be Outputs at any depth: what is known is checked at construction, the rest when it is known."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import pulumi

from components.errors import refuse
from lambda_src.errors import ConfigurationError

T = TypeVar("T")


def resolved(value: Any) -> bool:
    """Whether `value` holds no Output, at any depth."""
    if isinstance(value, Mapping):
        return all(map(resolved, value.values()))
    if isinstance(value, list | tuple):
        return all(map(resolved, value))
    return not (isinstance(value, pulumi.Output) or inspect.isawaitable(value))


def shape(key: str, value: Any) -> Any:
    """`value`, whose shape says how many resources there are: only the values within may be Outputs."""
    if isinstance(value, pulumi.Output):
        fix = "must be the list or object itself; what is in it may be Outputs"
        refuse([ConfigurationError(key, "an Output", fix)])
    return value


def derive(function: Callable[..., T], *inputs: Any) -> T | pulumi.Output[T]:
    """`function(*inputs)`: at once if all are known, so that its errors stop the construction; else later."""
    if resolved(inputs):
        return function(*inputs)
    return pulumi.Output.all(*inputs).apply(lambda values: function(*values))
