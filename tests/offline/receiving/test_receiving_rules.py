"""Mail through the receipt rules: who sees what, what follows, and what is tried again."""

import json
from datetime import timedelta
from typing import Any

import pytest
from moto.ses.models import ses_backends
from receiving_world import ACCOUNT, FUNCTION, OTHER, RAW, START, Result, World, clients, disposition

from offline.receiving import InboundMail, Receiving
from offline.receiving.record import (
    Accepted,
    ActionFailed,
    Finished,
    RetryScheduled,
    RuleMatched,
)

STOP = {"StopAction": {"Scope": "RuleSet"}}
ADD = {"AddHeaderAction": {"HeaderName": "X-Added", "HeaderValue": "yes"}}


def test_rules_apply_in_order_and_see_the_recipients_they_match(
    world: World, handler: dict[str, Any]
) -> None:
    world.rule("second", handler, Recipients=["b@example.com", "c@example.com"])
    world.rule("first", handler, Recipients=["a@example.com", "b@example.com"])
    message = world.deliver("a@example.com", "b@example.com", "c@example.com")
    assert [(entry.rule, entry.recipients) for entry in world.logged(RuleMatched)] == [
        ("first", ("a@example.com", "b@example.com")),
        ("second", ("b@example.com", "c@example.com")),
    ]
    assert [event["receipt"]["recipients"] for event in world.function.events] == [
        ["a@example.com", "b@example.com"],
        ["b@example.com", "c@example.com"],
    ]
    assert message is not None
    assert {event["mail"]["messageId"] for event in world.function.events} == {message.message_id}


@pytest.mark.parametrize(
    ("answer", "followed", "outcome"),
    [
        (disposition("CONTINUE"), ["CONTINUE", "X-Added", "X-Added"], "rules applied"),
        (disposition("STOP_RULE"), ["STOP_RULE", "X-Added"], "rules applied"),
        (disposition("STOP_RULE_SET"), ["STOP_RULE_SET"], "rule set stopped"),
        (disposition("stop_rule_set"), ["CONTINUE", "X-Added", "X-Added"], "rules applied"),
        (disposition(["STOP_RULE"]), ["CONTINUE", "X-Added", "X-Added"], "rules applied"),
        (Result(b"null"), ["CONTINUE", "X-Added", "X-Added"], "rules applied"),
        (Result(b"[]"), ["CONTINUE", "X-Added", "X-Added"], "rules applied"),
        (Result(b"\xff"), ["CONTINUE", "X-Added", "X-Added"], "rules applied"),
    ],
)
def test_a_disposition_stops_the_rule_or_the_set_and_anything_else_continues(
    world: World, handler: dict[str, Any], answer: Result, followed: list[str], outcome: str
) -> None:
    world.rule("rule", handler, ADD)
    world.rule("next", ADD, after="rule")
    world.function.answers = [answer]
    world.deliver()
    assert [summary for _, _, summary in world.taken()] == followed
    assert [entry.outcome for entry in world.logged(Finished)] == [outcome]
    assert world.timeline.now() == START


def test_an_asynchronous_function_decides_nothing(world: World, handler: dict[str, Any]) -> None:
    action = {"LambdaAction": handler["LambdaAction"] | {"InvocationType": "Event"}}
    world.rule("rule", action, ADD)
    world.function.answers, world.function.duration = [disposition("STOP_RULE_SET")], 120
    world.deliver()
    assert world.taken() == [("rule", "Lambda", "invoked"), ("rule", "AddHeader", "X-Added")]
    assert world.function.kinds == ["Event"]
    assert world.logged(Finished)[0].at == START


def test_a_failed_function_has_the_whole_set_applied_again(world: World, handler: dict[str, Any]) -> None:
    world.rule("rule", ADD, handler)
    world.function.answers = [Result(b"{}", "Unhandled"), Result(b"{}", "Unhandled")]
    world.deliver()
    minute = timedelta(minutes=1)
    assert [(entry.at, entry.due) for entry in world.logged(RetryScheduled)] == [
        (START, START + minute),
        (START + minute, START + 3 * minute),
    ]
    assert [(entry.action, entry.error) for entry in world.logged(ActionFailed)] == [
        ("Lambda", "Unhandled")
    ] * 2
    assert [outcome for _, _, outcome in world.taken()] == ["X-Added", "X-Added", "X-Added", "CONTINUE"]
    names = [header["name"] for header in world.function.events[-1]["mail"]["headers"]]
    assert names.count("X-Added") == 1
    assert len({event["mail"]["messageId"] for event in world.function.events}) == 1


def test_ses_gives_up_after_36_hours(world: World, handler: dict[str, Any]) -> None:
    world.rule("rule", handler)
    world.function.answers = [Result(b"{}", "Unhandled")] * 100
    world.deliver()
    (finished,) = world.logged(Finished)
    assert finished.outcome == "gave up"
    assert timedelta(hours=35) <= finished.at - START <= timedelta(hours=36)
    due = [entry.due - entry.at for entry in world.logged(RetryScheduled)]
    assert due == sorted(due)
    assert len(world.function.events) == len(due) + 1


@pytest.mark.parametrize(("seconds", "failures"), [(29.9, 0), (30.1, 1)])
def test_a_function_has_30_seconds(
    world: World, handler: dict[str, Any], seconds: float, failures: int
) -> None:
    world.rule("rule", handler)
    world.function.duration = seconds
    done = world.timeline.env.process(
        world.receiving.receive(InboundMail(RAW, "a@example.net", ("user@example.com",)))
    )
    world.timeline.advance(timedelta(seconds=40))
    assert [entry.error for entry in world.logged(ActionFailed)] == [
        f"no answer from {FUNCTION} within 30 seconds"
    ] * failures
    assert done.triggered is not bool(failures)


def test_a_permission_that_is_gone_fails_until_it_is_back(world: World, handler: dict[str, Any]) -> None:
    world.rule("rule", handler)
    functions = clients()("lambda")
    policy = functions.get_policy(FunctionName="handler")["Policy"]
    statement = json.loads(policy)["Statement"][0]
    functions.remove_permission(FunctionName="handler", StatementId="ses")
    world.timeline.env.process(
        world.receiving.receive(InboundMail(RAW, "a@example.net", ("user@example.com",)))
    )
    world.timeline.advance(timedelta(seconds=30))
    assert [entry.error for entry in world.logged(ActionFailed)] == [f"not permitted to invoke {FUNCTION}"]
    functions.add_permission(
        FunctionName="handler",
        StatementId="ses",
        Action="lambda:InvokeFunction",
        Principal="ses.amazonaws.com",
        SourceArn=statement["Condition"]["ArnLike"]["AWS:SourceArn"],
    )
    world.timeline.run_until_settled()
    assert world.taken() == [("rule", "Lambda", "CONTINUE")]


def test_every_account_that_verified_the_domain_applies_its_own_rules(world: World) -> None:
    other = clients(OTHER)("ses")
    other.verify_domain_identity(Domain="example.com")
    other.create_receipt_rule_set(RuleSetName="theirs")
    bounce = {"SmtpReplyCode": "550", "StatusCode": "5.1.1", "Message": "No", "Sender": "a@example.com"}
    other.create_receipt_rule(
        RuleSetName="theirs",
        Rule={
            "Name": "bounce",
            "Enabled": True,
            "Recipients": ["user@example.com"],
            "Actions": [{"BounceAction": bounce}],
        },
    )
    other.set_active_receipt_rule_set(RuleSetName="theirs")
    world.rule("accept", ADD, Recipients=["user@example.com", "only@example.com"])
    world.deliver()
    assert [(entry.account_id, entry.rule) for entry in world.logged(RuleMatched)] == [
        (ACCOUNT, "accept"),
        (OTHER, "bounce"),
    ]
    assert len(ses_backends[OTHER]["us-east-1"].sent_bounces) == 1
    assert ses_backends[ACCOUNT]["us-east-1"].sent_bounces == []
    only = world.deliver("only@example.com")
    assert only is not None
    assert only.message_id not in ses_backends[OTHER]["us-east-1"].received_messages


def test_message_ids_are_the_same_at_every_run(world: World) -> None:
    world.rule("rule")
    first, second = world.deliver(), world.deliver()
    assert first is not None
    assert second is not None
    assert first.message_id != second.message_id
    again = Receiving(world.timeline, lambda *_: iter(()), "us-east-1")  # type: ignore[arg-type,return-value]
    message = again.accept(InboundMail(RAW, "a@example.net", ("user@example.com",)))
    assert message is not None
    assert message.message_id == first.message_id
    assert world.logged(Accepted)[0].recipients == ("user@example.com",)
