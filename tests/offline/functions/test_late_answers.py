"""How a function's process obeys a fault's delay: late within its socket's timeout, or not at all."""

from types import SimpleNamespace
from typing import Any

import pytest

from offline.functions.bootstrap import obey


def answering(headers: dict[str, str], timeout: float | None) -> tuple[Any, list[float]]:
    slept: list[float] = []

    class Connection:
        sock = SimpleNamespace(gettimeout=lambda: timeout)

        def getresponse(self) -> SimpleNamespace:
            return SimpleNamespace(headers=headers)

    obey(Connection, slept.append)  # type: ignore[arg-type]
    return Connection(), slept


def test_an_answer_without_delay_is_there_at_once() -> None:
    connection, slept = answering({}, 10.0)
    assert connection.getresponse().headers == {}
    assert slept == []


def test_a_late_answer_lets_time_pass() -> None:
    connection, slept = answering({"x-offline-answer-after": "1.5"}, 10.0)
    connection.getresponse()
    assert slept == [1.5]


@pytest.mark.parametrize("delay", ["10", "inf"])
def test_an_answer_after_the_timeout_never_comes(delay: str) -> None:
    connection, slept = answering({"x-offline-answer-after": delay}, 10.0)
    with pytest.raises(TimeoutError):
        connection.getresponse()
    assert slept == [10.0]


def test_without_a_timeout_a_hanging_call_lasts_as_long_as_a_function_may() -> None:
    connection, slept = answering({"x-offline-answer-after": "inf"}, None)
    with pytest.raises(TimeoutError):
        connection.getresponse()
    assert slept == [900.0]
