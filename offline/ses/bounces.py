"""SendBounce, and the bounces that receipt rules send by themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.ses.exceptions import MessageRejectedError

from offline.ses import bounce_request, dsn, inferred, message_ids
from offline.ses.addresses import normalise
from offline.ses.bounce_request import BounceReply
from offline.ses.exceptions import NotVerifiedError, ThrottlingError
from offline.ses.identities import Identities

MAX_AGE = timedelta(hours=24)  # API, SendBounce: "up to 24 hours after you receive it"


@dataclass(frozen=True)
class ReceivedMessage:
    """What SES remembers of a message it received.

    Attributes:
        message_id: SES's ID of it.
        mail_from: The reverse-path; empty for the null sender.
        recipients: The envelope's recipients that SES accepted.
        received_at: When SES accepted it.
        header: Its header section with SES's own Return-Path and Received in front.
    """

    message_id: str
    mail_from: str
    recipients: tuple[str, ...]
    received_at: datetime
    header: bytes


@dataclass(frozen=True)
class SentBounce:
    """A bounce that SES sent.

    Attributes:
        message_id: SES's ID of the bounce.
        original_message_id: SES's ID of the message that bounced.
        account_id: The account that sent it.
        sender: Its `From` address.
        recipient: The reverse-path it went to.
        bounced: The recipients it reports.
        sent_at: When it was sent.
        request: The SendBounce request, None for the bounce action of a receipt rule.
        raw: The message.
    """

    message_id: str
    original_message_id: str
    account_id: str
    sender: str
    recipient: str
    bounced: tuple[str, ...]
    sent_at: datetime
    request: Mapping[str, Any] | None
    raw: bytes


class Bounces(Identities):
    """The part of the backend that sends bounces."""

    production_access: bool
    received_messages: dict[str, ReceivedMessage]
    sent_bounces: list[SentBounce]
    last_send_bounce: datetime | None
    sent_message_count: int
    rejected_messages_count: int

    def send_bounce(self, request: Mapping[str, Any]) -> SentBounce:
        """Bounce a received message as a SendBounce request asks.

        The request's values are checked first, then the rate, the sender, the message and its recipients;
        AWS does not document the order.

        Raises:
            InvalidParameterValue: For a value that SES does not take.
            ThrottlingError: Less than a second after the last request.
            MessageRejected: For an identity that is not verified, or a message that cannot be bounced.
        """
        bounce_request.check(request)
        self._take_turn()
        try:
            original = self._original(request)
        except MessageRejectedError:
            self.rejected_messages_count += 1
            raise
        draft = self._draft(original, request["BounceSender"], bounce_request.statuses(request))
        return self._send(original, replace(draft, **bounce_request.message_fields(request)), request)

    def send_rule_bounce(
        self, original: ReceivedMessage, recipients: Sequence[str], sender: str, reply: BounceReply
    ) -> SentBounce:
        """Send the bounce of a receipt rule's bounce action, which no rate limits."""
        statuses = tuple(
            dsn.RecipientStatus(address, address, "failed", reply.status, reply.diagnostic_code)
            for address in recipients
        )
        return self._send(original, self._draft(original, sender, statuses), None)

    def _take_turn(self) -> None:
        now = datetime.now(UTC)
        if self.last_send_bounce and now - self.last_send_bounce < inferred.SEND_BOUNCE_INTERVAL:
            raise ThrottlingError
        self.last_send_bounce = now

    def _original(self, request: Mapping[str, Any]) -> ReceivedMessage:
        """The message to bounce, once all that could speak against it has been asked."""
        self._check_verified(request["BounceSender"], request.get("BounceSenderArn"))
        message_id = request["OriginalMessageId"]
        original = self.received_messages.get(message_id)
        if original is None:
            raise MessageRejectedError(inferred.MESSAGE_NOT_FOUND.format(message_id=message_id))
        if datetime.now(UTC) - original.received_at > MAX_AGE:
            raise MessageRejectedError(inferred.MESSAGE_EXPIRED.format(message_id=message_id))
        if not original.mail_from:
            raise MessageRejectedError(inferred.NULL_RETURN_PATH.format(message_id=message_id))
        if not self.production_access:
            self._check_verified(original.mail_from)
        recipients = {normalise(address) for address in original.recipients}
        for info in request["BouncedRecipientInfoList"]:
            if recipients.isdisjoint(map(normalise, bounce_request.addresses(info))):
                raise MessageRejectedError(inferred.NOT_A_RECIPIENT.format(recipient=info["Recipient"]))
            if "RecipientArn" in info:
                self._check_verified(info["Recipient"], info["RecipientArn"])
        return original

    def _check_verified(self, address: str, identity_arn: str | None = None) -> None:
        if not self.may_use(address, identity_arn):
            raise NotVerifiedError(self.region_name, address)

    def _draft(
        self, original: ReceivedMessage, sender: str, statuses: tuple[dsn.RecipientStatus, ...]
    ) -> dsn.Notification:
        now = datetime.now(UTC)
        return dsn.Notification(
            message_id=message_ids.sent(self.account_id, self.region_name, len(self.sent_bounces), now),
            account_id=self.account_id,
            region=self.region_name,
            sender=sender,
            recipient=original.mail_from,
            sent_at=now,
            reporting_mta=f"dns; inbound-smtp.{self.region_name}.amazonaws.com",
            arrived_at=original.received_at,
            recipients=statuses,
            original_header=original.header,
        )

    def _send(
        self, original: ReceivedMessage, notification: dsn.Notification, request: Mapping[str, Any] | None
    ) -> SentBounce:
        bounce = SentBounce(
            message_id=notification.message_id,
            original_message_id=original.message_id,
            account_id=self.account_id,
            sender=notification.sender,
            recipient=notification.recipient,
            bounced=tuple(status.original for status in notification.recipients),
            sent_at=notification.sent_at,
            request=request,
            raw=dsn.render(notification),
        )
        self.sent_bounces.append(bounce)
        self.sent_message_count += 1
        return bounce
