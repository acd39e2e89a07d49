"""The execution roles' sessions, as the Lambda service obtains them from STS."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from offline.functions.deployment import Deployment

if TYPE_CHECKING:
    from mypy_boto3_logs.client import CloudWatchLogsClient
    from mypy_boto3_sqs.client import SQSClient

ONE_ATTEMPT = Config(retries={"total_max_attempts": 1})


@dataclass(frozen=True)
class Credentials:
    """Of one session of a role; they end at `expiration`."""

    access_key_id: str
    secret_access_key: str
    session_token: str
    expiration: datetime


class Roles:
    """Assumes execution roles at `endpoint`, each once until its session expires by the clock `now`."""

    def __init__(self, endpoint: str, now: Callable[[], datetime]) -> None:
        self.endpoint = endpoint
        self._now = now
        self._sessions: dict[tuple[str, str], Credentials] = {}
        self._clients: dict[tuple[str, Credentials], Any] = {}

    def credentials(self, deployment: Deployment) -> Credentials:
        """The session of a function, named like the function. ClientError or BotoCoreError if STS refuses."""
        key = (deployment.role, deployment.name)
        session = self._sessions.get(key)
        if session is None or session.expiration <= self._now():
            session = self._sessions[key] = self._assume(deployment)
        return session

    def sqs(self, deployment: Deployment) -> "SQSClient":
        """A client that acts for a function, and does not retry. Raises what `credentials` does."""
        client: SQSClient = self._client("sqs", deployment)
        return client

    def logs(self, deployment: Deployment) -> "CloudWatchLogsClient":
        """A client that acts for a function, and does not retry. Raises what `credentials` does."""
        client: CloudWatchLogsClient = self._client("logs", deployment)
        return client

    def _client(self, service: str, deployment: Deployment) -> Any:
        session = self.credentials(deployment)
        if (service, session) not in self._clients:
            self._clients[service, session] = boto3.client(
                service,  # type: ignore[call-overload] # any of them
                region_name=deployment.region,
                endpoint_url=self.endpoint,
                aws_access_key_id=session.access_key_id,
                aws_secret_access_key=session.secret_access_key,
                aws_session_token=session.session_token,
                config=ONE_ATTEMPT,
            )
        return self._clients[service, session]

    def _assume(self, deployment: Deployment) -> Credentials:
        sts = boto3.client(
            "sts",
            region_name=deployment.region,
            endpoint_url=self.endpoint,
            aws_access_key_id="lambda.amazonaws.com",
            aws_secret_access_key="lambda.amazonaws.com",  # noqa: S106 — no secret: moto checks none
            config=ONE_ATTEMPT,
        )
        answer = sts.assume_role(RoleArn=deployment.role, RoleSessionName=deployment.name)["Credentials"]
        return Credentials(
            answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"], answer["Expiration"]
        )
