"""Three accounts, deployed once: the receiver, and the owners of both identities that its bounces name."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count, repeat
from typing import Any

from offline import accounts, snapshot, stacks
from offline.authorization.wire import AwsError
from offline.cloud import Cloud
from offline.faults import Effect, Faults
from offline.faults.effects import Fail
from offline.receiving import InboundMail
from offline.stacks import PROGRAM, Stack

RECEIVER, SENDER_OWNER, RECIPIENT_OWNER = "111111111111", "222222222222", "333333333333"
REGION = "us-east-1"
BOUNCE_SENDER = "mailer-daemon@example.org"
BOUNCE_SENDER_ARN = f"arn:aws:ses:{REGION}:{SENDER_OWNER}:identity/example.org"
RECIPIENT_ARN = f"arn:aws:ses:{REGION}:{RECIPIENT_OWNER}:identity/example.com"
MAIL = InboundMail(
    b"From: paul@example.net\r\nTo: nobody@example.com\r\nSubject: hello\r\n\r\nhello\r\n",
    "paul@example.net",
    ("nobody@example.com",),
)

Document = dict[str, Any]


def stack(name: str, account: str, **configuration: Any) -> Stack:
    config = {"aws:region": REGION, "aws:allowedAccountIds": [account]}
    config |= {f"ses-bounce:{key}": value for key, value in configuration.items()}
    return Stack(name, config, account, REGION)


def grant(authorizes: str) -> list[dict[str, Any]]:
    return [{"accountId": RECEIVER, "authorizes": authorizes, "addresses": [BOUNCE_SENDER]}]


STACKS = (
    stack("sender-owner", SENDER_OWNER, domain="example.org", grants=grant("bounceSender")),
    stack("recipient-owner", RECIPIENT_OWNER, domain="example.com", grants=grant("recipient")),
    stack(
        "receiver",
        RECEIVER,
        domain="example.com",
        activate=True,
        mailboxTable="mailboxes",
        createMailboxTable=True,
        bounceSender=BOUNCE_SENDER,
        bounceSenderArn=BOUNCE_SENDER_ARN,
        recipientArns={"example.com": RECIPIENT_ARN},
    ),
)


class Availability(Faults):
    """Whether SES is down, SendBounce by SendBounce."""

    down: Iterator[bool] = repeat(False)

    def strike(self, service: str, action: str, *_: Any) -> Effect | None:
        if action == "SendBounce" and next(self.down):
            return Fail(AwsError("ServiceUnavailable", "Service is unavailable.", 503))
        return None


@dataclass(frozen=True)
class DeployedPolicy:
    """A policy as the program deployed it, and how its owner replaces or deletes it."""

    document: Document
    put: Callable[[str], object]
    delete: Callable[[], object]

    def replace(self, document: Document) -> None:
        """A policy without statements is none."""
        if document["Statement"]:
            self.put(json.dumps(document))
        else:
            self.delete()


class World:
    """The accounts and their policies. Whatever a scenario changes, `restore` puts back."""

    def __init__(self, cloud: Cloud, ses: Availability) -> None:
        self.cloud, self.ses = cloud, ses
        deployed = {one.name: stacks.deploy(one, PROGRAM, cloud.endpoint) for one in STACKS}
        self.outputs = deployed["receiver"].outputs
        self.functions = {
            "receipt_handler": self.outputs["handlerFunctionName"],
            "bounce_sender": self.outputs["senderFunctionName"],
        }
        self._numbers = count(1)
        self._sqs = self.client("sqs")
        self.lambda_ = self.client("lambda")
        (self._mapping,) = self.lambda_.list_event_source_mappings()["EventSourceMappings"]
        self.policies = {
            **{name: self._role_policy(function) for name, function in self.functions.items()},
            "BounceSenderArn": self._identity_policy(SENDER_OWNER, "example.org"),
            "RecipientArn": self._identity_policy(RECIPIENT_OWNER, "example.com"),
        }

    def client(self, service: str, account: str = RECEIVER) -> Any:
        session = accounts.session(self.cloud.endpoint, account, REGION)
        return session.client(service, endpoint_url=self.cloud.endpoint)  # type: ignore[call-overload]

    def _role_policy(self, function: str) -> DeployedPolicy:
        iam = self.client("iam")
        role = self.lambda_.get_function_configuration(FunctionName=function)["Role"].rpartition("/")[2]
        (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
        return DeployedPolicy(
            iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"],
            lambda text: iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=text),
            lambda: iam.delete_role_policy(RoleName=role, PolicyName=name),
        )

    def _identity_policy(self, owner: str, identity: str) -> DeployedPolicy:
        ses = self.client("ses", owner)
        (name,) = ses.list_identity_policies(Identity=identity)["PolicyNames"]
        found = ses.get_identity_policies(Identity=identity, PolicyNames=[name])["Policies"][name]
        return DeployedPolicy(
            json.loads(found),
            lambda text: ses.put_identity_policy(Identity=identity, PolicyName=name, Policy=text),
            lambda: ses.delete_identity_policy(Identity=identity, PolicyName=name),
        )

    def accept(self) -> str:
        """SES has received a message, which no rule has handled yet: its ID."""
        message = self.cloud.receiving.accept(MAIL)
        assert message
        return message.message_id

    def receive(self) -> str:
        """SES has received a message and applies the receipt rules to it: its ID."""
        message = self.cloud.receiving.accept(MAIL)
        assert message
        self.cloud.timeline.env.process(self.cloud.receiving.process(message))
        return message.message_id

    def unique(self) -> str:
        return f"number-{next(self._numbers)}"

    def ask(self, message_id: str) -> None:
        """Queue a request to bounce a message, as any system may."""
        recipient = {
            "Recipient": "nobody@example.com",
            "RecipientArn": RECIPIENT_ARN,
            "BounceType": "DoesNotExist",
        }
        request = {
            "OriginalMessageId": message_id,
            "BounceSender": BOUNCE_SENDER,
            "BounceSenderArn": BOUNCE_SENDER_ARN,
            "BouncedRecipientInfoList": [recipient],
        }
        self.enqueue(json.dumps(request))

    def enqueue(self, body: str) -> None:
        self._sqs.send_message(
            QueueUrl=self.outputs["queueUrl"],
            MessageBody=body,
            MessageGroupId="ses-bounce",
            MessageDeduplicationId=self.unique(),
        )

    def advance(self, **duration: int) -> None:
        self.cloud.timeline.advance(timedelta(**duration))

    def bounces(self, message_id: str) -> int:
        return sum(one.original_message_id == message_id for one in snapshot.sent_bounces())

    def waiting(self) -> int:
        """Messages of the queue, visible or in flight."""
        told = self._sqs.get_queue_attributes(QueueUrl=self.outputs["queueUrl"], AttributeNames=["All"])
        numbers = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        return sum(int(told["Attributes"][name]) for name in numbers)

    def dead_letter(self, text: str) -> str | None:
        """The code of the dead letter whose body has this text."""
        letters = snapshot.queue_messages(RECEIVER, REGION, self.outputs["deadLetterQueueName"])
        return next((letter["code"] for letter in letters if text in letter["body"]), None)

    def logged(self, function: str, text: str) -> bool:
        """Whether the function's log group has an event with this text."""
        logs = self.client("logs")
        (group,) = (
            each["logGroupName"]
            for each in logs.describe_log_groups()["logGroups"]
            if self.functions[function].rpartition("-")[0] in each["logGroupName"]
        )
        events = logs.filter_log_events(logGroupName=group)["events"]
        return any(text in event["message"] for event in events)

    def map_queue_again(self) -> None:
        """Delete the event source mapping, if there is one, and create it as it was."""
        for mapping in self.lambda_.list_event_source_mappings()["EventSourceMappings"]:
            self.lambda_.delete_event_source_mapping(UUID=mapping["UUID"])
        settings = ("EventSourceArn", "BatchSize", "FunctionResponseTypes")
        self.lambda_.create_event_source_mapping(
            FunctionName=self._mapping["FunctionArn"], **{key: self._mapping[key] for key in settings}
        )

    def restore(self) -> None:
        for policy in self.policies.values():
            policy.replace(policy.document)
        self.ses.down = repeat(False)
        self.map_queue_again()
        self.cloud.timeline.run_until_settled()

    def decided(self, decision: str, since: int = 0) -> set[str]:
        """The actions that were so decided, from a number of calls on."""
        calls = list(self.cloud.calls)[since:]
        return {f"{call.service}:{call.action}" for call in calls if call.decision == decision}
