"""The archive that both functions run from: the package `lambda_src` and its configuration, nothing else."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi

SOURCE = Path(__file__).resolve().parent.parent / "lambda_src"


def build(configuration: Mapping[str, Any]) -> pulumi.AssetArchive:
    """The same configuration and sources make the same archive, byte for byte: a deployment changes nothing
    else.

    Args:
        configuration: the decision part, in the form that `lambda_src.settings.read` takes.
    """
    sources: dict[str, pulumi.Asset | pulumi.Archive] = {
        f"lambda_src/{path.name}": pulumi.FileAsset(str(path)) for path in sorted(SOURCE.glob("*.py"))
    }
    return pulumi.AssetArchive(
        {**sources, "configuration.json": pulumi.StringAsset(json.dumps(configuration, sort_keys=True))}
    )
