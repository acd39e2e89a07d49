"""The components as a Pulumi package, for programs in any language."""

import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # whoever uses the package has the whole project

import pulumi.provider  # noqa: E402
from pulumi.errors import InputPropertyErrorDetails  # noqa: E402
from pulumi.provider.experimental.component import ComponentProvider  # noqa: E402
from pulumi.provider.server import ComponentInitError  # noqa: E402

import components  # noqa: E402
from components.errors import InvalidConfiguration  # noqa: E402


class Package(ComponentProvider):
    """The components' host; what a component refuses is told by the property's path, without a traceback."""

    def __init__(self) -> None:
        version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
        super().__init__(
            [getattr(components, name) for name in components.__all__], "ses-bounce", version=version
        )

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> pulumi.provider.ConstructResult:
        try:
            return super().construct(name, resource_type, with_account_ids(dict(inputs)), options)
        except ComponentInitError as failure:
            if not isinstance(failure.inner, InvalidConfiguration):
                raise
            refused = [
                InputPropertyErrorDetails(property_path=error.path, reason=str(error.rule))
                for error in failure.inner.errors
            ]
            raise pulumi.InputPropertiesError("invalid configuration", refused) from failure


def with_account_ids(value: Any) -> Any:
    """The inputs with every number of 12 digits, which can only be an account ID, as the text that it is.

    A YAML program's configuration takes digits for a number, whatever its type is said to be.
    """
    match value:
        case dict():
            return {key: with_account_ids(each) for key, each in value.items()}
        case list():
            return [with_account_ids(each) for each in value]
        case pulumi.Output():
            return value.apply(with_account_ids)
        case float() if 1e11 <= value < 1e12:
            return f"{value:.0f}"
        case _:
            return value


pulumi.provider.main(Package(), sys.argv[1:])
