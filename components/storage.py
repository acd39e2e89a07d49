"""What the functions keep: requests in a queue, given-up ones in another, a ledger of bounces, mailboxes."""

from typing import Any

import pulumi
from pulumi_aws import dynamodb, sqs

from components.functions import SENDER_TIMEOUT

VISIBILITY_TIMEOUT = 6 * SENDER_TIMEOUT
"""Seconds; six times the function's timeout, as Lambda asks of its event sources."""
REQUEST_RETENTION = 4 * 24 * 3600
"""Seconds; longer than the 24 hours in which SES takes a bounce, so that a late one is reported, not lost."""
DEAD_LETTER_RETENTION = 14 * 24 * 3600
"""Seconds; the longest that SQS keeps a message."""
MAX_RECEIVES = 1000
"""A backstop: bounce_sender moves dead letters itself, with the reason."""


class Storage:
    """The queues and tables of one BounceHandler, encrypted, and gone when the stack is."""

    def __init__(self, name: str, tags: Any, opts: pulumi.ResourceOptions) -> None:
        self._name, self._tags, self._opts = name, tags, opts
        self.dead_letters = self._queue("dead-letters", message_retention_seconds=DEAD_LETTER_RETENTION)
        self.requests = self._queue(
            "requests",
            message_retention_seconds=REQUEST_RETENTION,
            visibility_timeout_seconds=VISIBILITY_TIMEOUT,
            redrive_policy=pulumi.Output.json_dumps(
                {"deadLetterTargetArn": self.dead_letters.arn, "maxReceiveCount": MAX_RECEIVES}
            ),
        )
        self.ledger = self._table("ledger", "id", ttl={"attribute_name": "expiration", "enabled": True})

    def add_mailboxes(self, table: pulumi.Input[str]) -> None:
        """The table of addresses that exist, under the name by which the functions know it."""
        self._table("mailboxes", "address", name=table)

    def _queue(self, what: str, **properties: Any) -> sqs.Queue:
        """FIFO, since one message group is what keeps the rate of one bounce a second."""
        return sqs.Queue(
            f"{self._name}-{what}",
            fifo_queue=True,
            sqs_managed_sse_enabled=True,
            tags=self._tags,
            opts=self._opts,
            **properties,
        )

    def _table(self, what: str, key: str, **properties: Any) -> dynamodb.Table:
        return dynamodb.Table(
            f"{self._name}-{what}",
            billing_mode="PAY_PER_REQUEST",
            hash_key=key,
            attributes=[{"name": key, "type": "S"}],
            server_side_encryption={"enabled": True},
            tags=self._tags,
            opts=self._opts,
            **properties,
        )
