"""The components as a Pulumi package, for programs in any language."""

import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
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

    def construct(self, *request: Any, **options: Any) -> pulumi.provider.ConstructResult:
        try:
            return super().construct(*request, **options)
        except ComponentInitError as failure:
            if not isinstance(failure.inner, InvalidConfiguration):
                raise
            refused = [
                InputPropertyErrorDetails(property_path=error.path, reason=str(error.rule))
                for error in failure.inner.errors
            ]
            raise pulumi.InputPropertiesError("invalid configuration", refused) from failure


pulumi.provider.main(Package(), sys.argv[1:])
