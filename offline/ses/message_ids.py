"""IDs in the form SES gives them, the same at every run."""

import hashlib
import uuid
from base64 import b32hexencode
from datetime import datetime

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "amazonses.com")


def sent(account_id: str, region: str, number: int, at: datetime) -> str:
    """The ID of a sent message, such as `0100015023a9bde3-50e76a13-a681-4aff-9ef3-63360127adc0-000000`.

    Args:
        account_id: The sending account.
        region: The sending Region.
        number: How many messages the account sent there before.
        at: When it is sent; the first group holds it in milliseconds.
    """
    unique = uuid.uuid5(_NAMESPACE, f"{account_id}/{region}/{number}")
    return f"0100{int(at.timestamp() * 1000):012x}-{unique}-000000"


def received(region: str, number: int) -> str:
    """The ID of a received message, such as `m8udbiboi34u53ubdet5bhftamqdgt0mmr8k4v01`."""
    digest = hashlib.sha256(f"{region}/{number}".encode()).digest()
    return b32hexencode(digest).decode().lower()[:38] + "01"
