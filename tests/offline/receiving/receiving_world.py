"""An offline SES on virtual time that receives for example.com, and what tests ask of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.config import Config

from offline.receiving import InboundMail, Message, Receiving
from offline.receiving.record import ActionTaken
from offline.timeline import Timeline

ACCOUNT, OTHER = "123456789012", "222222222222"
START = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:handler"
RAW = b"From: sender@example.net\r\nTo: user@example.com\r\nSubject: Hello\r\n\r\nBody\r\n"


@dataclass(frozen=True)
class Result:
    payload: bytes = b"null"
    error: str | None = None


@dataclass
class Function:
    """A function that answers as it is told, and remembers its events."""

    answers: list[Result] = field(default_factory=list)
    duration: float = 0.0
    events: list[dict[str, Any]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)


@dataclass
class World:
    timeline: Timeline
    receiving: Receiving
    function: Function
    ses: Any

    def rule(self, name: str, *actions: dict[str, Any], after: str | None = None, **settings: Any) -> None:
        rule = {"Name": name, "Enabled": True, "ScanEnabled": True, "Actions": list(actions)} | settings
        position = {"After": after} if after else {}
        self.ses.create_receipt_rule(RuleSetName="set", Rule=rule, **position)

    def deliver(self, *recipients: str, raw: bytes = RAW, **mail: Any) -> Message | None:
        envelope = {"mail_from": "sender@example.net", "rcpt_to": recipients or ("user@example.com",)} | mail
        inbound = InboundMail(raw, **envelope)
        done = self.timeline.env.process(self.receiving.receive(inbound))
        self.timeline.run_until_settled()
        message: Message | None = done.value
        return message

    def taken(self) -> list[tuple[str, str, str]]:
        return [
            (entry.rule, entry.action, entry.outcome)
            for entry in self.receiving.log
            if isinstance(entry, ActionTaken)
        ]

    def logged(self, kind: type) -> list[Any]:
        return [entry for entry in self.receiving.log if isinstance(entry, kind)]


def clients(account: str | None = None) -> Callable[[str], Any]:
    credentials: dict[str, str] = {}
    if account:
        role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
        taken = boto3.client("sts", "us-east-1").assume_role(RoleArn=role, RoleSessionName="test")
        credentials = {
            "aws_access_key_id": taken["Credentials"]["AccessKeyId"],
            "aws_secret_access_key": taken["Credentials"]["SecretAccessKey"],
            "aws_session_token": taken["Credentials"]["SessionToken"],
        }
    once = Config(retries={"total_max_attempts": 1})
    return lambda service: boto3.client(service, "us-east-1", config=once, **credentials)


def disposition(value: object) -> Result:
    """What a function returns to say how to go on."""
    return Result(json.dumps({"disposition": value}).encode())
