"""Pulumi.<environment>.yaml, namespace `ses-bounce`, read once at the edge.

The keys are described in configuration.schema.json, and for people in docs/configuration.md.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, cast

import pulumi
from pulumi.runtime import config as pulumi_config

from components import checks, schema
from components.bounce_service import BounceServiceArgs
from components.errors import refuse
from components.naming import python_name

NAMESPACE = "ses-bounce"


@dataclass(frozen=True)
class Configuration:
    """A configuration in which nothing was found that AWS would refuse; None is what was not given."""

    domain: str
    subdomains: bool = False
    zone_id: str | None = None
    mail_from_domain: str | None = None
    bounce_sender: str | None = None
    mode: str = "enforce"
    mailboxes: list[str] | None = None
    mailbox_table: str | None = None
    create_mailbox_table: bool = False
    rules: list[dict[str, Any]] | None = None
    otherwise: dict[str, Any] | None = None
    explanation: str | None = None
    guards: dict[str, str] | None = None
    message_dsn: dict[str, Any] | None = None
    deliver: dict[str, Any] | None = None
    static_bounces: list[dict[str, Any]] | None = None
    rule_set: str | None = None
    activate: bool = False
    replace_active: str | None = None
    tls_policy: str = "Optional"
    bounce_sender_arn: str | None = None
    recipient_arns: dict[str, str] | None = None
    grants: list[dict[str, Any]] | None = None
    alarm_topic_arn: str | None = None
    log_retention_days: int = 30
    architecture: str = "arm64"
    powertools_layer_arn: str | None = None
    tags: dict[str, str] | None = None

    def service_args(self) -> BounceServiceArgs:
        """The inputs of the BounceService that is configured so."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return cast("BounceServiceArgs", {name: value for name, value in values.items() if value is not None})


def read() -> Configuration:
    """The configuration of the stack that is being deployed.

    Raises:
        InvalidConfiguration: with every mistake found; nothing has been registered by then.
    """
    given = {**pulumi_config.get_config_env(), **pulumi_config.CONFIG.get()}
    prefix = f"{NAMESPACE}:"
    raw = {key.removeprefix(prefix): value for key, value in given.items() if key.startswith(prefix)}
    region = (
        pulumi.Config("aws").get("region")
        or os.environ.get("AWS_REGION")
        or os.environ.get("AWS_DEFAULT_REGION")
    )
    return parse({key: _value(key, value) for key, value in raw.items()}, region)


def parse(raw: Mapping[str, Any], region: str | None) -> Configuration:
    """The configuration made of these keys.

    Raises:
        InvalidConfiguration: with every mistake found.
    """
    refuse(checks.errors(raw, region))
    return Configuration(**{python_name(key): value for key, value in raw.items()})


def _value(key: str, text: str) -> Any:
    """A value as it was written in the file: Pulumi hands every one on as text, the others as JSON."""
    if schema.SCHEMA["properties"].get(key, {}).get("type") == "string":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
