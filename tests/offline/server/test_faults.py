"""Each row of a schedule, as a boto3 client meets it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from offline.authorization.gateway import Gateway
from offline.faults import ANSWER_AFTER, Faults, parse_schedule
from offline.server import Moto, Server

READ_TIMEOUT = 10


@contextmanager
def served(*faults: dict[str, Any], hold: Callable[[float], None] | None = None) -> Iterator[Any]:
    """A client of a queue, behind these faults."""
    gateway = Gateway(Moto(), faults=Faults(parse_schedule({"faults": list(faults)}), hold=hold))
    with Server(gateway) as server:
        yield boto3.client(
            "sqs",
            endpoint_url=server.endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(read_timeout=READ_TIMEOUT, retries={"total_max_attempts": 1}),
        )


def sent(effect: dict[str, Any]) -> dict[str, Any]:
    return {"action": "SendMessage", "nth": 1, "effect": effect}


def messages(sqs: Any, queue: str) -> int:
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
    return int(attributes["Attributes"]["ApproximateNumberOfMessages"])


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds by which the client let its clock run: what a function's process does with the header."""
    seconds: list[float] = []
    getresponse = HTTPConnection.getresponse

    def obey(connection: HTTPConnection) -> HTTPResponse:
        response = getresponse(connection)
        delay, patience = float(response.headers.get(ANSWER_AFTER, 0)), connection.sock.gettimeout()
        seconds.append(min(delay, patience))
        if delay >= patience:
            raise TimeoutError("timed out")
        return response

    monkeypatch.setattr(HTTPConnection, "getresponse", obey)
    return seconds


@pytest.mark.parametrize(
    ("effect", "code", "message", "status"),
    [
        (
            {"error": {"code": "InternalError", "status": 500, "message": "Try again."}},
            "InternalError",
            "Try again.",
            500,
        ),
        ({"throttle": True}, "RequestThrottled", "Request is throttled.", 400),
    ],
)
def test_an_error_is_answered_and_nothing_executed(
    effect: dict[str, Any], code: str, message: str, status: int
) -> None:
    with served(sent(effect)) as sqs:
        queue = sqs.create_queue(QueueName="q")["QueueUrl"]
        with pytest.raises(ClientError) as caught:
            sqs.send_message(QueueUrl=queue, MessageBody="x")
        error = caught.value.response
        assert (error["Error"]["Code"], error["Error"]["Message"]) == (code, message)
        assert error["ResponseMetadata"]["HTTPStatusCode"] == status
        assert messages(sqs, queue) == 0
        sqs.send_message(QueueUrl=queue, MessageBody="x")
        assert messages(sqs, queue) == 1


@pytest.mark.parametrize(
    ("effect", "executed", "seconds"),
    [({"hang": True}, 0, READ_TIMEOUT), ({"late": 60}, 1, READ_TIMEOUT)],
    ids=["hanging", "later than the client waits"],
)
def test_no_answer_in_time_is_a_read_timeout(
    waited: list[float], effect: dict[str, Any], executed: int, seconds: float
) -> None:
    with served(sent(effect)) as sqs:
        queue = sqs.create_queue(QueueName="q")["QueueUrl"]
        waited.clear()
        with pytest.raises(ReadTimeoutError):
            sqs.send_message(QueueUrl=queue, MessageBody="x")
        assert waited == [seconds]
        assert messages(sqs, queue) == executed


def test_a_late_answer_that_the_client_waits_for(waited: list[float]) -> None:
    with served(sent({"late": 2.5})) as sqs:
        queue = sqs.create_queue(QueueName="q")["QueueUrl"]
        waited.clear()
        assert sqs.send_message(QueueUrl=queue, MessageBody="x")["MessageId"]
        assert waited == [2.5]


def test_in_real_time_the_server_waits() -> None:
    held: list[float] = []
    with served(sent({"late": 2.5}), {**sent({"hang": True}), "nth": 2}, hold=held.append) as sqs:
        queue = sqs.create_queue(QueueName="q")["QueueUrl"]
        assert sqs.send_message(QueueUrl=queue, MessageBody="x")["MessageId"]
        with pytest.raises(ConnectionClosedError):
            sqs.send_message(QueueUrl=queue, MessageBody="x")
        assert held == [2.5, 900.0]
        assert messages(sqs, queue) == 1


@pytest.mark.parametrize(("moment", "executed"), [("before", 0), ("after", 1)])
def test_a_lost_answer_is_a_closed_connection(moment: str, executed: int) -> None:
    with served(sent({"drop": moment})) as sqs:
        queue = sqs.create_queue(QueueName="q")["QueueUrl"]
        with pytest.raises(ConnectionClosedError):
            sqs.send_message(QueueUrl=queue, MessageBody="x")
        assert messages(sqs, queue) == executed


def test_a_call_executed_twice_is_answered_once() -> None:
    with served(sent({"twice": True})) as sqs:
        queue = sqs.create_queue(QueueName="q")["QueueUrl"]
        sqs.send_message(QueueUrl=queue, MessageBody="x")
        assert messages(sqs, queue) == 2


def test_throttling_of_ses_is_in_its_own_words() -> None:
    gateway = Gateway(Moto(), faults=Faults(parse_schedule({"faults": [{"effect": {"throttle": True}}]})))
    with Server(gateway) as server:
        ses = boto3.client(
            "ses",
            endpoint_url=server.endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}),
        )
        with pytest.raises(ClientError, match=r"\(Throttling\).*: Maximum sending rate exceeded"):
            ses.get_send_quota()
    assert [(call.decision, call.reason) for call in gateway.calls] == [
        ("fault", "Fail(error=None) by schedule")
    ]
