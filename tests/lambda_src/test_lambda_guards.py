"""What no bounce may answer (RFC 5321 §6, RFC 3834 §2, RFC 7489 §10.3), each with its own reason."""

from datetime import timedelta
from typing import Any

import pytest
from lambda_builders import NOW, RECEIVED, decided, reasons, rule, ses_event

from lambda_src.guards import BOUNCE_WINDOW, GUARDS
from lambda_src.settings import GUARDS as KEYS

TO = "nobody@example.com"


def reason(raw: dict[str, Any], **keys: Any) -> str:
    """What becomes of a recipient who would be bounced."""
    (found,) = reasons(decided(raw, otherwise=rule(), **keys))
    assert found[0] == ("bounced" if found[1] == "otherwise" else "dropped")
    return found[1]


def test_ordinary_mail_is_answered() -> None:
    assert reason(ses_event(TO, headers={"Subject": "Hello", "Auto-Submitted": "no"})) == "otherwise"


@pytest.mark.parametrize("sender", [None, "", "<>", " <> ", '""', '"<>"', "< >", "''", 7, "\x00", "\u200b"])
def test_null_reverse_path_in_any_spelling(sender: object) -> None:
    assert reason(ses_event(TO, sender=sender)) == "nullSender"


def test_null_return_path_header() -> None:
    assert reason(ses_event(TO, headers={"Return-Path": "<>"})) == "nullSender"


def test_null_sender_cannot_be_ignored() -> None:
    assert reason(ses_event(TO, sender=None), guards=dict.fromkeys(KEYS, "ignore")) == "nullSender"


@pytest.mark.parametrize("sender", ["nobody", "a b@c", "üser@sender.example", "@sender.example"])
def test_sender_that_is_no_address(sender: str) -> None:
    assert reason(ses_event(TO, sender=sender)) == "malformedSender"


@pytest.mark.parametrize(
    ("expected", "event"),
    [
        ("mailerDaemon", {"sender": "MAILER-DAEMON@sender.example"}),
        ("mailerDaemon", {"sender": "<MAILER-DAEMON>"}),
        ("autoSubmitted", {"headers": {"Auto-Submitted": "auto-replied; owner-email=x"}}),
        ("autoSubmitted", {"headers": {"Auto-Submitted": "auto-generated"}}),
        ("autoSubmitted", {"headers": {"AUTO-SUBMITTED": " Auto-Notified (x)"}}),
        ("autoSubmitted", {"headers": {"Auto-Submitted": ""}}),
        ("listAddress", {"sender": "owner-list@sender.example"}),
        ("listAddress", {"sender": "list-request@sender.example"}),
        ("listHeader", {"headers": {"List-Id": "<list.sender.example>"}}),
        ("listHeader", {"headers": {"list-unsubscribe": "<mailto:x>"}}),
        ("precedence", {"headers": {"Precedence": "bulk"}}),
        ("precedence", {"headers": {"Precedence": "List"}}),
        ("precedence", {"headers": {"Precedence": "junk"}}),
        ("spam", {"verdicts": {"spam": "FAIL"}}),
        ("spam", {"verdicts": {"spam": "fail"}}),
        ("virus", {"verdicts": {"virus": "FAIL"}}),
        ("unauthenticated", {"verdicts": {"spf": "FAIL", "dmarc": "FAIL"}}),
        ("unauthenticated", {"verdicts": {"spf": "GRAY", "dmarc": "GRAY"}}),
        ("unauthenticated", {"verdicts": {"spf": "PROCESSING_FAILED", "dmarc": None}}),
        ("headersTruncated", {"headersTruncated": True}),
    ],
)  # fmt: skip
def test_guard_of_each_kind_can_be_ignored(expected: str, event: dict[str, Any]) -> None:
    assert reason(ses_event(TO, **event)) == expected
    keys = {guard.key for guard in GUARDS if guard.reason == expected}
    others = [key for key in KEYS if key not in keys]
    assert reason(ses_event(TO, **event), guards=dict.fromkeys(others, "ignore")) == expected
    ignoring = reason(ses_event(TO, **event), guards={str(key): "ignore" for key in keys})
    assert ignoring == ("malformedSender" if event.get("sender") == "<MAILER-DAEMON>" else "otherwise")


@pytest.mark.parametrize(
    "event",
    [
        {"headers": {"Auto-Submitted": "No"}},
        {"headers": {"Auto-Submitted": "no (person)"}},
        {"headers": {"Precedence": "first-class"}},
        {"headers": {"Listen": "x"}},
        {"sender": "requester@sender.example"},
        {"sender": "mailer-daemon-fan@sender.example"},
        {"verdicts": {"spf": "FAIL", "dmarc": "PASS"}},
        {"verdicts": {"spf": "PASS", "dmarc": "GRAY"}},
        {"verdicts": {"spam": "GRAY", "virus": "PROCESSING_FAILED"}},
    ],
)
def test_what_only_looks_alike_is_answered(event: dict[str, Any]) -> None:
    assert reason(ses_event(TO, **event)) == "otherwise"


def test_truncated_headers_forbid_until_both_guards_over_headers_are_ignored() -> None:
    raw = ses_event(TO, headersTruncated=True)
    assert reason(raw, guards={"list": "ignore"}) == "headersTruncated"
    assert reason(raw, guards={"autoSubmitted": "ignore"}) == "headersTruncated"
    assert reason(raw, guards={"list": "ignore", "autoSubmitted": "ignore"}) == "otherwise"


@pytest.mark.parametrize("sender", ["mailer-daemon+x@example.com", "Bounces@example.com"])
def test_own_bounce_sender(sender: str) -> None:
    bounce_sender = sender.replace("+x", "")
    raw = ses_event(TO, sender=sender)
    ignored = dict.fromkeys(KEYS, "ignore")
    assert reason(raw, bounceSender=bounce_sender, guards=ignored) == "ownBounceSender"


def test_sender_of_ours_that_would_be_refused_itself() -> None:
    rules = [{"recipients": ["alice@example.com"], "action": "accept"}]
    assert reason(ses_event(TO, sender="forged@example.com"), rules=rules) == "ownDomainLoop"
    assert reason(ses_event(TO, sender="alice@example.com"), rules=rules) == "otherwise"


def test_a_rule_about_the_message_says_nothing_of_its_sender() -> None:
    rules = [
        {"headers": {"X-Kind": "old"}, **rule(name="old")},
        {"recipients": ["alice@example.com"], "action": "accept"},
    ]
    raw = ses_event(TO, sender="alice@example.com", headers={"X-Kind": "old"})
    assert reasons(decided(raw, rules=rules)) == [("bounced", "rule")]


def test_window_of_24_hours() -> None:
    raw = ses_event(TO)
    assert reasons(decided(raw, now=RECEIVED + BOUNCE_WINDOW)) == [("bounced", "otherwise")]
    late = RECEIVED + BOUNCE_WINDOW + timedelta(seconds=1)
    assert reasons(decided(raw, now=late)) == [("dropped", "tooOld")]


def test_a_message_from_the_future_is_fresh() -> None:
    assert reasons(decided(ses_event(TO), now=NOW - timedelta(days=9))) == [("bounced", "otherwise")]


def test_a_guard_takes_nothing_from_those_who_accept() -> None:
    raw = ses_event("info@example.com", TO, sender=None, verdicts={"virus": "FAIL"})
    decision = decided(raw, mailboxes=["info@example.com"])
    assert reasons(decision) == [("accepted", "mailbox"), ("dropped", "nullSender")]
    assert decision.disposition == "CONTINUE"


def test_every_key_has_a_guard() -> None:
    assert {guard.key for guard in GUARDS} == {None, *KEYS}
