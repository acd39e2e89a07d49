"""What `make demo` shows, message by message: the real program deployed, real mail in, real DSNs out."""

import email
import email.policy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from offline import deliveries, report, stacks
from offline.run import Outcome, Plan, run
from offline.stacks import PROGRAM

MAIL = PROGRAM / "examples" / "mail"

# Recipient by recipient: outcome, rule, reason.
EXPECTED = {
    "01-plain": [("nobody@example.com", "bounced", None, "otherwise")],
    "02-existing-mailbox": [("alice@example.com", "accepted", None, "mailbox")],
    "03-several-recipients": [
        ("alice@example.com", "accepted", None, "mailbox"),
        ("nobody@example.com", "bounced", None, "otherwise"),
        ("left@example.com", "bounced", "left-the-company", "rule"),
    ],
    "04-sub-addressed": [
        ("alice+invoices@example.com", "accepted", None, "mailbox"),
        ("nobody+invoices@example.com", "bounced", None, "otherwise"),
    ],
    "05-eight-bit": [("nobody@example.com", "bounced", None, "otherwise")],
    "06-encoded-words": [("nobody@example.com", "bounced", None, "otherwise")],
    "07-mailing-list": [("nobody@example.com", "dropped", None, "listHeader")],
    "08-auto-reply": [("nobody@example.com", "dropped", None, "autoSubmitted")],
    "09-bounce": [("nobody@example.com", "dropped", None, "nullSender")],
    "10-spam": [("nobody@example.com", "dropped", None, "spam")],
    "11-virus": [("nobody@example.com", "dropped", None, "virus")],
    "12-dmarc-failure": [("nobody@example.com", "dropped", None, "unauthenticated")],
    "13-long-headers": [("nobody@example.com", "dropped", None, "headersTruncated")],
    "14-internationalised": [("nobody@example.com", "bounced", None, "otherwise")],
    "15-mailer-daemon": [("nobody@example.com", "dropped", None, "mailerDaemon")],
    "16-header-injection": [("nobody@example.com", "bounced", None, "otherwise")],
    "17-refused-by-policy": [("alice@example.com", "bounced", "blocked-sender", "rule")],
    "18-other-domain": [
        (
            "nobody@elsewhere.example",
            "refused",
            None,
            "550 5.1.1 Requested action not taken: mailbox unavailable",
        )
    ],
    "19-broken-mime": [("nobody@example.com", "bounced", None, "otherwise")],
}
STATUS = {
    "01-plain": ["5.1.1"],
    "03-several-recipients": ["5.1.1", "5.1.6"],
    "17-refused-by-policy": ["5.7.1"],
}


@pytest.fixture(scope="module")
def demo() -> Outcome:
    plan = Plan(
        stacks=stacks.read([PROGRAM / "Pulumi.dev.yaml"]),
        deliveries=tuple(deliveries.from_file(MAIL / "deliveries.jsonl")),
    )
    return run(plan, lambda *_: None)


@pytest.fixture(scope="module")
def delivered(demo: Outcome) -> Mapping[str, Any]:
    return {Path(one.eml).stem: one for one in demo.deliveries}


def test_every_mail_of_the_demo_has_its_expectation(delivered: Mapping[str, Any]) -> None:
    assert sorted(delivered) == sorted(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_each_recipient_has_its_outcome_rule_and_reason(delivered: Mapping[str, Any], name: str) -> None:
    found = [(one.address, one.outcome, one.rule, one.reason) for one in delivered[name].recipients]
    assert found == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_the_rule_set_stops_when_nobody_accepts(delivered: Mapping[str, Any], name: str) -> None:
    outcomes = {outcome for _, outcome, _, _ in EXPECTED[name]}
    expected = None if outcomes == {"refused"} else "CONTINUE" if "accepted" in outcomes else "STOP_RULE_SET"
    assert delivered[name].disposition == expected


@pytest.mark.parametrize("name", EXPECTED)
def test_one_dsn_goes_to_the_envelope_sender_for_all_bounced_recipients(
    delivered: Mapping[str, Any], name: str
) -> None:
    one = delivered[name]
    bounced = [address for address, outcome, _, _ in EXPECTED[name] if outcome == "bounced"]
    if not bounced:
        assert (one.request, one.bounce, one.raw) == (None, None, None)
        return
    dsn = email.message_from_bytes(one.raw, policy=email.policy.default)
    assert dsn["Return-Path"] == "<>"
    assert [part.get_content_type() for part in dsn.iter_parts()] == [
        "text/plain",
        "message/delivery-status",
        "text/rfc822-headers",
    ]
    blocks = list(dsn.iter_parts())[1].get_payload()[1:]
    per_recipient = [fields for fields in blocks if fields.keys()]  # SES ends the part with two blank lines
    assert [fields["Final-Recipient"] for fields in per_recipient] == [f"rfc822; {a}" for a in bounced]
    assert [info["Recipient"] for info in one.request["BouncedRecipientInfoList"]] == bounced
    if name in STATUS:
        assert [fields["Status"] for fields in per_recipient] == STATUS[name]


def test_nothing_of_a_hostile_header_becomes_a_header_of_the_dsn(delivered: Mapping[str, Any]) -> None:
    dsn = email.message_from_bytes(delivered["16-header-injection"].raw)
    assert dsn["Bcc"] is None
    assert not any("victim" in str(value) for name, value in dsn.items())


def test_every_call_was_authorised_and_every_function_used_its_own_role(demo: Outcome) -> None:
    decisions = {call["decision"] for call in demo.report["calls"]}
    assert decisions == {"allowed", "trusted operator"}
    bounced = [call for call in demo.report["calls"] if call["action"] == "SendBounce"]
    assert len(bounced) == sum(one.bounce is not None for one in demo.deliveries)
    assert all(":assumed-role/" in call["principal"] and "sender" in call["principal"] for call in bounced)


def test_sendbounce_is_called_at_most_once_a_second(demo: Outcome) -> None:
    times = [call["at"] for call in demo.report["calls"] if call["action"] == "SendBounce"]
    assert len(set(times)) == len(times)
    assert times == sorted(times)


def test_the_report_names_what_was_deployed(demo: Outcome) -> None:
    (stack,) = demo.report["deployment"]["stacks"]
    assert (stack["stack"], stack["account"], stack["region"]) == ("dev", "111111111111", "us-east-1")
    for output in ("ruleSetName", "queueUrl", "deadLetterQueueUrl", "handlerFunctionArn", "identityArns"):
        assert stack["outputs"][output]
    assert any("accepted mail goes nowhere" in warning for warning in stack["warnings"])


def test_the_report_is_written_as_a_whole_and_replaces_an_earlier_one(demo: Outcome, tmp_path: Path) -> None:
    (tmp_path / "bounces").mkdir()
    (tmp_path / "bounces" / "old.eml").touch()
    report.write(tmp_path, demo.report, demo.deliveries)
    written = json.loads((tmp_path / "report.json").read_text())
    files = {one["bounce"] for one in written["deliveries"] if one["bounce"]}
    assert {f"bounces/{path.name}" for path in (tmp_path / "bounces").iterdir()} == files
    assert {path.name for path in tmp_path.iterdir()} == {"report.json", "bounces"}


def test_the_same_run_gives_the_same_report(demo: Outcome) -> None:
    plan = Plan(
        stacks=stacks.read([PROGRAM / "Pulumi.dev.yaml"]),
        deliveries=tuple(deliveries.from_file(MAIL / "deliveries.jsonl")),
    )
    again = run(plan, lambda *_: None)
    assert again.report["deliveries"] == demo.report["deliveries"]
