"""The archive: small, the same every time, and enough to run from."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components import archive

CONFIGURATION = {"domain": "example.com", "mailboxes": ["a@example.com"]}


def zipped(configuration: dict[str, Any]) -> bytes:
    """The archive as a deployment package."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, asset in archive.build(configuration).assets.items():
            data = (
                Path(asset.path).read_bytes() if isinstance(asset, pulumi.FileAsset) else asset.text.encode()
            )
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def test_the_same_configuration_in_another_order_is_the_same_archive() -> None:
    assert zipped(CONFIGURATION) == zipped(dict(reversed(CONFIGURATION.items())))
    assert zipped(CONFIGURATION) != zipped({**CONFIGURATION, "subdomains": True})


def test_it_stays_small() -> None:
    assert len(zipped(CONFIGURATION)) <= 60 * 1024


def test_nothing_but_the_package_and_its_configuration_is_in_it() -> None:
    assets = archive.build(CONFIGURATION).assets

    assert set(assets) == {
        "configuration.json",
        *(f"lambda_src/{one.name}" for one in archive.SOURCE.glob("*.py")),
    }
    assert json.loads(assets["configuration.json"].text) == CONFIGURATION


@pytest.mark.parametrize("module", ["receipt_handler", "bounce_sender"])
def test_the_functions_are_importable_from_the_archive_alone(module: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(zipped(CONFIGURATION))) as package:
        package.extractall(tmp_path)
    program = f"from lambda_src.{module} import handler; import lambda_src; print(lambda_src.__path__[0])"

    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ran.stdout.strip() == str(tmp_path / "lambda_src")
