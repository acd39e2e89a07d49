"""What CloudWatch Logs holds after a function ran, and with whose permissions it came there."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from lambda_cloud import Cloud

from offline.functions.result import InvokeResult

SAYS = "def handler(event, context):\n    print(event)\n    print('twice')\n"
TELLS = (
    "import os\ndef handler(event, context):\n    print(event)\n"
    "    return [os.environ['AWS_LAMBDA_LOG_GROUP_NAME'], os.environ['AWS_LAMBDA_LOG_STREAM_NAME']]\n"
)


def streams(cloud: Cloud, group: str) -> list[str]:
    found = cloud.client("logs").describe_log_streams(logGroupName=group)["logStreams"]
    return [each["logStreamName"] for each in found]


def messages(cloud: Cloud, group: str, stream: str) -> list[str]:
    answer = cloud.client("logs").get_log_events(logGroupName=group, logStreamName=stream)
    return [event["message"] for event in answer["events"]]


def test_an_execution_environment_logs_to_one_stream_an_event_a_line(cloud: Cloud) -> None:
    arn = cloud.deploy(SAYS)
    for event in ("first", "second"):
        cloud.call(arn, event)
    (stream,) = streams(cloud, "/aws/lambda/function-1")
    assert messages(cloud, "/aws/lambda/function-1", stream) == ["first", "twice", "second", "twice"]


def test_a_stream_is_named_after_day_version_and_environment(cloud: Cloud) -> None:
    group, stream = cloud.call(cloud.deploy(TELLS), "x")
    day, _, environment = stream.rpartition("]")
    assert day.startswith("2026/01/01/[")
    assert len(environment) == len(bytes.fromhex(environment)) * 2 == 32
    assert messages(cloud, group, stream) == ["x"]


def test_concurrent_environments_have_streams_of_their_own(cloud: Cloud) -> None:
    arn = cloud.deploy("import time\ndef handler(event, context):\n    print(event)\n    time.sleep(1)\n")
    for event in (b"1", b"2"):
        cloud.timeline.env.process(cloud.functions.invoke(arn, event))
    cloud.timeline.run_until_settled()
    found = streams(cloud, "/aws/lambda/function-1")
    assert sorted(messages(cloud, "/aws/lambda/function-1", stream)[0] for stream in found) == ["1", "2"]


def test_the_log_goes_to_the_log_group_of_the_functions_logging_configuration(cloud: Cloud) -> None:
    cloud.client("logs").create_log_group(logGroupName="chosen")
    arn = cloud.deploy(TELLS, LoggingConfig={"LogFormat": "Text", "LogGroup": "chosen"})
    group, stream = cloud.call(arn, "x")
    assert group == "chosen"
    assert messages(cloud, "chosen", stream) == ["x"]
    cloud.client("lambda").update_function_configuration(
        FunctionName=arn, LoggingConfig={"LogFormat": "Text", "LogGroup": "another"}
    )
    group, stream = cloud.call(arn, "y")
    assert (group, messages(cloud, "another", stream)) == ("another", ["y"])


def test_a_log_that_cannot_be_delivered_is_lost_and_the_invocation_succeeds(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Any) -> Any:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "PutLogEvents")

    monkeypatch.setattr(cloud.functions.roles, "logs", refuse)
    result: InvokeResult = cloud.invoke(cloud.deploy(SAYS), "x")
    assert (result.error, result.log) == (None, "x\ntwice\n")
    assert cloud.client("logs").describe_log_groups()["logGroups"] == []
