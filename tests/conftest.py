"""What tests of every folder share."""

import os

import pytest
from hypothesis import HealthCheck, settings

from offline.engine import installation

# The same examples in every run, whatever the machine's speed; HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile(
    "repeatable", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "explore", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests of the real engine are skipped where there is none; in CI it is required."""
    if item.get_closest_marker("engine"):
        try:
            installation.find()
        except installation.EngineMissingError as missing:
            if os.environ.get("CI"):
                raise
            pytest.skip(str(missing))
