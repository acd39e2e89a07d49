"""The configuration is read as DESIGN's table says, and refused with the path of what is wrong."""

import json
from typing import Any

import pytest
from lambda_builders import configuration, rule

from lambda_src import address
from lambda_src.errors import ConfigurationError
from lambda_src.settings import KEYS, read

WHOLE: dict[str, Any] = {
    "domain": "Bücher.example",
    "subdomains": True,
    "bounceSender": "postmaster@xn--bcher-kva.example",
    "mode": "observe",
    "mailboxes": ["info@bücher.example", "sales-*@a.bücher.example"],
    "mailboxTable": "mailboxes",
    "rules": [
        {
            "name": "closed",
            "recipients": ["closed@bücher.example"],
            "senders": ["*@sender.example"],
            "headers": {"X-Kind": "*old*"},
            "verdicts": {"spam": "fail", "dmarcPolicy": "reject"},
            "action": "bounce",
            "dsn": {
                "FinalRecipient": "new@example.net",
                "Action": "failed",
                "Status": "5.7.1",
                "RemoteMta": "dns; mx.example.net",
                "DiagnosticCode": "smtp; 550 5.7.1 {recipient} is closed",
                "LastAttemptDate": "2026-01-01T00:00:00Z",
                "ExtensionFields": [{"Name": "X-Rule", "Value": "{rule}"}],
            },
            "explanation": "The mailbox {recipient} is closed.",
        },
        {"name": "vip", "recipients": ["ceo@bücher.example"], "action": "accept"},
        {"name": "junk", "action": "drop"},
    ],
    "otherwise": {"action": "bounce", "bounceType": "ContentRejected"},
    "guards": {"spam": "ignore", "list": "drop"},
    "messageDsn": {
        "reportingMta": "dns; mx.example.net",
        "extensionFields": [{"name": "X-Id", "value": "{messageId}"}],
    },
    "bounceSenderArn": "arn:aws:ses:eu-west-1:222222222222:identity/example.com",
    "recipientArns": {"Bücher.example": "arn:aws:ses:eu-west-1:222222222222:identity/xn--bcher-kva.example"},
    "explanation": "Mail for {recipient} was refused.",
}


def test_the_whole_configuration_is_read() -> None:
    assert set(WHOLE) == set(KEYS)
    settings = read(json.loads(json.dumps(WHOLE)))
    assert settings.domain == "xn--bcher-kva.example"
    assert settings.owns("a.b.xn--bcher-kva.example")
    assert not settings.owns("other-xn--bcher-kva.example")
    assert settings.observe
    assert settings.ignored_guards == {"spam"}
    recipient = address.parse("user@xn--bcher-kva.example")
    assert recipient is not None
    assert settings.recipient_arn(recipient) == WHOLE["recipientArns"]["Bücher.example"]


def test_defaults() -> None:
    settings = read(configuration())
    assert settings.bounce_sender == "mailer-daemon@example.com"
    assert not settings.observe
    assert not settings.owns("a.example.com")
    assert settings.otherwise.action == "accept"
    assert settings.ignored_guards == frozenset()
    assert settings.message_dsn is None


@pytest.mark.parametrize("known", [{"mailboxes": ["info@example.com"]}, {"mailboxTable": "mailboxes"}])
def test_what_is_no_mailbox_does_not_exist_once_mailboxes_are_known(known: dict[str, Any]) -> None:
    otherwise = read(configuration(**known)).otherwise
    assert (otherwise.action, otherwise.bounce_type) == ("bounce", "DoesNotExist")


@pytest.mark.parametrize("spelling", [str.lower, str])
def test_dsn_fields_may_be_written_as_aws_or_the_configuration_writes_them(spelling: Any) -> None:
    def spell(name: str) -> str:
        return spelling(name[0]) + name[1:]

    settings = read(
        configuration(
            rules=[
                {
                    "action": "bounce",
                    "dsn": {
                        spell("Action"): "failed",
                        spell("Status"): "5.1.1",
                        spell("ExtensionFields"): [{spell("Name"): "X-A", spell("Value"): "b"}],
                    },
                }
            ]
        )
    )
    dsn = settings.rules[0].consequence.dsn
    assert dsn is not None
    assert dsn.fields.status == "5.1.1"
    assert dsn.fields.extension_fields == (("X-A", "b"),)


def in_rule(**keys: Any) -> dict[str, Any]:
    return configuration(rules=[rule(), rule(**keys)])


def with_dsn(**members: Any) -> dict[str, Any]:
    return in_rule(bounceType=None, dsn={"Action": "failed", "Status": "5.1.1", **members})


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ({}, "domain"),
        (configuration(domain="exa mple.com"), "domain"),
        (configuration(domain=7), "domain"),
        (configuration(domain="exam-.ple"), "domain"),
        (configuration(zoneId="Z1"), "document"),
        (configuration(subdomains="yes"), "subdomains"),
        (configuration(bounceSender="nobody"), "bounceSender"),
        (configuration(mode="on"), "mode"),
        (configuration(mailboxes="info@example.com"), "mailboxes"),
        (configuration(mailboxes=["info@example.net"]), "mailboxes[0]"),
        (configuration(mailboxes=["a@example.com", "info@a.example.com"]), "mailboxes[1]"),
        (configuration(mailboxes=["example.com"]), "mailboxes[0]"),
        (configuration(mailboxes=["info@*"]), "mailboxes[0]"),
        (configuration(mailboxes=["in fo@example.com"]), "mailboxes[0]"),
        (configuration(mailboxTable="a/b"), "mailboxTable"),
        (configuration(rules={}), "rules"),
        (configuration(rules=["drop"]), "rules[0]"),
        (in_rule(action="reject"), "rules[1].action"),
        (in_rule(action=None), "rules[1].action"),
        (in_rule(bounceType="NoSuch"), "rules[1].bounceType"),
        (in_rule(bounceType=None), "rules[1].bounceType"),
        (in_rule(dsn={"Action": "failed", "Status": "5.1.1"}), "rules[1].bounceType"),
        (in_rule(action="drop"), "rules[1].bounceType"),
        (in_rule(action="accept", bounceType=None, explanation="x"), "rules[1].explanation"),
        (in_rule(recipients=["a b"]), "rules[1].recipients[0]"),
        (in_rule(senders=[7]), "rules[1].senders[0]"),
        (in_rule(headers={"X Kind": "*"}), "rules[1].headers"),
        (in_rule(headers={"X-Kind": 7}), "rules[1].headers.X-Kind"),
        (in_rule(headers=[]), "rules[1].headers"),
        (in_rule(verdicts={"greed": "FAIL"}), "rules[1].verdicts"),
        (in_rule(verdicts={"spam": "MAYBE"}), "rules[1].verdicts.spam"),
        (in_rule(explanation="{nobody}"), "rules[1].explanation"),
        (in_rule(explanation="a\r\nb"), "rules[1].explanation"),
        (in_rule(name="a\nb"), "rules[1].name"),
        (in_rule(name="rules[0]"), "rules[1].name"),
        (in_rule(comment="x"), "rules[1]"),
        (with_dsn(Status="5"), "rules[1].dsn.Status"),
        (with_dsn(Bogus="5"), "rules[1].dsn"),
        (with_dsn(DiagnosticCode="{nobody}"), "rules[1].dsn.DiagnosticCode"),
        (with_dsn(DiagnosticCode="größer {recipient}"), "rules[1].dsn.DiagnosticCode"),
        (with_dsn(DiagnosticCode="a" * 3000), "rules[1].dsn.DiagnosticCode"),
        (with_dsn(ExtensionFields=[{"Name": "X A", "Value": "b"}]), "rules[1].dsn.ExtensionFields[0].Name"),
        (with_dsn(ExtensionFields=[{"Name": "X", "Value": "{x}"}]), "rules[1].dsn.ExtensionFields[0].Value"),
        (with_dsn(ExtensionFields=[{"Name": "X", "Value": "\t"}]), "rules[1].dsn.ExtensionFields[0].Value"),
        (in_rule(bounceType=None, dsn=[]), "rules[1].dsn"),
        (configuration(otherwise="accept"), "otherwise"),
        (configuration(otherwise={"action": "bounce"}), "otherwise.bounceType"),
        (configuration(otherwise={"action": "drop", "recipients": []}), "otherwise"),
        (configuration(guards={"nullSender": "ignore"}), "guards"),
        (configuration(guards={"spam": "off"}), "guards.spam"),
        (configuration(messageDsn={"reportingMta": "mx.example.net"}), "messageDsn.ReportingMta"),
        (configuration(messageDsn={"arrivalDate": 0}), "messageDsn"),
        (
            configuration(messageDsn={"extensionFields": [{"name": "X", "value": "{recipient}"}]}),
            "messageDsn.ExtensionFields[0].Value",
        ),
        (configuration(bounceSenderArn="example.com"), "bounceSenderArn"),
        (configuration(recipientArns={"example.com": "x"}), "recipientArns.example.com"),
        (configuration(recipientArns={"a b": "x"}), "recipientArns"),
        (configuration(explanation="{"), "explanation"),
    ],
)  # fmt: skip
def test_refusal_names_the_path_and_says_what_to_do(raw: dict[str, Any], path: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read(raw)
    assert refused.value.path == path
    assert refused.value.rule
    assert str(refused.value) == f"{path}: {str(refused.value).removeprefix(f'{path}: ')}"
