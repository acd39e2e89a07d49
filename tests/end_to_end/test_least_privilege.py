"""Both roles and both identity policies grant nothing that can be spared.

Each statement, action and resource is taken away in turn, each condition turned to another value, and something
that worked fails, after AWS denied just that. `pytest -n 0 -s` prints the table.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, count, repeat
from typing import Any

import pytest
from botocore.exceptions import ClientError

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
    """The three accounts, deployed once. Whatever a scenario changes, `restore` puts back."""

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
        self._lambda = self.client("lambda")
        (self._mapping,) = self._lambda.list_event_source_mappings()["EventSourceMappings"]
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
        role = self._lambda.get_function_configuration(FunctionName=function)["Role"].rpartition("/")[2]
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
        """SES receives a message and applies the receipt rules to it: its ID."""
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
        """Whether a new execution environment of the function logs this text, of a message received then."""
        logs = self.client("logs")
        (group,) = (
            each["logGroupName"]
            for each in logs.describe_log_groups()["logGroups"]
            if self.functions[function].rpartition("-")[0] in each["logGroupName"]
        )
        events = logs.filter_log_events(logGroupName=group)["events"]
        return any(text in event["message"] for event in events)

    def map_queue_again(self) -> None:
        """Delete the event source mapping and create it as it was; ClientError if Lambda refuses."""
        for mapping in self._lambda.list_event_source_mappings()["EventSourceMappings"]:
            self._lambda.delete_event_source_mapping(UUID=mapping["UUID"])
        settings = ("EventSourceArn", "BatchSize", "FunctionResponseTypes")
        self._lambda.create_event_source_mapping(
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


def bounced(world: World) -> bool:
    """A message to an address that is no mailbox is bounced"""
    message_id = world.receive()
    world.advance(seconds=30)
    return world.bounces(message_id) == 1


def bounced_once(world: World) -> bool:
    """A message is bounced once, though asked for twice"""
    message_id = world.accept()
    for _ in range(2):
        world.ask(message_id)
        world.advance(seconds=30)
    return world.bounces(message_id) == 1


def deleted(world: World) -> bool:
    """A request that was fulfilled leaves the queue"""
    world.ask(world.accept())
    world.advance(seconds=30)
    return world.waiting() == 0


def retried_soon(world: World) -> bool:
    """A failed attempt is repeated within a minute, before the visibility timeout ends"""
    world.ses.down = chain([True], repeat(False))
    message_id = world.accept()
    world.ask(message_id)
    world.advance(minutes=1)
    return world.bounces(message_id) == 1


def refusal_told(world: World) -> bool:
    """What SES refuses becomes a dead letter with SES's code"""
    unknown = world.unique()
    world.ask(unknown)
    world.advance(minutes=2)
    return world.dead_letter(unknown) == "MessageRejected"


def malformed_buried(world: World) -> bool:
    """A malformed request becomes a dead letter"""
    body = world.unique()
    world.enqueue(body)
    world.advance(seconds=30)
    return world.dead_letter(body) == "Malformed"


def stuck_buried(world: World) -> bool:
    """A request that keeps failing after SES answered the next becomes a dead letter"""
    world.ses.down = chain([True, False], repeat(True))
    stuck, next_one = world.accept(), world.accept()
    world.ask(stuck)
    world.ask(next_one)
    world.advance(minutes=10)
    return world.dead_letter(stuck) == "ServiceUnavailable"


def handler_logs(world: World) -> bool:
    """A new execution environment of receipt_handler logs to its log group"""
    world.advance(hours=1)
    message_id = world.receive()
    world.advance(seconds=30)
    return world.logged("receipt_handler", message_id)


def sender_logs(world: World) -> bool:
    """A new execution environment of bounce_sender logs to its log group"""
    world.advance(hours=1)
    message_id = world.accept()
    world.ask(message_id)
    world.advance(seconds=30)
    return world.logged("bounce_sender", message_id)


def mapped(world: World) -> bool:
    """Lambda makes the event source mapping"""
    try:
        world.map_queue_again()
    except ClientError as error:
        assert error.response["Error"]["Code"] == "InvalidParameterValueException"
        return False
    return True


FAILS: dict[tuple[str, str], Callable[[World], bool]] = {
    ("receipt_handler", "Queue"): bounced,
    ("receipt_handler", "Mailboxes"): bounced,
    ("receipt_handler", "Log"): handler_logs,
    ("receipt_handler", "Log logs:CreateLogStream"): handler_logs,
    ("receipt_handler", "Log logs:PutLogEvents"): handler_logs,
    ("bounce_sender", "Bounce"): bounced,
    ("bounce_sender", f"Bounce {BOUNCE_SENDER_ARN}"): bounced,
    ("bounce_sender", f"Bounce {RECIPIENT_ARN}"): bounced,
    ("bounce_sender", "Bounce ses:FromAddress"): bounced,
    ("bounce_sender", "Queue"): bounced,
    ("bounce_sender", "Queue sqs:ReceiveMessage"): bounced,
    ("bounce_sender", "Queue sqs:DeleteMessage"): deleted,
    ("bounce_sender", "Queue sqs:GetQueueAttributes"): mapped,
    ("bounce_sender", "Queue sqs:ChangeMessageVisibility"): retried_soon,
    ("bounce_sender", "DeadLetters"): malformed_buried,
    ("bounce_sender", "Ledger"): bounced,
    ("bounce_sender", "Ledger dynamodb:PutItem"): bounced,
    ("bounce_sender", "Ledger dynamodb:UpdateItem"): bounced_once,
    ("bounce_sender", "Ledger dynamodb:DeleteItem"): refusal_told,
    ("bounce_sender", "Ledger dynamodb:GetItem"): stuck_buried,
    ("bounce_sender", "Log"): sender_logs,
    ("bounce_sender", "Log logs:CreateLogStream"): sender_logs,
    ("bounce_sender", "Log logs:PutLogEvents"): sender_logs,
    ("BounceSenderArn", "BounceSender1"): bounced,
    ("BounceSenderArn", "BounceSender1 ses:FromAddress"): bounced,
    ("RecipientArn", "BounceRecipient1"): bounced,
    ("RecipientArn", "BounceRecipient1 ses:FromAddress"): bounced,
}
"""What fails, by policy and by the part that is taken away: a statement, or something of it."""


@dataclass(frozen=True)
class Reduction:
    """A policy without one part: what is gone is the statement `sid`, or `part` of it."""

    sid: str
    part: str
    document: Document
    actions: frozenset[str]
    """The actions that are not allowed any more, in one case at least."""

    @property
    def name(self) -> str:
        return f"{self.sid} {self.part}".rstrip()


def reductions(document: Document) -> Iterator[Reduction]:
    """The document without each of its statements, actions and resources, with each condition turned."""
    for index, statement in enumerate(document["Statement"]):
        sid, actions = statement["Sid"], frozenset(values(statement["Action"]))
        less = deepcopy(document)
        del less["Statement"][index]
        yield Reduction(sid, "", less, actions)
        for element in ("Action", "Resource"):
            for value in values(statement[element])[: None if isinstance(statement[element], list) else 0]:
                less = deepcopy(document)
                less["Statement"][index][element].remove(value)
                yield Reduction(sid, value, less, frozenset({value}) if element == "Action" else actions)
        for operator, condition in statement.get("Condition", {}).items():
            for key in condition:
                other = deepcopy(document)
                other["Statement"][index]["Condition"][operator][key] = "somebody@example.edu"
                yield Reduction(sid, key, other, actions)


def values(element: str | list[str]) -> list[str]:
    return element if isinstance(element, list) else [element]


@pytest.fixture(scope="module")
def proved() -> Iterator[list[tuple[str, str, str]]]:
    rows: list[tuple[str, str, str]] = []
    yield rows
    for policy, part, failing in [("policy", "without, or with another", "fails"), *rows]:
        print(f"{policy:<16} {part.replace('arn:aws:ses:us-east-1', '…'):<44} {failing}")  # noqa: T201


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    ses = Availability()
    with Cloud(REGION, faults=ses) as cloud:
        yield World(cloud, ses)


@pytest.mark.parametrize(("policy", "part"), FAILS)
def test_needed(world: World, proved: list[tuple[str, str, str]], policy: str, part: str) -> None:
    deployed, scenario = world.policies[policy], FAILS[policy, part]
    (reduced,) = (one for one in reductions(deployed.document) if one.name == part)
    began = len(list(world.cloud.calls))
    deployed.replace(reduced.document)
    try:
        assert not scenario(world)
        assert scenario is mapped or world.decided("denied", began) & reduced.actions
    finally:
        world.restore()
    assert scenario.__doc__
    proved.append((policy, part, scenario.__doc__))


def test_every_part_is_among_those_proved_needed(world: World) -> None:
    parts = {
        (name, reduced.name)
        for name, policy in world.policies.items()
        for reduced in reductions(policy.document)
    }
    assert parts == FAILS.keys()


UNSEEN = {"sqs:GetQueueAttributes"}
"""Lambda demands it of the role before it makes the mapping; no call of it comes from the functions."""


def test_with_the_policies_as_deployed_all_that_works_and_uses_every_action(world: World) -> None:
    world.restore()
    began = len(list(world.cloud.calls))
    for scenario in dict.fromkeys(FAILS.values()):
        assert scenario(world), scenario.__doc__
        world.restore()
    granted = {
        action
        for policy in world.policies.values()
        for statement in policy.document["Statement"]
        for action in values(statement["Action"])
    }
    assert world.decided("denied", began) == set()
    assert granted - world.decided("allowed", began) == UNSEEN
