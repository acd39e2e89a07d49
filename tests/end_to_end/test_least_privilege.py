"""Both roles and both identity policies grant nothing that can be spared.

Each statement, action and resource is taken away in turn, each condition is turned to another value, and
something that worked fails, because AWS denied just that. `pytest -n 0 -s` prints the table.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import chain, repeat

import pytest
from three_accounts import BOUNCE_SENDER_ARN, RECIPIENT_ARN, REGION, Availability, Document, World

from offline.cloud import Cloud


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
    world.advance(hours=1)  # as long as the credentials of an environment last
    message_id = world.receive()
    world.advance(seconds=30)
    return world.logged("receipt_handler", message_id)


def sender_logs(world: World) -> bool:
    """A new execution environment of bounce_sender logs to its log group"""
    world.advance(hours=1)  # as long as the credentials of an environment last
    message_id = world.accept()
    world.ask(message_id)
    world.advance(seconds=30)
    return world.logged("bounce_sender", message_id)


def mapped(world: World) -> bool:
    """Lambda makes the event source mapping"""
    try:
        world.map_queue_again()
    except world.lambda_.exceptions.InvalidParameterValueException:
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
    """Those that are not allowed any more, altogether or for some calls."""

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
            if len(values(statement[element])) == 1:
                continue  # without it there would be no statement
            for value in statement[element]:
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
