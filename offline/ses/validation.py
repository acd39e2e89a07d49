"""The constraints of AWS's own service model, refused in AWS's words before a service sees the request.

AWS joins all violations of a request in one ValidationError. The texts were observed on AWS; an enumeration
of two values is written there in the reverse order of the model, which is taken here for longer ones too.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.model import Shape
from moto.ses.exceptions import ValidationError


def check(parameters: Mapping[str, Any], shape: Shape) -> None:
    """Refuse parameters that the model of an operation's input rules out.

    Raises:
        ValidationError: Naming every violation by its path, such as `rule.actions.1.member.stopAction.scope`.
    """
    refuse(list(_structure(parameters, shape, "")))


def refuse(violations: list[str]) -> None:
    """Raise AWS's ValidationError for the violations, if there are any."""
    if violations:
        errors = "error" if len(violations) == 1 else "errors"
        raise ValidationError(f"{len(violations)} validation {errors} detected: {'; '.join(violations)}")


def violation(path: str, constraint: str) -> str:
    """One violation in AWS's words."""
    return f"Value at '{path}' failed to satisfy constraint: Member must {constraint}"


def _structure(value: Mapping[str, Any], shape: Any, path: str) -> Iterator[str]:
    for name, member in shape.members.items():
        where = f"{path}.{name[0].lower()}{name[1:]}".lstrip(".")
        if name in value:
            yield from _any(value[name], member, where)
        elif name in shape.required_members:
            yield violation(where, "not be null")


def _any(value: Any, shape: Any, path: str) -> Iterator[str]:
    if shape.type_name == "structure":
        yield from _structure(value, shape, path)
    elif shape.type_name == "list":
        for number, item in enumerate(value, start=1):
            yield from _any(item, shape.member, f"{path}.{number}.member")
    elif shape.type_name == "string":
        yield from _string(value, shape, path)


def _string(value: str, shape: Any, path: str) -> Iterator[str]:
    limits = shape.metadata
    if len(value) < limits.get("min", 0):
        yield violation(path, f"have length greater than or equal to {limits['min']}")
    if len(value) > limits.get("max", len(value)):
        yield violation(path, f"have length less than or equal to {limits['max']}")
    if shape.enum and value not in shape.enum:
        yield violation(path, f"satisfy enum value set: [{', '.join(reversed(shape.enum))}]")
    if "pattern" in limits and not re.fullmatch(limits["pattern"], value):
        yield violation(path, f"satisfy regular expression pattern: {limits['pattern']}")
