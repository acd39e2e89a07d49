"""The SendBounce request for a message's bounced recipients: one request, all of them in it."""

from collections.abc import Iterable, Mapping

from lambda_src import timestamps
from lambda_src.address import Address
from lambda_src.event import ReceivedMessage
from lambda_src.request import BouncedRecipient, MessageDsn, SendBounceRequest
from lambda_src.rulings import Ruling
from lambda_src.settings import Settings
from lambda_src.template import MAX_TEXT, clean


def compose(
    message: ReceivedMessage, settings: Settings, bounced: Iterable[tuple[Address, Ruling]], region: str
) -> SendBounceRequest:
    """Write the request.

    Its one explanation is every recipient's, each said once: SES takes one per message. Remote-MTA and
    Last-Attempt-Date appear only if configured (RFC 3464 §2.3.5 and §2.3.7: they must not be guessed).

    Args:
        message: The message to bounce.
        settings: Whose words to use.
        bounced: The recipients and why, at least one.
        region: The AWS Region that received the message: its name is in the default Reporting-MTA.
    """
    about_message = {
        "sender": clean(message.source),
        "messageId": message.message_id,
        "receivedAt": timestamps.iso(message.received_at),
    }
    recipients: list[BouncedRecipient] = []
    explanations: dict[str, None] = {}
    for recipient, ruling in bounced:
        consequence = ruling.consequence
        explanation = consequence.explanation or settings.explanation
        dsn_fields = None
        if consequence.dsn is not None or explanation is not None:
            values = {
                **about_message,
                "recipient": clean(recipient.text),
                "domain": clean(recipient.domain),
                "rule": ruling.rule or ruling.reason,
            }
            dsn_fields = None if consequence.dsn is None else consequence.dsn.render(values)
            if explanation is not None:
                explanations[explanation.render(values)] = None
        arn = settings.recipient_arn(recipient)
        recipients.append(BouncedRecipient(recipient.text, consequence.bounce_type, dsn_fields, arn))
    return SendBounceRequest(
        original_message_id=message.message_id,
        bounce_sender=settings.bounce_sender,
        recipients=tuple(recipients),
        explanation=" ".join(explanations)[:MAX_TEXT] or None,
        message_dsn=_message_dsn(message, settings, about_message, region),
        bounce_sender_arn=settings.bounce_sender_arn,
    )


def _message_dsn(
    message: ReceivedMessage, settings: Settings, values: Mapping[str, str], region: str
) -> MessageDsn | None:
    dsn = settings.message_dsn
    if dsn is None:
        return None
    return MessageDsn(
        # SES's own default (API reference, MessageDsn), which has to be said once anything else is.
        reporting_mta=dsn.reporting_mta or f"dns; inbound-smtp.{region}.amazonaws.com",
        arrival_date=message.received_at,
        extension_fields=dsn.render(values),
    )
