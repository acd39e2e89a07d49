"""`ses-bounce offline run` with either engine."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.engine

DELIVERIES = Path(__file__).parents[2] / "examples" / "mail" / "deliveries.jsonl"


def run(engine: str, out: Path) -> tuple[Any, dict[str, bytes]]:
    """The report, without made-up names and without an order of its calls; and the bounces."""
    command = Path(sys.executable).with_name("ses-bounce")
    options = ["--engine", engine, "--deliveries", DELIVERIES, "--out", out]
    subprocess.run([command, "offline", "run", *options], check=True, capture_output=True)
    made_up = r"-[0-9a-f]{7}\b|\$LATEST\][0-9a-f]{32}|127\.0\.0\.1:\d+"
    report = json.loads(re.sub(made_up, "", (out / "report.json").read_text()))
    report["calls"].sort(key=json.dumps)
    return report, {bounce.name: bounce.read_bytes() for bounce in out.glob("bounces/*.eml")}


def test_both_engines_come_to_the_same_report_and_bounces(tmp_path: Path) -> None:
    embedded, pulumi = run("embedded", tmp_path / "embedded"), run("pulumi", tmp_path / "pulumi")
    assert embedded[1]
    assert pulumi == embedded
