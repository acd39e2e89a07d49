"""What tests of every folder share."""

import os

import pytest

from offline.engine import installation


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests of the real engine are skipped where there is none; in CI it is required."""
    if item.get_closest_marker("engine"):
        try:
            installation.find()
        except installation.EngineMissingError as missing:
            if "CI" in os.environ:
                raise
            pytest.skip(str(missing))
