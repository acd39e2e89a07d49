"""The environment that Lambda gives the functions, with moto behind it."""

import json
import os
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import settings
from moto import mock_aws

#: Before any module of the functions is imported: Powertools reads them once.
os.environ.update(POWERTOOLS_SERVICE_NAME="tests", AWS_REGION="eu-west-1", AWS_DEFAULT_REGION="eu-west-1")


#: How long an example takes says more about the machine than about the code.
settings.register_profile("functions", deadline=None)
settings.load_profile("functions")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty account."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield


Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Lines:
    """Reads what has been printed since it was last read: metrics and logs, one JSON object a line."""
    from lambda_src.telemetry import logger

    # The logger keeps the stdout of its import; pytest has put others in its place since.
    stdout = SimpleNamespace(write=lambda text: print(text, end=""), flush=lambda: None)  # noqa: T201
    for handler in logger.handlers:
        monkeypatch.setattr(handler, "stream", stdout)
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]
