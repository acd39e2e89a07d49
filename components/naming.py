"""A property's name in Python and in Pulumi's schema: `bounce_sender_arn` and `bounceSenderArn`."""

import inspect
import re
from typing import Any

import pulumi


def python_name(key: str) -> str:
    """The name in Python of a configuration key or property."""
    return re.sub(r"[A-Z]", lambda capital: f"_{capital[0].lower()}", key)


def schema_name(name: str) -> str:
    """The configuration key, or property of the schema, of a name in Python."""
    return re.sub(r"_([a-z])", lambda initial: initial[1].upper(), name)


def default_name() -> str:
    """What a service of this stack is called where nobody chose a name."""
    return f"ses-bounce-{pulumi.get_stack()}"


def outputs(component: pulumi.ComponentResource) -> dict[str, Any]:
    """What a component gives out: those of its annotated attributes that are set, by their names in the
    schema."""
    values = {name: getattr(component, name) for name in inspect.get_annotations(type(component))}
    return {schema_name(name): value for name, value in values.items() if value is not None}
