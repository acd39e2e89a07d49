"""SendBounce: what it sends, and what it refuses in which words."""

import email
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from offline.ses.bounces import ReceivedMessage
from offline.ses.models import SESBackend

OWNER = "222222222222"
MESSAGE_ID = "m8udbiboi34u53ubdet5bhftamqdgt0mmr8k4v01"
NOT_VERIFIED = (
    "Email address is not verified. The following identities failed the check in region US-EAST-1: {}"
)

Refused = Callable[..., tuple[str, str]]


@pytest.fixture
def backend(clock: time_machine.Traveller) -> SESBackend:
    """The receiving account's SES, which received a message a minute ago."""
    found: SESBackend = ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"]
    found.received_messages[MESSAGE_ID] = ReceivedMessage(
        message_id=MESSAGE_ID,
        mail_from="sender@example.net",
        recipients=("user+tag@EXAMPLE.com", "other@example.com"),
        received_at=datetime.now(UTC) - timedelta(minutes=1),
        header=b"Return-Path: <sender@example.net>\r\nSubject: Hello\r\n",
    )
    return found


@pytest.fixture
def send(backend: SESBackend, ses: Any) -> Callable[..., Any]:
    """SendBounce with a request that is complete but for what the test changes."""
    ses.verify_domain_identity(Domain="example.com")

    def call(**changes: Any) -> Any:
        request = {
            "OriginalMessageId": MESSAGE_ID,
            "BounceSender": "mailer-daemon@example.com",
            "BouncedRecipientInfoList": [{"Recipient": "other@example.com", "BounceType": "DoesNotExist"}],
        } | changes
        return ses.send_bounce(**{name: value for name, value in request.items() if value is not None})

    return call


def recipient(**changes: Any) -> list[dict[str, Any]]:
    info = {"Recipient": "other@example.com", "BounceType": "DoesNotExist"} | changes
    return [{name: value for name, value in info.items() if value is not None}]


def dsn_fields(**changes: Any) -> list[dict[str, Any]]:
    fields = {"Action": "failed", "Status": "5.7.1"} | changes
    return recipient(BounceType=None, RecipientDsnFields=fields)


def test_a_bounce_goes_to_the_return_path_of_the_original(
    send: Callable[..., Any], backend: SESBackend
) -> None:
    message_id = send()["MessageId"]
    (bounce,) = backend.sent_bounces
    message = email.message_from_bytes(bounce.raw)
    assert re.fullmatch(r"0100019b[0-9a-f]{8}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-000000", message_id)
    assert message["Message-ID"] == f"<{message_id}@email.amazonses.com>"
    assert message["To"] == "sender@example.net"
    assert message["From"] == "mailer-daemon@example.com"
    assert bounce.original_message_id == MESSAGE_ID
    assert b"Diagnostic-Code: smtp; 550 5.1.1 Mailbox does not exist\r\nStatus: 5.1.1\r\n" in bounce.raw
    assert b"Reporting-MTA: dns; inbound-smtp.us-east-1.amazonaws.com\r\n" in bounce.raw
    assert b"Arrival-Date: Thu, 01 Jan 26 11:59:00 UTC\r\n" in bounce.raw
    assert b"This message could not be delivered.\r\n" in bounce.raw
    assert b"Return-Path: <sender@example.net>\r\nSubject: Hello\r\n" in bounce.raw


@pytest.mark.parametrize(
    ("bounce_type", "reply", "status"),
    [
        ("DoesNotExist", "550 5.1.1 Mailbox does not exist", "5.1.1"),
        ("MessageTooLarge", "552 5.3.4 Message too large", "5.3.4"),
        ("ExceededQuota", "552 5.2.2 Mailbox full", "5.2.2"),
        ("ContentRejected", "500 5.6.1 Message content rejected", "5.6.1"),
        ("Undefined", "554 5.0.0 Unknown failure", "5.0.0"),
        ("TemporaryFailure", "450 4.0.0 Temporary failure", "4.0.0"),
    ],
)
def test_a_bounce_type_stands_for_a_reply_and_a_status(
    send: Callable[..., Any], backend: SESBackend, bounce_type: str, reply: str, status: str
) -> None:
    send(BouncedRecipientInfoList=recipient(BounceType=bounce_type))
    (bounce,) = backend.sent_bounces
    assert f"Diagnostic-Code: smtp; {reply}\r\nStatus: {status}\r\n".encode() in bounce.raw


def test_every_field_of_a_request_reaches_the_bounce(send: Callable[..., Any], backend: SESBackend) -> None:
    send(
        Explanation="Nobody here.",
        MessageDsn={
            "ReportingMta": "dns; mx.example.com",
            "ArrivalDate": datetime(2026, 1, 1, 10, 30, tzinfo=UTC),
            "ExtensionFields": [{"Name": "X-Ticket", "Value": "42"}],
        },
        BouncedRecipientInfoList=[
            {
                "Recipient": "user@elsewhere.example",
                "RecipientDsnFields": {
                    "FinalRecipient": "User+tag@example.com".replace("User", "user"),
                    "Action": "delayed",
                    "RemoteMta": "dns; mx.elsewhere.example",
                    "Status": "4.4.1",
                    "DiagnosticCode": "smtp; 421 4.4.1 Busy",
                    "LastAttemptDate": datetime(2026, 1, 1, 11, 0, tzinfo=UTC),
                    "ExtensionFields": [{"Name": "X-Try", "Value": "3"}],
                },
            },
            {"Recipient": "other@example.com", "BounceType": "ExceededQuota"},
        ],
    )
    (bounce,) = backend.sent_bounces
    assert b"\r\nNobody here.\r\n" in bounce.raw
    assert (
        b"Reporting-MTA: dns; mx.example.com\r\nArrival-Date: Thu, 01 Jan 26 10:30:00 UTC\r\nX-Ticket: 42\r\n"
    ) in bounce.raw
    assert (
        b"Action: delayed\r\n"
        b"Final-Recipient: rfc822; user+tag@example.com\r\n"
        b"Original-Recipient: rfc822; user@elsewhere.example\r\n"
        b"Diagnostic-Code: smtp; 421 4.4.1 Busy\r\n"
        b"Status: 4.4.1\r\n"
        b"Remote-MTA: dns; mx.elsewhere.example\r\n"
        b"Last-Attempt-Date: Thu, 01 Jan 26 11:00:00 UTC\r\n"
        b"X-Try: 3\r\n\r\n"
        b"Action: failed\r\n"
        b"Final-Recipient: rfc822; other@example.com\r\n"
    ) in bounce.raw
    assert bounce.bounced == ("user@elsewhere.example", "other@example.com")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"OriginalMessageId": None},
            "1 validation error detected: Value at 'originalMessageId' failed to satisfy constraint: "
            "Member must not be null",
        ),
        (
            {"BounceSender": None, "BouncedRecipientInfoList": None},
            "2 validation errors detected: Value at 'bounceSender' failed to satisfy constraint: Member must "
            "not be null; Value at 'bouncedRecipientInfoList' failed to satisfy constraint: Member must not "
            "be null",
        ),
        (
            {"BouncedRecipientInfoList": dsn_fields(Action="dropped")},
            "1 validation error detected: Value at 'bouncedRecipientInfoList.1.member.recipientDsnFields."
            "action' failed to satisfy constraint: Member must satisfy enum value set: [expanded, relayed, "
            "delivered, delayed, failed]",
        ),
        (
            {"MessageDsn": {"ExtensionFields": [{"Value": "x"}]}},
            "2 validation errors detected: Value at 'messageDsn.reportingMta' failed to satisfy constraint: "
            "Member must not be null; Value at 'messageDsn.extensionFields.1.member.name' failed to satisfy "
            "constraint: Member must not be null",
        ),
    ],
)
def test_a_request_against_the_service_model_is_a_validation_error(
    send: Callable[..., Any], refused: Refused, changes: dict[str, Any], message: str
) -> None:
    assert refused(send, **changes) == ("ValidationError", message)


MTA = {"ReportingMta": "dns; mx.example.com"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"BouncedRecipientInfoList": []}, "You must specify at least one BouncedRecipientInfo."),
        (
            {"BouncedRecipientInfoList": recipient(BounceType=None)},
            "Either BounceType or RecipientDsnFields must be specified for recipient: other@example.com",
        ),
        ({"BouncedRecipientInfoList": recipient(Recipient="other")}, "Invalid email address: other"),
        (
            {"BouncedRecipientInfoList": dsn_fields(FinalRecipient="rfc822; other@example.com")},
            "Invalid email address: rfc822; other@example.com",
        ),
        ({"BouncedRecipientInfoList": dsn_fields(Status="5.07.1")}, "Invalid status code: 5.07.1"),
        (
            {"BouncedRecipientInfoList": dsn_fields(RemoteMta="mx.example.com")},
            "Invalid MTA name, expected 'mta-name-type; mta-name': mx.example.com",
        ),
        (
            {"BouncedRecipientInfoList": dsn_fields(DiagnosticCode="smtp; 550\r\nX: y")},
            "Line breaks are not allowed: DiagnosticCode",
        ),
        ({"BounceSender": "a@example.com\nBcc: b"}, "Line breaks are not allowed: BounceSender"),
        ({"BounceSenderArn": "example.com"}, "Invalid identity ARN: example.com"),
        (
            {"MessageDsn": {"ReportingMta": "mx.example.com"}},
            "Invalid MTA name, expected 'mta-name-type; mta-name': mx.example.com",
        ),
        (
            {"MessageDsn": MTA | {"ExtensionFields": [{"Name": "X Reason", "Value": "x"}]}},
            "Invalid header name: X Reason",
        ),
        (
            {"MessageDsn": MTA | {"ExtensionFields": [{"Name": "X" * 51, "Value": "x"}]}},
            f"Invalid header name: {'X' * 51}",
        ),
        (
            {"MessageDsn": MTA | {"ExtensionFields": [{"Name": "X-Reason", "Value": "x" * 2049}]}},
            "Invalid header value for: X-Reason",
        ),
        (
            {"MessageDsn": MTA | {"ExtensionFields": [{"Name": "X-Reason", "Value": "x\r\nBcc: y"}]}},
            "Invalid header value for: X-Reason",
        ),
    ],
)
def test_a_value_that_the_reference_rules_out_is_refused(
    send: Callable[..., Any], refused: Refused, changes: dict[str, Any], message: str
) -> None:
    assert refused(send, **changes) == ("InvalidParameterValue", message)


def test_a_sender_of_no_verified_identity_is_rejected(send: Callable[..., Any], refused: Refused) -> None:
    assert refused(send, BounceSender="mailer-daemon@example.org") == (
        "MessageRejected",
        NOT_VERIFIED.format("mailer-daemon@example.org"),
    )


@pytest.mark.parametrize("identity", ["mailer-daemon@example.org", "example.org", "EXAMPLE.org"])
def test_an_address_is_covered_by_itself_or_its_domain(
    send: Callable[..., Any], v2: Any, identity: str
) -> None:
    v2.create_email_identity(EmailIdentity=identity)
    assert send(BounceSender="Mailer <mailer-daemon@Example.ORG>")["MessageId"]


def test_a_domain_covers_its_subdomains_and_no_more(
    send: Callable[..., Any], clock: time_machine.Traveller, refused: Refused
) -> None:
    assert send(BounceSender="a@deep.sub.example.com")["MessageId"]
    clock.shift(1)
    assert refused(send, BounceSender="a@notexample.com") == (
        "MessageRejected",
        NOT_VERIFIED.format("a@notexample.com"),
    )


def test_in_the_sandbox_the_original_sender_must_be_verified_too(
    send: Callable[..., Any], v2: Any, ses: Any, clock: time_machine.Traveller, refused: Refused
) -> None:
    v2.put_account_details(
        MailType="TRANSACTIONAL", WebsiteURL="https://example.com", ProductionAccessEnabled=False
    )
    assert v2.get_account()["ProductionAccessEnabled"] is False
    assert refused(send) == ("MessageRejected", NOT_VERIFIED.format("sender@example.net"))
    ses.verify_email_identity(EmailAddress="sender@example.net")
    clock.shift(1)
    assert send()["MessageId"]


def test_a_message_that_ses_did_not_receive_cannot_be_bounced(
    send: Callable[..., Any], refused: Refused
) -> None:
    assert refused(send, OriginalMessageId="unknown") == (
        "MessageRejected",
        "The original message was not found: unknown",
    )


def test_a_message_can_be_bounced_for_24_hours(
    send: Callable[..., Any], clock: time_machine.Traveller, refused: Refused
) -> None:
    clock.shift(timedelta(hours=23, minutes=59))
    assert send()["MessageId"]
    clock.shift(timedelta(seconds=1))
    assert refused(send) == (
        "MessageRejected",
        f"The original message was received more than 24 hours ago: {MESSAGE_ID}",
    )


def test_a_null_return_path_is_never_answered(
    send: Callable[..., Any], backend: SESBackend, refused: Refused
) -> None:
    backend.received_messages[MESSAGE_ID] = replace(backend.received_messages[MESSAGE_ID], mail_from="")
    assert refused(send) == (
        "MessageRejected",
        f"The original message has a null return path: {MESSAGE_ID}",
    )
    assert backend.sent_bounces == []


def test_only_recipients_of_the_message_can_be_bounced(send: Callable[..., Any], refused: Refused) -> None:
    recipients = recipient() + recipient(Recipient="user@example.com")
    assert refused(send, BouncedRecipientInfoList=recipients) == (
        "MessageRejected",
        "Not a recipient of the original message: user@example.com",
    )


def test_one_request_a_second_is_taken_and_no_more(
    send: Callable[..., Any], client: Callable[..., Any], clock: time_machine.Traveller, refused: Refused
) -> None:
    throttled = ("Throttling", "Maximum sending rate exceeded.")
    assert refused(send, OriginalMessageId="unknown")[0] == "MessageRejected"
    clock.shift(0.999)
    assert refused(send) == throttled
    clock.shift(0.001)
    assert send()["MessageId"]
    assert refused(send) == throttled
    other_account, other_region = client("ses", OWNER), client("ses", region="eu-west-1")
    for other in (other_account, other_region):
        request = {"OriginalMessageId": "x", "BounceSender": "a@b.c", "BouncedRecipientInfoList": recipient()}
        assert refused(other.send_bounce, **request)[0] == "MessageRejected"


ARN = f"arn:aws:ses:us-east-1:{OWNER}:identity/"


def test_another_accounts_identity_lends_its_sender(
    send: Callable[..., Any], client: Callable[..., Any]
) -> None:
    client("ses", OWNER).verify_domain_identity(Domain="example.org")
    answer = send(BounceSender="a@mail.example.org", BounceSenderArn=f"{ARN}example.org")
    assert answer["MessageId"]


@pytest.mark.parametrize(
    "arn",
    [
        pytest.param(f"{ARN}example.info", id="not verified by its owner"),
        pytest.param(f"{ARN}example.org", id="does not cover the address"),
        pytest.param(f"arn:aws:ses:eu-west-1:{OWNER}:identity/example.net", id="another Region"),
    ],
)
def test_an_identity_that_does_not_cover_the_sender_is_rejected(
    send: Callable[..., Any], client: Callable[..., Any], refused: Refused, arn: str
) -> None:
    client("ses", OWNER).verify_domain_identity(Domain="example.org")
    client("ses", OWNER, "eu-west-1").verify_domain_identity(Domain="example.net")
    sender = f"a@{'example.net' if 'eu-west-1' in arn else 'example.info'}"
    assert refused(send, BounceSender=sender, BounceSenderArn=arn) == (
        "MessageRejected",
        NOT_VERIFIED.format(sender),
    )


def test_a_recipient_arn_must_cover_the_recipient(
    send: Callable[..., Any], client: Callable[..., Any], clock: time_machine.Traveller, refused: Refused
) -> None:
    owner = client("ses", OWNER)
    owner.verify_domain_identity(Domain="example.org")
    infos = recipient(RecipientArn=f"{ARN}example.org")
    assert refused(send, BouncedRecipientInfoList=infos) == (
        "MessageRejected",
        NOT_VERIFIED.format("other@example.com"),
    )
    owner.verify_domain_identity(Domain="example.com")
    clock.shift(1)
    assert send(BouncedRecipientInfoList=recipient(RecipientArn=f"{ARN}example.com"))["MessageId"]


def test_the_same_requests_give_the_same_bounces(
    send: Callable[..., Any], backend: SESBackend, clock: time_machine.Traveller
) -> None:
    first = send()["MessageId"]
    clock.shift(1)
    assert send()["MessageId"] != first
    backend.sent_bounces.clear()
    backend.last_send_bounce = None
    clock.shift(-1)
    assert send()["MessageId"] == first
