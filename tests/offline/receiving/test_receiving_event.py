"""The Lambda event and the notifications, with the fields that AWS documents."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from aws_lambda_powertools.utilities.parser.models import SesModel
from hypothesis import given
from hypothesis import strategies as st

from offline.receiving.event import action_object, lambda_event, mail_object, notification, receipt_object
from offline.receiving.message import InboundMail, Message

NOW = datetime(2026, 1, 1, 12, 0, 0, 123456, tzinfo=UTC)
RAW = (
    b'From: "Doe, John" <john@example.net>\r\n'
    b"To: Jane <jane@example.com>,\r\n\tbob@example.com\r\n"
    b"Cc: team@example.org\r\n"
    b"Reply-To: =?utf-8?q?J=C3=B6rg?= <j@example.net>\r\n"
    b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
    b"Date: Thu, 1 Jan 2026 12:59:58 +0100\r\n"
    b"Message-ID: <1@example.net>\r\n"
    b"X-Folded: one\r\n two\r\n"
    b"\r\n"
    b"Body\r\n"
)


def message(raw: bytes = RAW, scanned: bool = True, **mail: object) -> Message:
    envelope = {"mail_from": "bounce@example.net", "rcpt_to": ("jane@example.com",)} | mail
    return Message(
        InboundMail(raw, **envelope),  # type: ignore[arg-type]
        "m8udbiboi34u53ubdet5bhftamqdgt0mmr8k4v01",
        ("jane@example.com",),
        NOW,
        "us-east-1",
        scanned=scanned,
    )


def test_the_mail_object() -> None:
    mail = mail_object(message())
    headers = [(header["name"], header["value"]) for header in mail.pop("headers")]
    assert mail == {
        "timestamp": "2026-01-01T12:00:00.123Z",
        "source": "bounce@example.net",
        "messageId": "m8udbiboi34u53ubdet5bhftamqdgt0mmr8k4v01",
        "destination": ["jane@example.com", "bob@example.com", "team@example.org"],
        "headersTruncated": False,
        "commonHeaders": {
            "returnPath": "bounce@example.net",
            "from": ['"Doe, John" <john@example.net>'],
            "to": ["Jane <jane@example.com>", "bob@example.com"],
            "cc": ["team@example.org"],
            "replyTo": ["Jörg <j@example.net>"],
            "subject": "Grüße",
            "date": "Thu, 1 Jan 2026 12:59:58 +0100",
            "messageId": "<1@example.net>",
        },
    }
    assert headers[0] == ("Return-Path", "<bounce@example.net>")
    assert headers[1] == (
        "Received",
        "from mta.example.net (mta.example.net [192.0.2.22]) by inbound-smtp.us-east-1.amazonaws.com with "
        "SMTP id m8udbiboi34u53ubdet5bhftamqdgt0mmr8k4v01 for jane@example.com; "
        "Thu, 01 Jan 2026 12:00:00 +0000 (UTC)",
    )
    assert [name for name, _ in headers[2:7]] == [
        "X-SES-Spam-Verdict",
        "X-SES-Virus-Verdict",
        "Received-SPF",
        "Authentication-Results",
        "X-SES-RECEIPT",
    ]
    assert headers[7] == ("From", '"Doe, John" <john@example.net>')
    assert headers[-1] == ("X-Folded", "one two")
    assert dict(headers)["Subject"] == "=?utf-8?q?Gr=C3=BC=C3=9Fe?="


def test_the_receipt_object() -> None:
    action = action_object(
        "LambdaAction",
        {"FunctionArn": "arn:f", "InvocationType": "RequestResponse", "TopicArn": "arn:t"},
        "m",
    )
    receipt = receipt_object(message(), ("jane@example.com",), action, NOW + timedelta(seconds=2))
    passed = {"status": "PASS"}
    assert receipt == {
        "timestamp": "2026-01-01T12:00:02.123Z",
        "processingTimeMillis": 2000,
        "recipients": ["jane@example.com"],
        "spamVerdict": passed,
        "virusVerdict": passed,
        "spfVerdict": passed,
        "dkimVerdict": passed,
        "dmarcVerdict": passed,
        "action": {
            "type": "Lambda",
            "functionArn": "arn:f",
            "invocationType": "RequestResponse",
            "topicArn": "arn:t",
        },
    }


@pytest.mark.parametrize(
    ("verdicts", "policy", "told"),
    [({"dmarc": "FAIL"}, "reject", "reject"), ({"dmarc": "FAIL"}, None, None), ({}, "reject", None)],
)
def test_the_dmarc_policy_is_told_only_when_dmarc_fails(
    verdicts: dict[str, str], policy: str | None, told: str | None
) -> None:
    receipt = receipt_object(message(verdicts=verdicts, dmarc_policy=policy), (), {}, NOW)
    assert receipt.get("dmarcPolicy") == told


def test_a_rule_that_does_not_scan_sees_disabled_verdicts() -> None:
    verdicts = {"spam": "FAIL", "virus": "FAIL", "spf": "FAIL"}
    receipt = receipt_object(message(verdicts=verdicts, scanned=False), (), {}, NOW)
    assert [receipt[name]["status"] for name in ("spamVerdict", "virusVerdict", "spfVerdict")] == [
        "DISABLED",
        "DISABLED",
        "FAIL",
    ]


def test_powertools_reads_the_event() -> None:
    action = action_object("LambdaAction", {"FunctionArn": "arn:f", "InvocationType": "Event"}, "m")
    event = lambda_event(
        mail_object(message()), receipt_object(message(), ("jane@example.com",), action, NOW)
    )
    record = SesModel.model_validate(event).Records[0]
    assert record.eventSource == "aws:ses"
    assert record.ses.mail.commonHeaders.subject == "Grüße"


@pytest.mark.parametrize(
    ("kind", "settings", "expected"),
    [
        (
            "S3Action",
            {"BucketName": "b", "ObjectKeyPrefix": "p/"},
            {"type": "S3", "bucketName": "b", "objectKeyPrefix": "p/", "objectKey": "p/id"},
        ),
        (
            "SNSAction",
            {"TopicArn": "t", "Encoding": "Base64"},
            {"type": "SNS", "topicArn": "t", "encoding": "BASE64"},
        ),
        ("StopAction", {"Scope": "RuleSet"}, {"type": "Stop"}),
        ("WorkmailAction", {"OrganizationArn": "o"}, {"type": "WorkMail", "organizationArn": "o"}),
        (
            "BounceAction",
            {"SmtpReplyCode": "550", "StatusCode": "5.1.1", "Message": "No", "Sender": "a@b.c"},
            {
                "type": "Bounce",
                "smtpReplyCode": "550",
                "statusCode": "5.1.1",
                "message": "No",
                "sender": "a@b.c",
            },
        ),
    ],
)
def test_the_action_object(kind: str, settings: dict[str, str], expected: dict[str, str]) -> None:
    assert action_object(kind, settings, "id") == expected


def test_headers_over_50_kb_are_truncated() -> None:
    raw = b"".join(b"X-%d: %s\r\n" % (number, b"x" * 1000) for number in range(60)) + b"\r\n"
    mail = mail_object(message(raw))
    assert mail["headersTruncated"] is True
    assert 48 * 1024 < len(json.dumps(mail["headers"])) < 55 * 1024


def test_a_null_return_path_is_an_empty_source() -> None:
    mail = mail_object(message(mail_from=""))
    assert (mail["source"], mail["commonHeaders"]["returnPath"]) == ("", "")
    assert mail["headers"][0] == {"name": "Return-Path", "value": "<>"}


def test_several_recipients_are_not_disclosed_in_received() -> None:
    told = mail_object(Message(message().mail, "id", ("a@example.com", "b@example.com"), NOW, "us-east-1"))
    assert "for " not in told["headers"][1]["value"]


def test_only_an_sns_action_tells_the_content() -> None:
    assert notification({}, {}) == {"notificationType": "Received", "mail": {}, "receipt": {}}
    assert notification({}, {}, "text")["content"] == "text"


@given(raw=st.binary(max_size=300), mail_from=st.text(max_size=20))
def test_any_bytes_make_an_event(raw: bytes, mail_from: str) -> None:
    mail = mail_object(message(b"From: " + raw, mail_from=mail_from))
    assert json.loads(json.dumps(mail))["messageId"]
    assert [header["name"] for header in mail["headers"][:2]] == ["Return-Path", "Received"]
