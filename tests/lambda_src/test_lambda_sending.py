"""The failure matrix, row by row: what becomes of one request, and what is said of it."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from botocore import exceptions
from lambda_builders import request_document
from sender_world import START, Crash, World, refusal

from lambda_src import timestamps

URL = "https://email.eu-west-1.amazonaws.com/"


@pytest.fixture
def world() -> Iterator[World]:
    """A world whose time is the process's own time, for Powertools."""
    with time_machine.travel(START, tick=False) as travel:
        world = World()
        world.clock.travelled = travel.move_to
        yield world


def once(*failures: BaseException) -> Callable[[str], None]:
    """Fail each call with the next of these, then succeed."""
    left = list(failures)

    def behave(_: str) -> None:
        if left:
            raise left.pop(0)

    return behave


def counted(lines: list[dict[str, Any]], name: str) -> float:
    return sum(value for line in lines if name in line for value in line[name])


Lines = Callable[[], list[dict[str, Any]]]


def test_a_request_is_sent_and_recorded(world: World, printed: Lines) -> None:
    world.queue.put(request_document(), receivedAt=timestamps.iso(START - timedelta(seconds=30)))
    world.settle()
    lines = printed()
    assert world.ses.sent == ["message-1"]
    assert counted(lines, "Sent") == 1
    assert counted(lines, "OldestAge") == 30
    (log,) = [line for line in lines if line.get("message") == "sent"]
    assert (log["messageId"], log["bounceMessageId"]) == ("message-1", "bounce-message-1")


@pytest.mark.parametrize(
    ("failure", "uncertain"),
    [
        (refusal("Throttling"), 0),
        (refusal("ServiceUnavailable", 503), 0),
        (refusal("InternalFailure", 500), 1),
        (refusal("ExpiredToken", 403), 0),
        (exceptions.ConnectTimeoutError(endpoint_url=URL), 0),
        (exceptions.EndpointConnectionError(endpoint_url=URL), 0),
        (exceptions.ReadTimeoutError(endpoint_url=URL), 1),
        (exceptions.ConnectionClosedError(endpoint_url=URL), 1),
    ],
)
def test_what_passes_is_tried_again(world: World, printed: Lines, failure: Exception, uncertain: int) -> None:
    world.ses.behave = once(failure, failure)
    world.queue.put(request_document())
    world.settle()
    lines = printed()
    assert world.ses.sent == ["message-1"]
    assert world.queue.dead == []
    assert counted(lines, "Retried") == 2
    assert counted(lines, "UncertainOutcome") == 2 * uncertain
    assert counted(lines, "Throttled") == (2 if "Throttling" in str(failure) else 0)


@pytest.mark.parametrize(
    "code", ["MessageRejected", "AccessDenied", "ValidationError", "InvalidParameterValue", "NeverHeardOf"]
)
def test_what_does_not_pass_is_a_dead_letter_with_its_reason(world: World, printed: Lines, code: str) -> None:
    world.ses.behave = once(refusal(code))
    world.queue.put(request_document(), receivedAt="2025-12-31T23:59:00Z", rule="gone", mode="enforce")
    world.settle()
    (dead,) = world.queue.dead
    assert json.loads(dead.pop("body")) == request_document()
    assert dead == {
        "id": "sqs-1",
        "at": 0.0,
        "receivedAt": "2025-12-31T23:59:00Z",
        "rule": "gone",
        "mode": "enforce",
        "code": code,
        "text": f"{code}!",
        "requestId": f"request-{code}",
        "failedAt": "2026-01-01T00:00:00Z",
    }
    lines = printed()
    (line,) = [line for line in lines if "DeadLettered" in line]
    assert line["code"] == code
    assert counted(lines, "Sent") == 0


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no json",
        "[]",
        "null",
        '{"OriginalMessageId": 7}',
        "[" * 200_000,
        json.dumps(request_document(Explanation="a\r\nBcc: all@example.com")),
        json.dumps(request_document(BouncedRecipientInfoList=[])),
    ],
)
def test_a_malformed_message_is_a_dead_letter_at_once(world: World, printed: Lines, body: str) -> None:
    world.queue.put(body)
    world.queue.put(request_document())
    world.invoke()
    (dead,) = world.queue.dead
    assert (dead["code"], dead["body"]) == ("Malformed", body)
    assert dead["text"].isprintable()
    assert world.ses.sent == ["message-1"]
    assert counted(printed(), "DeadLettered") == 1


@pytest.mark.parametrize("attributes", [{"receivedAt": "yesterday"}, {"mode": "maybe"}])
def test_a_malformed_envelope_is_a_dead_letter_too(world: World, attributes: dict[str, str]) -> None:
    world.queue.put(request_document(), **attributes)
    world.settle()
    assert world.queue.dead[0]["code"] == "Malformed"
    assert attributes.items() <= world.queue.dead[0].items()


def test_nothing_is_sent_after_24_hours(world: World) -> None:
    world.queue.put(
        request_document("late"), receivedAt=timestamps.iso(START - timedelta(hours=24, seconds=1))
    )
    world.queue.put(
        request_document("just"), receivedAt=timestamps.iso(START - timedelta(hours=23, minutes=59))
    )
    world.settle()
    assert world.ses.sent == ["just"]
    assert world.queue.dead[0]["code"] == "Expired"


def test_without_an_envelope_the_age_counts_from_the_queue(world: World) -> None:
    world.queue.put(request_document())
    world.clock.sleep(24 * 3600 + 1)
    world.settle()
    assert world.queue.dead[0]["code"] == "Expired"


def test_observed_request_is_checked_and_counted_but_not_sent(world: World, printed: Lines) -> None:
    world.queue.put(request_document(), mode="observe")
    world.queue.put(request_document(BounceSender="x"), mode="observe")
    world.settle()
    assert world.ses.calls == []
    assert counted(printed(), "WouldSend") == 1
    assert world.queue.dead[0]["code"] == "Malformed"
    assert world.clock.now() == 0


def test_the_same_message_is_bounced_once(world: World, printed: Lines) -> None:
    for _ in range(3):
        world.queue.put(request_document())
    world.settle()
    world.clock.sleep(36 * 3600)  # SES may bring the message back for so long
    world.queue.put(request_document())
    world.settle()
    assert world.ses.sent == ["message-1"]
    assert counted(printed(), "DuplicatesPrevented") == 3


def test_each_part_of_a_message_is_bounced_once(world: World) -> None:
    for part in ("0123456789abcdef", "fedcba9876543210", "0123456789abcdef"):
        world.queue.put(request_document(), part=part)
    world.settle()
    assert world.ses.sent == ["message-1", "message-1"]


def crash_after_ses_took_it(world: World) -> None:
    left = [1]
    original = world.table.update_item

    def update_item(**call: Any) -> None:
        if left:
            left.pop()
            raise Crash
        original(**call)

    world.table.update_item = update_item  # type: ignore[method-assign]


def test_crash_between_answer_and_record_is_the_window_and_is_counted(world: World, printed: Lines) -> None:
    crash_after_ses_took_it(world)
    world.queue.put(request_document())
    world.settle()
    assert world.crashes == 1
    assert world.ses.sent == ["message-1", "message-1"]
    assert counted(printed(), "UncertainOutcome") == 1


def test_crash_before_the_call_bounces_once(world: World, printed: Lines) -> None:
    world.ses.behave = once(Crash())
    world.queue.put(request_document())
    world.settle()
    assert world.ses.sent == ["message-1"]
    assert counted(printed(), "UncertainOutcome") == 1


def test_crash_after_the_record_bounces_once(world: World, printed: Lines) -> None:
    world.queue.put(request_document("first"))
    world.queue.put(request_document("second"))
    world.ses.behave = lambda message_id: (
        once(Crash())("") if world.crashes == 0 and message_id == "second" else None
    )
    world.settle()
    assert world.ses.sent == ["first", "second"]
    assert counted(printed(), "DuplicatesPrevented") == 1


def test_a_crashed_sender_holds_the_line_little_longer_than_it_could_have_lived(world: World) -> None:
    world.ses.behave = once(Crash())
    world.queue.put(request_document())
    world.settle()
    assert 120 <= world.ses.calls[1][0] <= 140


def test_a_request_that_kills_its_sender_twice_is_a_dead_letter_within_10_minutes(world: World) -> None:
    def behave(message_id: str) -> None:
        if message_id == "deadly":
            raise Crash

    world.ses.behave = behave
    world.queue.put(request_document("deadly"))
    world.queue.put(request_document("other"))
    world.settle()
    assert world.crashes == 2
    assert [dead["code"] for dead in world.queue.dead] == ["Interrupted"]
    assert world.clock.now() < 600
    assert world.ses.sent == ["other"]
    world.ses.behave = once()
    world.queue.put(request_document("deadly"))  # sent again by hand, it starts anew
    world.settle()
    assert world.ses.sent == ["other", "deadly"]


def failing(*operations: str) -> Callable[[str], None]:
    def fail(operation: str) -> None:
        if operation in operations:
            raise refusal("InternalServerError", 500)

    return fail


def test_nothing_is_sent_without_the_ledger(world: World, printed: Lines) -> None:
    world.table.fail = failing("PutItem")
    world.queue.put(request_document())
    world.settle(at_most=600)
    assert world.ses.calls == []
    assert counted(printed(), "Retried") > 5
    world.table.fail = failing()
    world.settle()
    assert world.ses.sent == ["message-1"]


def test_a_bounce_that_cannot_be_recorded_is_done_with_and_counted(world: World, printed: Lines) -> None:
    world.table.fail = failing("UpdateItem")
    world.queue.put(request_document())
    world.settle()
    assert world.ses.sent == ["message-1"]
    assert counted(printed(), "UncertainOutcome") == 1


def test_a_dead_letter_that_cannot_be_written_stays_in_the_queue(world: World) -> None:
    left = [1, 2]

    def fail() -> None:
        if left:
            left.pop()
            raise refusal("ServiceUnavailable", 503)

    world.queue.fail = fail
    world.queue.put("no json")
    world.settle()
    assert [dead["code"] for dead in world.queue.dead] == ["Malformed"]


def test_an_error_of_our_own_stops_nobody_else(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def behave(message_id: str) -> None:
        if message_id == "odd":
            raise ZeroDivisionError

    world.ses.behave = behave
    world.queue.put(request_document("odd"))
    world.queue.put(request_document("other"))
    world.settle()
    assert world.ses.sent == ["other"]
    assert [dead["code"] for dead in world.queue.dead] == ["Interrupted"]
    assert world.clock.now() < 600
