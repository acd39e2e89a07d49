"""The Invoke API over HTTP, in virtual and in real time."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from lambda_cloud import START, Cloud

SLEEPER = (
    "import time\ndef handler(event, context):\n    print('zzz')\n    time.sleep(event)\n    return event\n"
)


def test_invoke_returns_the_response_and_the_end_of_the_log(cloud: Cloud) -> None:
    arn = cloud.deploy(SLEEPER)
    answer = cloud.client("lambda").invoke(FunctionName=arn, Payload=b"2", LogType="Tail")
    assert (answer["StatusCode"], answer["Payload"].read()) == (200, b"2")
    assert "FunctionError" not in answer
    assert base64.b64decode(answer["LogResult"]) == b"zzz\n"
    assert cloud.timeline.now() == START + timedelta(seconds=2)


def test_a_functions_error_is_told_beside_the_payload(cloud: Cloud) -> None:
    answer = cloud.client("lambda").invoke(FunctionName=cloud.deploy(SLEEPER), Payload=b"-1")
    assert answer["FunctionError"] == "Unhandled"
    assert json.loads(answer["Payload"].read())["errorType"] == "ValueError"


def test_a_throttled_invocation_is_refused(cloud: Cloud) -> None:
    arn = cloud.deploy(SLEEPER)
    client = cloud.client("lambda")
    client.meta.events.register("needs-retry.lambda.*", lambda **_: None)
    client.put_function_concurrency(FunctionName=arn, ReservedConcurrentExecutions=0)
    with pytest.raises(ClientError, match="Rate Exceeded") as refusal:
        client.invoke(FunctionName=arn, Payload=b"0")
    assert refusal.value.response["Error"]["Code"] == "TooManyRequestsException"
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_an_event_is_accepted_and_runs_by_itself(cloud: Cloud) -> None:
    arn = cloud.deploy(SLEEPER)
    answer = cloud.client("lambda").invoke(FunctionName=arn, Payload=b"1", InvocationType="Event")
    assert (answer["StatusCode"], answer["Payload"].read()) == (202, b"")
    cloud.timeline.run_until_settled()
    assert [i.payload for i in cloud.functions.invocations] == [b"1"]


def test_a_dry_run_runs_nothing(cloud: Cloud) -> None:
    answer = cloud.client("lambda").invoke(FunctionName=cloud.deploy(SLEEPER), InvocationType="DryRun")
    assert answer["StatusCode"] == 204
    cloud.timeline.run_until_settled()
    assert not cloud.functions.invocations


def test_a_function_can_invoke_another_and_time_passes_for_both(cloud: Cloud) -> None:
    inner = cloud.deploy(SLEEPER)
    outer = cloud.deploy(
        """
import boto3, time
def handler(event, context):
    before = time.time()
    answer = boto3.client("lambda").invoke(FunctionName=event, Payload=b"2")["Payload"].read().decode()
    return [answer, time.time() - before, context.get_remaining_time_in_millis()]
""",
        Timeout=30,
    )
    assert cloud.call(outer, inner) == ["2", 2.0, 28_000]


def test_a_function_times_out_while_another_answers_it(cloud: Cloud) -> None:
    inner = cloud.deploy(SLEEPER, Timeout=60)
    outer = cloud.deploy(
        "import boto3\ndef handler(event, context):\n"
        "    boto3.client('lambda').invoke(FunctionName=event, Payload=b'20')\n",
        Timeout=10,
    )
    result = cloud.invoke(outer, inner)
    assert result.error == "Sandbox.Timedout"
    assert result.ended - result.began == timedelta(seconds=10)
    cloud.timeline.run_until_settled()
    assert cloud.timeline.now() == START + timedelta(seconds=20)


def test_destinations_are_refused_rather_than_ignored(cloud: Cloud) -> None:
    arn = cloud.deploy(SLEEPER)
    destination = {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:111111111111:dead"}}
    with pytest.raises(ClientError, match="do not exist offline"):
        cloud.client("lambda").put_function_event_invoke_config(
            FunctionName=arn, DestinationConfig=destination
        )


class TestInRealTime:
    @pytest.fixture
    def cloud(self, make_cloud: Callable[..., Cloud]) -> Iterator[Cloud]:
        cloud = make_cloud(real_time=True)
        thread = threading.Thread(target=cloud.timeline.run_forever)
        thread.start()
        yield cloud
        cloud.timeline.stop()
        thread.join()

    def test_a_sleep_takes_its_time(self, cloud: Cloud) -> None:
        arn = cloud.deploy(SLEEPER)
        began = time.monotonic()
        assert cloud.client("lambda").invoke(FunctionName=arn, Payload=b"0.2")["Payload"].read() == b"0.2"
        assert time.monotonic() - began >= 0.2

    def test_the_timeout_is_enforced(self, cloud: Cloud) -> None:
        answer = cloud.client("lambda").invoke(FunctionName=cloud.deploy(SLEEPER, Timeout=1), Payload=b"60")
        assert json.loads(answer["Payload"].read())["errorType"] == "Sandbox.Timedout"

    def test_invocations_run_side_by_side(self, cloud: Cloud) -> None:
        arn = cloud.deploy(
            "import os, time\ndef handler(event, context):\n    time.sleep(1)\n    return os.getpid()\n"
        )
        answers: list[Any] = []

        def invoke() -> None:
            answers.append(cloud.client("lambda").invoke(FunctionName=arn)["Payload"].read())

        threads = [threading.Thread(target=invoke) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(answers)) == 2
