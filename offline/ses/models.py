"""moto's SES backend, completed: receiving, bounces, identity policies."""

from typing import Any

from moto.ses.models import SESBackend as MotoSESBackend

from offline.ses.bounces import Bounces, ReceivedMessage, SentBounce
from offline.ses.identity_policies import IdentityPolicies
from offline.ses.receipt_filters import ReceiptFilters
from offline.ses.receipt_rules import ReceiptRules


class SESBackend(
    Bounces,
    IdentityPolicies,
    ReceiptRules,
    ReceiptFilters,
    MotoSESBackend,  # type: ignore[misc]  # moto has no types here
):
    """SES of one account in one Region.

    Attributes:
        production_access: Whether the account is out of the SES sandbox there.
        received_messages: The messages received, by SES's message ID.
        sent_bounces: The bounces sent, in order.
    """

    def __init__(self, region_name: str, account_id: str):
        super().__init__(region_name, account_id)
        self.production_access = True
        self.received_messages: dict[str, ReceivedMessage] = {}
        self.sent_bounces: list[SentBounce] = []
        self.last_send_bounce = None
        self.receipt_filters: dict[str, Any] = {}
