"""SES's event is read whatever case and shape its pages use; what cannot be read is refused by name."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lambda_builders import RECEIVED, ses_event

from lambda_src import event
from lambda_src.errors import MalformedEvent


def test_event_as_ses_writes_it() -> None:
    message = event.parse(
        ses_event(
            "a@example.com",
            "b@example.com",
            "a@example.com",
            headers={"Subject": "Hello", "List-Id": "x"},
            verdicts={"dmarc": "FAIL", "dmarcPolicy": "reject"},
        )
    )
    assert message.message_id == "d6iitobk75ur44p8kdnnp7g2n800"
    assert message.received_at == RECEIVED
    assert message.source == "alice@sender.example"
    assert message.recipients == ("a@example.com", "b@example.com")
    assert message.headers == {"subject": ("Hello",), "list-id": ("x",)}
    assert message.verdicts["dmarc"] == "FAIL"
    assert message.verdicts["dmarcPolicy"] == "REJECT"
    assert not message.headers_truncated


@pytest.mark.parametrize("policy", ["reject", "REJECT", {"status": "reject"}, {"status": "REJECT"}])
def test_both_spellings_of_the_dmarc_policy(policy: object) -> None:
    message = event.parse(ses_event("a@example.com", verdicts={"dmarcPolicy": policy}))
    assert message.verdicts["dmarcPolicy"] == "REJECT"


@pytest.mark.parametrize("status", ["pass", "Pass", "PASS"])
def test_verdicts_are_compared_without_case(status: str) -> None:
    assert event.parse(ses_event("a@example.com", verdicts={"spf": status})).verdicts["spf"] == "PASS"


def test_headers_of_one_name_are_kept_in_order() -> None:
    headers = [{"name": name, "value": name} for name in ("Received", "RECEIVED ", "received")]
    raw = ses_event("a@example.com")
    raw["Records"][0]["ses"]["mail"]["headers"] = [*headers, {"name": 7}, "x", {"name": "a", "value": None}]
    assert event.parse(raw).headers == {"received": ("Received", "RECEIVED ", "received")}


@pytest.mark.parametrize("headers", [None, "Subject: x", {}])
def test_missing_headers_count_as_cut_off(headers: object) -> None:
    raw = ses_event("a@example.com")
    raw["Records"][0]["ses"]["mail"]["headers"] = headers
    assert event.parse(raw).headers_truncated


def test_age_counts_from_the_reception_not_from_the_action() -> None:
    raw = ses_event("a@example.com")
    raw["Records"][0]["ses"]["receipt"]["timestamp"] = "2026-01-02T12:00:00.000Z"
    assert event.parse(raw).received_at == RECEIVED


def without(*path: str | int) -> dict[str, Any]:
    raw = ses_event("a@example.com")
    parent: Any = raw
    for step in path[:-1]:
        parent = parent[step]
    del parent[path[-1]]
    return raw


SES = ("Records", 0, "ses")


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (None, "event"),
        ([], "event"),
        ({"Records": []}, "Records"),
        ({"Records": ses_event("a@b.c")["Records"] * 2}, "Records"),
        ({"Records": [{"Sns": {}}]}, "Records[0].ses"),
        (without(*SES, "mail"), "mail"),
        (without(*SES, "mail", "messageId"), "mail.messageId"),
        (without(*SES, "mail", "timestamp"), "mail.timestamp"),
        (without(*SES, "receipt"), "receipt"),
        (without(*SES, "receipt", "recipients"), "receipt.recipients"),
        (ses_event(), "receipt.recipients"),
        (ses_event("a@example.com", messageId="a b"), "mail.messageId"),
        (ses_event("a@example.com", messageId="a" * 101), "mail.messageId"),
        (ses_event("a@example.com", timestamp="yesterday"), "mail.timestamp"),
        (ses_event("a@example.com", timestamp="0000-00-00T00:00:00Z"), "mail.timestamp"),
    ],
)
def test_what_identifies_the_message_must_be_there(raw: object, path: str) -> None:
    with pytest.raises(MalformedEvent) as refused:
        event.parse(raw)
    assert refused.value.path == path


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_any_value_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    raw = json.loads(json.dumps(ses_event("a@example.com", headers={"Subject": "x"})))
    place: Any = raw
    while True:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(JSON)
    try:
        message = event.parse(raw)
    except MalformedEvent:
        return
    assert message.recipients
    assert message.message_id.isprintable()


@given(JSON)
def test_any_event_is_read_or_refused(raw: object) -> None:
    with pytest.raises(MalformedEvent):
        event.parse(raw)
