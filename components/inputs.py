"""Inputs may be Outputs at any depth: what is known is validated at construction, the rest when it is
known."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import pulumi

T = TypeVar("T")


def resolved(value: Any) -> bool:
    """Whether `value` holds no Output, at any depth."""
    if isinstance(value, Mapping):
        return all(map(resolved, value.values()))
    if isinstance(value, list | tuple):
        return all(map(resolved, value))
    return not (isinstance(value, pulumi.Output) or inspect.isawaitable(value))


def derive(function: Callable[..., T], *inputs: Any) -> T | pulumi.Output[T]:
    """`function(*inputs)`: at once when all of them are known, so that its errors stop the construction, else
    later."""
    if resolved(inputs):
        return function(*inputs)
    return pulumi.Output.all(*inputs).apply(lambda values: function(*values))
