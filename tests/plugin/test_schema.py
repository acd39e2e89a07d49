"""The schema by which other languages know the components: checked in, so that every change of it is seen."""

import json
from pathlib import Path

import pytest

from offline.engine.workspace import Workspace

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[2]


def test_the_schema_checked_in_is_the_one_that_the_plugin_tells(tmp_path: Path) -> None:
    consumer = Workspace(ROOT / "examples" / "service", tmp_path, environment={})
    told = consumer.ask("package", "get-schema", str(consumer.packages / "ses-bounce"))
    assert json.loads(told) == json.loads((ROOT / "plugin" / "schema.json").read_text()), (
        "if the change is meant: pulumi package get-schema ./plugin > plugin/schema.json"
    )
