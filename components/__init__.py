"""What is provisioned: one Pulumi ComponentResource a file."""

from components.bounce_handler import BounceHandler
from components.bounce_monitoring import BounceMonitoring
from components.bounce_service import BounceService
from components.receipt_rules import ReceiptRules
from components.sending_authorization import SendingAuthorization
from components.verified_identity import VerifiedIdentity

__all__ = [
    "BounceHandler",
    "BounceMonitoring",
    "BounceService",
    "ReceiptRules",
    "SendingAuthorization",
    "VerifiedIdentity",
]
