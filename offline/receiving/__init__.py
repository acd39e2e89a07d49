"""Email receiving of Amazon SES: from SMTP's RCPT TO to the actions of receipt rules."""

from offline.receiving.acceptance import Reply
from offline.receiving.actions import Invoke, InvokeResult
from offline.receiving.message import InboundMail, Message
from offline.receiving.receiving import Receiving

__all__ = ["InboundMail", "Invoke", "InvokeResult", "Message", "Receiving", "Reply"]
