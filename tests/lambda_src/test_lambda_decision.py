"""One outcome per recipient, one request per message, and the disposition that follows."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lambda_builders import REGION, configuration, decided, reasons, rule, ses_event

from lambda_src import address, event, settings
from lambda_src.compose import compose
from lambda_src.decision import Decision, unresolved
from lambda_src.request import parse
from lambda_src.rulings import Ruling


def document(decision: Decision) -> dict[str, Any]:
    """The request, which the validator must accept."""
    assert decision.request is not None
    written = decision.request.to_json()
    assert parse(written) == decision.request
    return written


def test_all_bounced_recipients_of_a_message_are_in_one_request() -> None:
    decision = decided(
        ses_event("a@example.com", "info@example.com", "b+x@example.com"), mailboxes=["info@example.com"]
    )
    assert reasons(decision) == [("bounced", "otherwise"), ("bounced", "otherwise"), ("accepted", "mailbox")]
    assert document(decision) == {
        "OriginalMessageId": "d6iitobk75ur44p8kdnnp7g2n800",
        "BounceSender": "mailer-daemon@example.com",
        "BouncedRecipientInfoList": [
            {"Recipient": "a@example.com", "BounceType": "DoesNotExist"},
            {"Recipient": "b+x@example.com", "BounceType": "DoesNotExist"},
        ],
    }


@pytest.mark.parametrize(
    ("actions", "disposition"),
    [
        (["bounce", "drop"], "STOP_RULE_SET"),
        (["bounce"], "STOP_RULE_SET"),
        (["drop"], "STOP_RULE_SET"),
        (["accept", "bounce", "drop"], "CONTINUE"),
        (["accept"], "CONTINUE"),
    ],
)
def test_rule_set_stops_when_nobody_accepts(actions: list[str], disposition: str) -> None:
    rules = [
        {
            "recipients": [f"{action}@example.com"],
            "action": action,
            **({"bounceType": "Undefined"} if action == "bounce" else {}),
        }
        for action in ("accept", "bounce", "drop")
    ]
    raw = ses_event(*(f"{action}@example.com" for action in actions))
    assert decided(raw, rules=rules).disposition == disposition
    assert decided(raw, rules=rules, mode="observe").disposition == "CONTINUE"


@pytest.mark.parametrize(
    ("recipients", "mode", "disposition"),
    [
        (["a@example.com"], "enforce", "STOP_RULE"),
        (["a@example.com", "info@example.com"], "enforce", "CONTINUE"),
        (["a@example.com"], "observe", "CONTINUE"),
    ],
)
def test_only_the_rule_stops_when_another_may_have_recipients_who_accept(
    recipients: list[str], mode: str, disposition: str
) -> None:
    decision = decided(ses_event(*recipients), mailboxes=["info@example.com"], severalRules=True, mode=mode)
    assert decision.disposition == disposition


def test_a_message_whose_recipients_are_all_dropped_by_a_guard_stops() -> None:
    decision = decided(ses_event("a@example.com", sender=None))
    assert decision.disposition == "STOP_RULE_SET"
    assert decision.request is None


def test_observe_decides_the_same() -> None:
    raw = ses_event("a@example.com")
    observed, enforced = decided(raw, otherwise=rule(), mode="observe"), decided(raw, otherwise=rule())
    assert observed.outcomes == enforced.outcomes
    assert observed.request == enforced.request


RULES = [
    {"name": "vip", "recipients": ["ceo@example.com"], "senders": [".partner.example"], "action": "accept"},
    {"name": "spam", "recipients": ["ceo@example.com"], "verdicts": {"spam": "FAIL"}, "action": "drop"},
    {"name": "old", "recipients": ["ceo@example.com"], "headers": {"x-kind": "*OLD*"}, **rule()},
    {"name": "rest", "recipients": ["ceo@example.com"], "action": "bounce", "bounceType": "ContentRejected"},
]


@pytest.mark.parametrize(
    ("expected", "raw"),
    [
        ("vip", {"sender": "a@b.partner.example", "verdicts": {"spam": "FAIL"}}),
        ("spam", {"verdicts": {"spam": "FAIL"}, "headers": {"X-Kind": "old"}}),
        ("old", {"headers": {"X-Kind": "very Old indeed"}}),
        ("rest", {"headers": {"X-Kind": "new"}}),
    ],
)
def test_first_rule_that_matches_decides(expected: str, raw: dict[str, Any]) -> None:
    (outcome,) = decided(ses_event("ceo+label@example.com", **raw), rules=RULES).outcomes
    assert outcome.rule == expected
    assert outcome.reason == "rule"


def test_recipients_of_one_message_may_meet_different_rules() -> None:
    rules = [
        {"name": "gone", "recipients": ["gone@example.com"], **rule(explanation="{recipient} has left.")},
        {
            "name": "full",
            "recipients": ["full@example.com"],
            **rule(bounceType="ExceededQuota", explanation="{recipient} is full ({rule})."),
        },
    ]
    raw = ses_event("full@example.com", "gone@example.com", "ok@example.com")
    decision = decided(raw, rules=rules)
    assert [one.rule for one in decision.outcomes] == ["full", "gone", None]
    written = document(decision)
    assert [one["BounceType"] for one in written["BouncedRecipientInfoList"]] == [
        "ExceededQuota",
        "DoesNotExist",
    ]
    assert written["Explanation"] == "full@example.com is full (full). gone@example.com has left."


def test_an_explanation_shared_by_recipients_is_said_once() -> None:
    decision = decided(ses_event("a@example.com", "b@example.com"), otherwise=rule(explanation="No."))
    assert document(decision)["Explanation"] == "No."


def test_many_explanations_are_cut_to_the_limit() -> None:
    raw = ses_event(*(f"user{number}@example.com" for number in range(500)))
    decision = decided(raw, otherwise=rule(explanation="No mailbox {recipient}."))
    assert len(document(decision)["Explanation"]) == 2048


def test_the_configurations_explanation_stands_in() -> None:
    decision = decided(ses_event("a@example.com"), otherwise=rule(), explanation="Refused: {rule}")
    assert document(decision)["Explanation"] == "Refused: otherwise"


def test_dsn_fields_and_message_dsn_in_full() -> None:
    decision = decided(
        ses_event("a@example.com", sender="alice@sender.example"),
        otherwise={
            "action": "bounce",
            "dsn": {
                "Action": "failed",
                "Status": "5.7.1",
                "DiagnosticCode": "smtp; 550 5.7.1 {recipient} not at {domain}",
                "ExtensionFields": [{"Name": "X-Sender", "Value": "{sender}"}],
            },
        },
        messageDsn={"extensionFields": [{"name": "X-Received", "value": "{receivedAt}"}]},
        bounceSenderArn="arn:aws:ses:eu-west-1:222222222222:identity/example.com",
        recipientArns={"example.com": "arn:aws:ses:eu-west-1:333333333333:identity/example.com"},
    )
    assert document(decision) == {
        "OriginalMessageId": "d6iitobk75ur44p8kdnnp7g2n800",
        "BounceSender": "mailer-daemon@example.com",
        "BounceSenderArn": "arn:aws:ses:eu-west-1:222222222222:identity/example.com",
        "MessageDsn": {
            "ReportingMta": "dns; inbound-smtp.eu-west-1.amazonaws.com",
            "ArrivalDate": "2026-01-01T00:00:00Z",
            "ExtensionFields": [{"Name": "X-Received", "Value": "2026-01-01T00:00:00Z"}],
        },
        "BouncedRecipientInfoList": [
            {
                "Recipient": "a@example.com",
                "RecipientArn": "arn:aws:ses:eu-west-1:333333333333:identity/example.com",
                "RecipientDsnFields": {
                    "Action": "failed",
                    "Status": "5.7.1",
                    "DiagnosticCode": "smtp; 550 5.7.1 a@example.com not at example.com",
                    "ExtensionFields": [{"Name": "X-Sender", "Value": "alice@sender.example"}],
                },
            }
        ],
    }


def test_a_configured_reporting_mta_is_kept() -> None:
    decision = decided(
        ses_event("a@example.com"), otherwise=rule(), messageDsn={"reportingMta": "dns; mx.example.com"}
    )
    assert document(decision)["MessageDsn"] == {
        "ReportingMta": "dns; mx.example.com",
        "ArrivalDate": "2026-01-01T00:00:00Z",
    }


def test_an_address_arn_goes_before_its_domains() -> None:
    arns = {
        name: f"arn:aws:ses:eu-west-1:222222222222:identity/{name}"
        for name in ("a@example.com", "example.com")
    }
    raw = ses_event("A+x@example.com", "b@example.com")
    written = document(decided(raw, otherwise=rule(), recipientArns=arns))
    assert [one["RecipientArn"] for one in written["BouncedRecipientInfoList"]] == list(arns.values())


def test_mail_for_a_domain_that_is_not_ours_is_let_be() -> None:
    raw = ses_event("a@other.example", "a@sub.example.com", "a@example.com")
    assert reasons(decided(raw, otherwise=rule())) == [
        ("accepted", "otherDomain"),
        ("accepted", "otherDomain"),
        ("bounced", "otherwise"),
    ]
    assert reasons(decided(raw, otherwise=rule(), subdomains=True))[1] == ("bounced", "otherwise")


@pytest.mark.parametrize("recipient", ["", "nobody", "üser@example.com", "a\r\nb@example.com"])
def test_a_recipient_that_no_dsn_can_name_is_accepted(recipient: str) -> None:
    assert reasons(decided(ses_event(recipient))) == [("accepted", "malformedRecipient")]


def test_a_rule_that_a_cut_off_header_might_meet_accepts() -> None:
    rules = [{"headers": {"X-Vip": "yes"}, "action": "accept"}, rule(recipients=["a@example.com"])]
    guards = {"list": "ignore", "autoSubmitted": "ignore"}
    cut = ses_event("a@example.com", headersTruncated=True)
    assert reasons(decided(cut, rules=rules, guards=guards)) == [("accepted", "headersTruncated")]
    assert reasons(decided(ses_event("a@example.com"), rules=rules)) == [("bounced", "rule")]
    seen = ses_event("a@example.com", headersTruncated=True, headers={"X-Vip": "Yes"})
    assert reasons(decided(seen, rules=rules)) == [("accepted", "rule")]


def test_mailboxes_and_patterns() -> None:
    decision = decided(
        ses_event("INFO+x@example.com", "sales-emea@example.com", "sales@example.com"),
        mailboxes=["info@example.com", "sales-*@example.com"],
    )
    assert reasons(decision) == [("accepted", "mailbox"), ("accepted", "mailbox"), ("bounced", "otherwise")]


TABLE = configuration(
    mailboxTable="mailboxes",
    mailboxes=["listed@example.com"],
    rules=[rule(name="gone", recipients=["gone@example.com"])],
)


def test_only_what_nothing_else_decides_is_looked_up() -> None:
    raw = ses_event(
        "gone@example.com", "listed@example.com", "a+x@example.com", "b@other.example", "c",
        sender="boss@example.com",
    )  # fmt: skip
    found = unresolved(event.parse(raw), settings.read(TABLE))
    assert [one.names for one in found] == [("a+x@example.com", "a@example.com"), ("boss@example.com",)]


def test_without_a_table_nothing_is_looked_up() -> None:
    assert unresolved(event.parse(ses_event("a@example.com")), settings.read(configuration())) == []


def test_the_table_knows_addresses_with_and_without_label() -> None:
    raw = ses_event("a+x@example.com", "b+x@example.com", "c@example.com")
    keys = {key: value for key, value in TABLE.items() if key != "domain"}
    decision = decided(raw, frozenset({"a@example.com", "b+x@example.com"}), **keys)
    assert reasons(decision) == [("accepted", "mailbox"), ("accepted", "mailbox"), ("bounced", "otherwise")]


def test_a_sender_of_ours_must_be_in_the_table_to_be_answered() -> None:
    raw = ses_event("nobody@example.com", sender="boss@example.com")
    keys = {key: value for key, value in TABLE.items() if key != "domain"}
    assert reasons(decided(raw, **keys)) == [("dropped", "ownDomainLoop")]
    assert reasons(decided(raw, frozenset({"boss@example.com"}), **keys)) == [("bounced", "otherwise")]


ACTIONS = ("accept", "bounce", "drop")


@given(st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=6), st.booleans(), st.booleans())
def test_outcomes_request_and_disposition_agree(actions: list[str], guarded: bool, observe: bool) -> None:
    rules = [
        {"recipients": [f"{action}*@example.com"], "action": action}
        | ({"bounceType": "Undefined"} if action == "bounce" else {})
        for action in ACTIONS
    ]
    recipients = [f"{action}{number}@example.com" for number, action in enumerate(actions)]
    raw = ses_event(*recipients, sender=None if guarded else "alice@sender.example")
    decision = decided(raw, rules=rules, mode="observe" if observe else "enforce")
    assert sorted(text for one in decision.outcomes for text in one.recipients) == sorted(recipients)
    bounced = [text for one in decision.outcomes if one.outcome == "bounced" for text in one.recipients]
    assert bounced == [] if guarded else len(bounced) == actions.count("bounce")
    asked = [one.recipient for one in decision.request.recipients] if decision.request else []
    assert asked == bounced
    accepted = any(one.outcome == "accepted" for one in decision.outcomes)
    assert decision.disposition == ("CONTINUE" if accepted or observe else "STOP_RULE_SET")


@given(st.lists(st.text(), min_size=1, max_size=4), st.none() | st.text(), st.text(), st.text())
def test_no_text_of_a_stranger_ends_a_line(
    recipients: list[str], sender: str | None, name: str, value: str
) -> None:
    raw = ses_event(
        *recipients, *(f"{one}@example.com" for one in recipients), sender=sender, headers={name: value}
    )
    decision = decided(
        raw,
        otherwise=rule(
            bounceType=None,
            dsn={"Action": "failed", "Status": "5.1.1", "DiagnosticCode": "smtp; {sender} {recipient}"},
            explanation="{sender} {recipient} {domain}",
        ),
    )
    if decision.request is not None:
        document(decision)
    received = {*recipients, *(f"{one}@example.com" for one in recipients)}
    assert sum(len(one.recipients) for one in decision.outcomes) == len(received)


def test_no_name_of_the_message_brings_more_than_text_into_a_request() -> None:
    message = event.parse(ses_event("a@example.com", sender="a\r\nBcc: all@example.com\u2028\ud800"))
    recipient = address.parse("a@example.com")
    assert recipient is not None
    rules = settings.read(configuration(otherwise=rule(explanation="{sender}")))
    request = compose(message, rules, [(recipient, Ruling(rules.otherwise, "otherwise"))], REGION)
    assert request.explanation == "a??Bcc: all@example.com??"
