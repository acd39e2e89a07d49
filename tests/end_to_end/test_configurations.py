"""What the configuration can say beyond the demo, each seen through the whole path offline."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from moto.ses.models import ses_backends

from offline import accounts, stacks
from offline.cloud import Cloud
from offline.receiving import InboundMail, Message
from offline.stacks import PROGRAM, Stack

ACCOUNT, REGION = "111111111111", "us-east-1"
MAIL = b"From: paul@example.net\r\nTo: somebody@example.com\r\nSubject: hello\r\n\r\nhello\r\n"

Prepare = Callable[[Any], object]


class Account:
    """An account with the stack of one configuration."""

    def __init__(self, cloud: Cloud, configuration: dict[str, Any], prepare: Prepare) -> None:
        self.cloud = cloud
        self.session: Any = accounts.session(cloud.endpoint, ACCOUNT, REGION)
        prepare(self)
        config = {"aws:region": REGION, "aws:allowedAccountIds": [ACCOUNT]}
        keys = {"domain": "example.com", "activate": True, **configuration}
        config |= {f"ses-bounce:{key}": value for key, value in keys.items()}
        self.result = stacks.deploy(Stack("dev", config, ACCOUNT, REGION), PROGRAM, cloud.endpoint)

    def client(self, service: str) -> Any:
        return self.session.client(service, endpoint_url=self.cloud.endpoint)

    def receive(self, *recipients: str, sender: str = "paul@example.net") -> tuple[Message | None, list[Any]]:
        """Deliver a mail; the message, unless SES refused it, and the bounces that came of it."""
        sent = ses_backends[ACCOUNT][REGION].sent_bounces
        before = len(sent)
        process = self.cloud.timeline.env.process(
            self.cloud.receiving.receive(InboundMail(MAIL, sender, recipients))
        )
        self.cloud.timeline.run_until_settled()
        return process.value, sent[before:]

    def reply(self, recipient: str) -> int:
        return self.cloud.receiving.accepts(recipient, "192.0.2.1", tls=True).code


@pytest.fixture
def deployed() -> Iterator[Callable[..., Account]]:
    with Cloud(REGION) as cloud:
        yield lambda prepare=lambda _: None, **configuration: Account(cloud, configuration, prepare)


def test_a_static_list_of_mailboxes_makes_ses_refuse_all_others_during_smtp(
    deployed: Callable[..., Account],
) -> None:
    mailboxes = [f"user-{number}@example.com" for number in range(1100)]
    account = deployed(mailboxes=mailboxes)
    rules = account.client("ses").describe_active_receipt_rule_set()["Rules"]
    assert [len(rule["Recipients"]) for rule in rules] == [500, 500, 100]
    assert account.reply("user-0@example.com") == 250
    assert account.reply("user-1099+label@example.com") == 250
    assert account.reply("nobody@example.com") == 550
    message, bounces = account.receive("user-7@example.com", "nobody@example.com")
    assert message
    assert (message.recipients, bounces) == (("user-7@example.com",), [])


def test_one_message_in_two_rules_is_bounced_for_each_and_lost_for_none(
    deployed: Callable[..., Account],
) -> None:
    mailboxes = [f"user-{number:04}@example.com" for number in range(600)]
    moved = ["aaa-moved@example.com", "zzz-moved@example.com"]
    account = deployed(
        prepare=lambda account: account.client("s3").create_bucket(Bucket="example-mail"),
        mailboxes=mailboxes,
        deliver={"bucket": "example-mail"},
        rules=[{"recipients": moved, "action": "bounce", "bounceType": "DoesNotExist"}],
    )

    def stored(message: Message) -> bool:
        found = account.client("s3").list_objects_v2(Bucket="example-mail").get("Contents", [])
        return message.message_id in {one["Key"] for one in found}

    message, bounces = account.receive(*moved)
    assert message
    assert sorted(one.bounced for one in bounces) == [(address,) for address in moved]
    assert not stored(message)
    message, bounces = account.receive("aaa-moved@example.com", "user-0599@example.com")
    assert message
    assert [one.bounced for one in bounces] == [("aaa-moved@example.com",)]
    assert stored(message)


def test_a_mailbox_table_may_change_between_deployments(deployed: Callable[..., Account]) -> None:
    account = deployed(mailboxTable="mailboxes", createMailboxTable=True)
    _, bounces = account.receive("ann@example.com")
    assert [one.bounced for one in bounces] == [("ann@example.com",)]
    account.client("dynamodb").put_item(TableName="mailboxes", Item={"address": {"S": "ann@example.com"}})
    assert account.receive("Ann+label@example.com")[1] == []


def test_a_mailbox_table_that_cannot_be_read_bounces_nobody_and_is_asked_again(
    deployed: Callable[..., Account],
) -> None:
    account = deployed(mailboxTable="mailboxes", createMailboxTable=True)
    dynamodb = account.client("dynamodb")
    dynamodb.delete_table(TableName="mailboxes")
    timeline = account.cloud.timeline
    mail = InboundMail(MAIL, "paul@example.net", ("ann@example.com",))
    timeline.env.process(account.cloud.receiving.receive(mail))
    timeline.advance(timedelta(seconds=30))
    assert ses_backends[ACCOUNT][REGION].sent_bounces == []
    dynamodb.create_table(
        TableName="mailboxes",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "address", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "address", "AttributeType": "S"}],
    )
    dynamodb.put_item(TableName="mailboxes", Item={"address": {"S": "ann@example.com"}})
    timeline.run_until_settled()
    assert ses_backends[ACCOUNT][REGION].sent_bounces == []


def test_static_bounces_are_sent_by_ses_itself_without_a_rate(deployed: Callable[..., Account]) -> None:
    account = deployed(
        mailboxes=["alice@example.com"],
        staticBounces=[
            {
                "recipients": ["fax@example.com"],
                "smtpReplyCode": "550",
                "statusCode": "5.1.6",
                "message": "Gone.",
            }
        ],
        otherwise={"action": "bounce", "bounceType": "DoesNotExist"},
    )
    for _ in range(3):
        _, bounces = account.receive("fax@example.com")
        assert [one.request for one in bounces] == [None]
        assert b"5.1.6" in bounces[0].raw


def test_accepted_mail_is_delivered_to_a_bucket_and_bounced_mail_is_not(
    deployed: Callable[..., Account],
) -> None:
    account = deployed(
        prepare=lambda account: account.client("s3").create_bucket(Bucket="example-mail"),
        mailboxes=["alice@example.com", "team-*@example.com"],
        deliver={"bucket": "example-mail", "prefix": "inbound/"},
    )
    assert account.result.warnings == ()

    def stored() -> list[str]:
        found = account.client("s3").list_objects_v2(Bucket="example-mail").get("Contents", [])
        return [one["Key"] for one in found if "AMAZON_SES_SETUP" not in one["Key"]]

    message, _ = account.receive("alice@example.com")
    assert message
    assert stored() == [f"inbound/{message.message_id}"]
    _, bounces = account.receive("nobody@example.com")
    assert (len(bounces), len(stored())) == (1, 1)


def test_observe_sends_nothing_refuses_nothing_and_lets_every_message_continue(
    deployed: Callable[..., Account],
) -> None:
    account = deployed(mailboxes=["alice@example.com"], mode="observe")
    assert account.reply("nobody@example.com") == 250
    _, bounces = account.receive("nobody@example.com")
    assert bounces == []
    logs = "".join(one.log for one in account.cloud.functions.invocations)
    assert '"disposition":"CONTINUE"' in logs.replace(": ", ":")
    assert '"WouldSend"' in logs
    assert "SendBounce" not in {call.action for call in account.cloud.calls}


def test_every_field_of_the_request_is_reachable_from_the_configuration(
    deployed: Callable[..., Account],
) -> None:
    extension = [{"name": "X-Ticket", "value": "{messageId}"}]
    account = deployed(
        messageDsn={"reportingMta": "dns; mx.example.com", "extensionFields": extension},
        rules=[
            {
                "name": "moved",
                "recipients": ["moved@example.com"],
                "action": "bounce",
                "explanation": "{recipient} has moved.",
                "dsn": {
                    "action": "failed",
                    "status": "5.1.6",
                    "remoteMta": "dns; inner.example.com",
                    "diagnosticCode": "smtp; 550 5.1.6 {recipient} moved",
                    "lastAttemptDate": "2026-01-01T00:00:00Z",
                    "extensionFields": [{"name": "X-Rule", "value": "{rule}"}],
                },
            }
        ],
    )
    message, (bounce,) = account.receive("moved@example.com")
    assert message
    text = bounce.raw.decode()
    for line in (
        "moved@example.com has moved.",
        "Reporting-MTA: dns; mx.example.com",
        f"X-Ticket: {message.message_id}",
        "Remote-MTA: dns; inner.example.com",
        "Diagnostic-Code: smtp; 550 5.1.6 moved@example.com moved",
        "Status: 5.1.6",
        "X-Rule: moved",
    ):
        assert line in text
    assert "Last-Attempt-Date: " in text
    assert "Arrival-Date: " in text


def test_an_internationalised_domain_is_received_and_bounced_as_its_a_label(
    deployed: Callable[..., Account],
) -> None:
    account = deployed(domain="bücher.example", otherwise={"action": "bounce", "bounceType": "DoesNotExist"})
    _, (bounce,) = account.receive("nobody@xn--bcher-kva.example")
    assert bounce.sender == "mailer-daemon@xn--bcher-kva.example"
