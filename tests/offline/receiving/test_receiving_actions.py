"""The actions of receipt rules."""

import base64
import email
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from moto.ses.models import ses_backends
from receiving_world import ACCOUNT, RAW, START, World, clients

from offline.receiving import InboundMail
from offline.receiving.record import (
    ActionFailed,
)

STOP = {"StopAction": {"Scope": "RuleSet"}}
ADD = {"AddHeaderAction": {"HeaderName": "X-Added", "HeaderValue": "yes"}}


def test_a_stop_action_ends_the_set(world: World) -> None:
    world.rule("rule", STOP, ADD)
    world.rule("next", ADD, after="rule")
    world.deliver()
    assert world.taken() == [("rule", "Stop", "STOP_RULE_SET")]


def test_workmail_is_not_emulated_and_says_so(world: World) -> None:
    organization = f"arn:aws:workmail:us-east-1:{ACCOUNT}:organization/m-1"
    world.rule("rule", {"WorkmailAction": {"OrganizationArn": organization}}, ADD)
    world.deliver()
    assert world.taken() == [("rule", "WorkMail", "not emulated"), ("rule", "AddHeader", "X-Added")]


def test_the_bounce_action_sends_at_once_what_it_says(world: World) -> None:
    bounce = {"SmtpReplyCode": "550", "StatusCode": "5.1.1", "Message": "No such user"}
    world.rule("rule", {"BounceAction": bounce | {"Sender": "mailer-daemon@example.com"}})
    for _ in range(3):
        world.deliver("a@example.com", "b@example.com")
    sent = ses_backends[ACCOUNT]["us-east-1"].sent_bounces
    assert [bounce.sent_at for bounce in sent] == [START] * 3
    assert (sent[0].request, sent[0].bounced) == (None, ("a@example.com", "b@example.com"))
    message = email.message_from_bytes(sent[0].raw)
    assert (message["To"], message["From"]) == ("sender@example.net", "mailer-daemon@example.com")
    assert sent[0].raw.count(b"Diagnostic-Code: smtp; 550 5.1.1 No such user\r\nStatus: 5.1.1\r\n") == 2
    assert world.taken()[0] == ("rule", "Bounce", sent[0].message_id)


def test_the_bounce_action_never_answers_a_null_return_path(world: World) -> None:
    bounce = {"SmtpReplyCode": "450", "Message": "Later", "Sender": "mailer-daemon@example.com"}
    world.rule("rule", {"BounceAction": bounce})
    world.deliver(mail_from="")
    assert world.taken() == [("rule", "Bounce", "no bounce: null return path")]
    world.deliver()
    (sent,) = ses_backends[ACCOUNT]["us-east-1"].sent_bounces
    assert b"Diagnostic-Code: smtp; 450 4.0.0 Later\r\nStatus: 4.0.0\r\n" in sent.raw


def test_received_mail_can_be_bounced_by_its_message_id(world: World) -> None:
    world.rule("rule")
    message = world.deliver("user+tag@example.com")
    assert message is not None
    world.ses.send_bounce(
        OriginalMessageId=message.message_id,
        BounceSender="mailer-daemon@example.com",
        BouncedRecipientInfoList=[{"Recipient": "user+tag@example.com", "BounceType": "DoesNotExist"}],
    )
    (sent,) = ses_backends[ACCOUNT]["us-east-1"].sent_bounces
    header = email.message_from_bytes(sent.raw).get_payload(2).get_payload()  # type: ignore[union-attr]
    assert header.splitlines() == [
        "Return-Path: <sender@example.net>",
        "Received: from mta.example.net (mta.example.net [192.0.2.22])",
        f" by inbound-smtp.us-east-1.amazonaws.com with SMTP id {message.message_id}",
        " for user+tag@example.com;",
        " Thu, 01 Jan 2026 12:00:00 +0000 (UTC)",
        "From: sender@example.net",
        "To: user@example.com",
        "Subject: Hello",
        "",
    ]


def test_an_s3_action_stores_the_message_under_its_id(world: World) -> None:
    s3 = clients()("s3")
    s3.create_bucket(Bucket="mail")
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::mail/*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.put_bucket_policy(Bucket="mail", Policy=policy)
    world.rule("rule", ADD, {"S3Action": {"BucketName": "mail", "ObjectKeyPrefix": "in/"}})
    message = world.deliver()
    assert message is not None
    stored = s3.get_object(Bucket="mail", Key=f"in/{message.message_id}")["Body"].read()
    assert stored.startswith(b"Return-Path: <sender@example.net>\r\nReceived: from mta.example.net")
    assert b"X-SES-Spam-Verdict: PASS\r\n" in stored
    assert b"X-Added: yes\r\nFrom: sender@example.net\r\n" in stored
    assert stored.endswith(b"Subject: Hello\r\n\r\nBody\r\n")
    assert world.taken()[1] == ("rule", "S3", f"s3://mail/in/{message.message_id}")
    s3.delete_bucket_policy(Bucket="mail")
    world.timeline.env.process(
        world.receiving.receive(InboundMail(RAW, "a@example.net", ("user@example.com",)))
    )
    world.timeline.advance(timedelta(seconds=30))
    assert world.logged(ActionFailed)[0].error == "not permitted to write to bucket mail"


def test_an_sns_action_publishes_the_content(
    world: World, inbox: tuple[str, Callable[[], list[dict[str, Any]]]]
) -> None:
    topic, read = inbox
    world.rule(
        "rule", {"SNSAction": {"TopicArn": topic}}, {"SNSAction": {"TopicArn": topic, "Encoding": "Base64"}}
    )
    world.deliver()
    plain, encoded = read()
    assert plain["notificationType"] == "Received"
    assert plain["content"].endswith("Subject: Hello\r\n\r\nBody\r\n")
    assert base64.b64decode(encoded["content"]).decode() == plain["content"]
    assert plain["receipt"]["action"] == {"type": "SNS", "topicArn": topic, "encoding": "UTF8"}


def test_an_actions_topic_is_told_without_the_content(
    world: World, inbox: tuple[str, Callable[[], list[dict[str, Any]]]]
) -> None:
    topic, read = inbox
    world.rule("rule", {"StopAction": {"Scope": "RuleSet", "TopicArn": topic}})
    world.deliver()
    (told,) = read()
    assert "content" not in told
    assert told["receipt"]["action"] == {"type": "Stop", "topicArn": topic}


def test_mail_too_large_for_a_topic_bounces(
    world: World, inbox: tuple[str, Callable[[], list[dict[str, Any]]]]
) -> None:
    world.rule("rule", {"SNSAction": {"TopicArn": inbox[0]}})
    world.deliver(raw=RAW + b"x" * 150 * 1024)
    (sent,) = ses_backends[ACCOUNT]["us-east-1"].sent_bounces
    assert b"Diagnostic-Code: smtp; 552 5.3.4 Message too large\r\n" in sent.raw
