"""A consumer of the plugin whose inputs are Outputs, most of them unknown until its table is made."""

from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi_ses_bounce import BounceService

table = aws.dynamodb.Table(
    "mailboxes",
    billing_mode="PAY_PER_REQUEST",
    hash_key="address",
    attributes=[{"name": "address", "type": "S"}],
)


def later(value: Any) -> pulumi.Output[Any]:
    """The value, once the table is made."""
    return table.arn.apply(lambda _: value)


BounceService(
    "mail",
    domain=later("example.com"),
    bounce_sender=pulumi.Output.secret("postmaster@example.com"),
    mailbox_table=table.name,
    rules=later(
        [{"name": "moved", "recipients": ["bob@example.com"], "action": "bounce", "bounceType": "Undefined"}]
    ),
    guards=later({"list": "ignore"}),
    message_dsn={"reportingMta": later("dns; mail.example.com")},
    static_bounces=[
        {"recipients": later(["fax@example.com"]), "smtpReplyCode": later(550), "message": "no fax"}
    ],
    log_retention_days=later(7),
    tags={"owner": later("postmaster")},
    activate=True,
)
