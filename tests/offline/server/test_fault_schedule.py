"""Which calls a schedule hits, and what it says of a schedule that is wrong."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offline.faults import Faults, ScheduleError, parse_schedule, read_schedule

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
SENDER = "arn:aws:sts::111111111111:assumed-role/bounce-sender/1"
HIT = {"effect": {"twice": True}}


def hits(fault: dict[str, Any], count: int, **call: Any) -> list[int]:
    """Which of `count` equal calls are hit, from 1."""
    faults = Faults(parse_schedule({"faults": [fault]}))
    asked = {"service": "ses", "action": "SendBounce", "principal": SENDER, "now": NOW, **call}
    return [number for number in range(1, count + 1) if faults.strike(**asked)]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"nth": 2}, [2]),
        ({"nth": [1, 4]}, [1, 4]),
        ({"every": 3}, [3, 6]),
        ({"every": 2, "nth": [1, 2, 3, 4]}, [2, 4]),
        ({"probability": 0}, []),
        ({"probability": 1}, [1, 2, 3, 4, 5, 6]),
    ],
)
def test_which_of_the_selected_calls_are_hit(when: dict[str, Any], expected: list[int]) -> None:
    assert hits({**when, **HIT}, 6) == expected


@pytest.mark.parametrize(
    ("selector", "selected"),
    [
        ({"service": "ses", "action": "SendBounce"}, True),
        ({"service": "s?s"}, True),
        ({"service": "sqs"}, False),
        ({"action": "Send*"}, True),
        ({"action": "sendbounce"}, False),
        ({"principal": "*:assumed-role/bounce-sender/*"}, True),
        ({"principal": "*:assumed-role/receipt-handler/*"}, False),
        ({"from": "2026-01-01T12:00:00Z", "until": "2026-01-01T13:00:00Z"}, True),
        ({"from": "2026-01-01T12:00:01Z"}, False),
        ({"until": "2026-01-01T13:00:00+01:00"}, False),
    ],
)
def test_which_calls_are_selected(selector: dict[str, str], selected: bool) -> None:
    assert bool(hits({**selector, **HIT}, 1)) is selected


def test_only_selected_calls_are_counted() -> None:
    faults = Faults(parse_schedule({"faults": [{"action": "SendBounce", "nth": 2, **HIT}]}))
    actions = ["SendBounce", "SendEmail", "SendBounce"]
    assert [bool(faults.strike("ses", action, SENDER, NOW)) for action in actions] == [False, False, True]


def test_the_first_fault_that_hits_decides_and_the_others_still_count() -> None:
    first, second = {"nth": 1, "effect": {"hang": True}}, {"nth": 2, "effect": {"throttle": True}}
    faults = Faults(parse_schedule({"faults": [first, second]}))
    effects = [faults.strike("ses", "SendBounce", SENDER, NOW) for _ in range(3)]
    assert [type(effect).__name__ for effect in effects] == ["Hang", "Fail", "NoneType"]


@settings(deadline=None)
@given(st.integers(), st.floats(0, 1))
def test_a_probability_repeats_itself_by_its_seed(seed: int, probability: float) -> None:
    fault = {"probability": probability, "seed": seed, **HIT}
    assert hits(fault, 50) == hits(fault, 50)


def test_a_probability_is_about_kept() -> None:
    assert 400 < len(hits({"probability": 0.5, "seed": 1, **HIT}, 1000)) < 600
    assert hits({"probability": 0.5, "seed": 1, **HIT}, 50) != hits(
        {"probability": 0.5, "seed": 2, **HIT}, 50
    )


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ([], "$: [] is not of type 'object'; give an object with one key, \"faults\""),
        ({"fault": []}, "$: 'faults' is a required property; give an object with one key, \"faults\""),
        (
            {"faults": [{"effect": {"late": 0}}]},
            "$.faults[0].effect.late: 0 is less than or equal to the minimum of 0; "
            "give a number of seconds above 0",
        ),
        (
            {"faults": [HIT, {"every": 0, **HIT}]},
            "$.faults[1].every: 0 is less than the minimum of 1; give a whole number from 1",
        ),
        (
            {"faults": [{"effect": {"drop": "soon"}}]},
            "$.faults[0].effect.drop: 'soon' is not one of ['before', 'after']; give \"before\" or \"after\"",
        ),
        (
            {"faults": [{"from": "yesterday", **HIT}]},
            "$.faults[0].from: 'yesterday' is no time with a zone; give one like 2026-01-01T00:00:00Z",
        ),
        (
            {"faults": [{"until": "2026-01-01T00:00:00", **HIT}]},
            "$.faults[0].until: '2026-01-01T00:00:00' is no time with a zone; "
            "give one like 2026-01-01T00:00:00Z",
        ),
    ],
)
def test_a_wrong_schedule_is_named_with_place_value_and_remedy(document: Any, complaint: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        parse_schedule(document)
    assert str(caught.value) == complaint


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"effects": {}, **HIT}, "effects"),
        ({"effect": {}}, "effect"),
        ({"effect": {"hang": True, "twice": True}}, "effect"),
        ({"effect": {"hang": False}}, "hang"),
        ({"effect": {"error": {"code": "X", "message": ""}}}, "status"),
        ({"nth": [0], **HIT}, "nth[0]"),
    ],
)
def test_unknown_and_contradictory_keys_are_refused(fault: dict[str, Any], named: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        parse_schedule({"faults": [fault]})
    assert named in str(caught.value)


def test_a_file_is_named_in_its_error(tmp_path: Path) -> None:
    path = tmp_path / "faults.json"
    path.write_text(json.dumps({"faults": [HIT]}))
    assert len(read_schedule(path)) == 1
    path.write_text("{")
    with pytest.raises(ScheduleError, match=r"faults\.json: Expecting property name"):
        read_schedule(path)
    with pytest.raises(FileNotFoundError):
        read_schedule(tmp_path / "missing.json")


def test_windows_follow_the_clouds_clock() -> None:
    faults = Faults(parse_schedule({"faults": [{"from": "2026-01-01T13:00:00Z", **HIT}]}))
    times = [NOW, NOW + timedelta(hours=1)]
    assert [bool(faults.strike("ses", "SendBounce", SENDER, at)) for at in times] == [False, True]
