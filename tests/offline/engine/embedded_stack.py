"""A stack whose program a test writes, and writes again."""

from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml

from offline import accounts
from offline.engine.embedded import Deployment, Result, State
from offline.engine.urns import name_of
from offline.provider.catalogue import VERSION
from offline.provider.servicer import AwsProvider

ACCOUNT, OTHER_ACCOUNT = "111111111111", "222222222222"
REGION = "eu-west-1"
DEFAULT_PROVIDER = f"default_{VERSION.replace('.', '_')}"
PRELUDE = """\
import json
import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions
"""


class Observed(AwsProvider):
    """The provider, noting each step at AWS as ``create queue``."""

    def __init__(self, endpoint: str, steps: list[str]) -> None:
        super().__init__(endpoint)
        self._steps = steps

    def Create(self, request: Any, context: object = None) -> Any:
        self._note("create", request)
        return super().Create(request)

    def Update(self, request: Any, context: object = None) -> Any:
        self._note("update", request)
        return super().Update(request)

    def Delete(self, request: Any, context: object = None) -> Any:
        self._note("delete", request)
        return super().Delete(request)

    def _note(self, step: str, request: Any) -> None:
        if not getattr(request, "preview", False):
            self._steps.append(f"{step} {name_of(request.urn)}")


class Stack:
    """Deploys programs one after the other as versions of one stack; ``steps`` are those of the last."""

    def __init__(self, endpoint: str, folder: Path) -> None:
        self.endpoint = endpoint
        self.folder = folder
        self.config: dict[str, Any] = {"aws:region": REGION, "aws:allowedAccountIds": [ACCOUNT]}
        self.project: dict[str, Any] = {"name": "post", "runtime": "python"}
        self.state = State()
        self.steps: list[str] = []

    def program(self, text: str) -> Deployment:
        (self.folder / "Pulumi.yaml").write_text(yaml.safe_dump(self.project))
        (self.folder / "__main__.py").write_text(PRELUDE + dedent(text))
        self.steps.clear()
        return Deployment(
            self.folder, "dev", self.config, lambda: Observed(self.endpoint, self.steps), self.state
        )

    def up(self, text: str) -> Result:
        deployment = self.program(text)
        try:
            return deployment.up()
        finally:
            self.state = deployment.state

    def preview(self, text: str) -> Result:
        return self.program(text).preview()

    def destroy(self) -> Result:
        deployment = self.program("")
        try:
            return deployment.destroy()
        finally:
            self.state = deployment.state

    def client(self, service: str, account: str = ACCOUNT, region: str = REGION) -> Any:
        session = accounts.session(self.endpoint, account, region)
        return session.client(service, endpoint_url=self.endpoint)

    def queues(self, **where: str) -> set[str]:
        """The names of the queues that exist."""
        urls = self.client("sqs", **where).list_queues().get("QueueUrls", [])
        return {url.rpartition("/")[2] for url in urls}


def operations(result: Result) -> dict[str, str]:
    """The operation by name of the resource, for all that were not left alone."""
    return {name_of(change.urn): change.operation for change in result.changes if change.operation != "same"}
