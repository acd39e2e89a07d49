"""How what a function writes reaches CloudWatch Logs: by the permissions of its execution role, if at all.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
https://docs.aws.amazon.com/lambda/latest/operatorguide/log-structure.html

Lambda's own lines (START, END, REPORT) are not written.
"""

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from moto.moto_api._internal import mock_random

from offline.functions.deployment import Deployment
from offline.functions.roles import Roles

if TYPE_CHECKING:
    from mypy_boto3_logs.client import CloudWatchLogsClient
    from mypy_boto3_logs.type_defs import InputLogEventTypeDef

LARGEST_BATCH = 10_000
"""Events that one PutLogEvents takes; of the 256 KB kept of an invocation's log they are below its 1 MB."""


def stream_name(deployment: Deployment, now: datetime) -> str:
    """The name of a new execution environment's log stream."""
    return f"{now:%Y/%m/%d}/[{deployment.version}]{mock_random.uuid4().hex}"


class LogDelivery:
    """Writes each execution environment's log to a stream of its own, made when the first log comes.

    A log that cannot be delivered is lost, and nobody is told; the call that was denied is in the call log.
    """

    def __init__(self, roles: Roles) -> None:
        self._roles = roles
        self._streams: set[str] = set()

    def deliver(self, deployment: Deployment, stream: str, log: str, at: datetime) -> None:
        """Write what an invocation logged, an event a line."""
        timestamp = int(at.timestamp() * 1000)
        events: list[InputLogEventTypeDef] = [
            {"timestamp": timestamp, "message": line} for line in log.split("\n") if line
        ]
        with suppress(ClientError, BotoCoreError):
            client = self._roles.logs(deployment)
            if events and stream not in self._streams:
                _create_stream(client, deployment.log_group, stream)
                self._streams.add(stream)
            for start in range(0, len(events), LARGEST_BATCH):
                client.put_log_events(
                    logGroupName=deployment.log_group,
                    logStreamName=stream,
                    logEvents=events[start : start + LARGEST_BATCH],
                )


def _create_stream(client: "CloudWatchLogsClient", group: str, stream: str) -> None:
    """Create the stream, and the group if nobody has."""
    try:
        client.create_log_stream(logGroupName=group, logStreamName=stream)
    except client.exceptions.ResourceNotFoundException:
        client.create_log_group(logGroupName=group)
        client.create_log_stream(logGroupName=group, logStreamName=stream)
