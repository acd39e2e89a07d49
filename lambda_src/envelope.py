"""What stands beside a request in the queue: message attributes, all optional, all strings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lambda_src import timestamps
from lambda_src.errors import RequestError
from lambda_src.fields import Fields, one_of, syntax

#: The attributes.
NAMES = ("receivedAt", "rule", "mode", "part")
PART = syntax(r"[0-9a-f]{16}", "must be 16 hexadecimal digits")

ENFORCE, OBSERVE = "enforce", "observe"

#: One group, so that SQS gives messages to one sender at a time: that is what keeps the rate.
MESSAGE_GROUP = "ses-bounce"


@dataclass(frozen=True)
class Envelope:
    """Where a request comes from.

    Attributes:
        received_at: When SES received the message; None if whoever queued it did not say.
        rule: The rules that decided, for people to read.
        observe: Validate and count the request, but do not send it.
        part: Which of a message's requests it is, when several receipt rules ask about one message.
    """

    received_at: datetime | None = None
    rule: str | None = None
    observe: bool = False
    part: str | None = None

    def attributes(self) -> dict[str, str]:
        """The attributes' values by name."""
        found = {"mode": OBSERVE if self.observe else ENFORCE}
        if self.received_at is not None:
            found["receivedAt"] = timestamps.iso(self.received_at)
        if self.rule is not None:
            found["rule"] = self.rule
        if self.part is not None:
            found["part"] = self.part
        return found

    def key(self, message_id: str) -> str:
        """What is bounced once: the message, or its part."""
        return message_id if self.part is None else f"{message_id}.{self.part}"


def parse(attributes: Mapping[str, str | None]) -> Envelope:
    """Read the attributes' values; names that are not the envelope's are left alone.

    Raises:
        RequestError: `receivedAt` is no time, or `mode` no mode.
    """
    fields = Fields({name: attributes.get(name) for name in NAMES}, "", RequestError, NAMES)
    return Envelope(
        received_at=fields.timestamp("receivedAt"),
        rule=fields.optional("rule"),
        observe=fields.optional("mode", one_of(ENFORCE, OBSERVE)) == OBSERVE,
        part=fields.optional("part", PART),
    )
