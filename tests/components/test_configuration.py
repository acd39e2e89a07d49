"""The configuration: read once, refused with path, value and fix, all mistakes at once."""

import dataclasses
from typing import Any

import pytest
import yaml
from component_world import ROOT, settings_of

from components import configuration, receiving, reference, schema
from components.bounce_service import BounceServiceArgs
from components.configuration import Configuration
from components.errors import InvalidConfiguration
from components.naming import python_name, schema_name

OTHERS = "arn:aws:ses:us-east-1:222222222222:identity"


def parse(region: str | None = "us-east-1", **keys: Any) -> Configuration:
    return configuration.parse({"domain": "example.com", **keys}, region)


def refusals(region: str | None = "us-east-1", **keys: Any) -> list[str]:
    with pytest.raises(InvalidConfiguration) as refused:
        parse(region, **keys)
    return str(refused.value).splitlines()


MISTAKES = [
    ({"mailboxs": ["a@example.com"]}, "mailboxs: ['a@example.com']: unknown; did you mean mailboxes?"),
    ({"domain": None}, "domain: missing: is required"),
    ({"domain": "example..com"}, "domain: 'example..com': must be a domain"),
    ({"subdomains": "yes"}, "subdomains: 'yes': must be true or false"),
    ({"zoneId": "example.com"}, "zoneId: 'example.com': must be a hosted zone ID"),
    ({"mailFromDomain": "example.com"}, "mailFromDomain: 'example.com': must be a subdomain of example.com"),
    ({"mailFromDomain": "mail.other.com"}, "mailFromDomain: 'mail.other.com': must be a subdomain of"),
    ({"bounceSender": "example.com"}, "bounceSender: 'example.com': must be an address"),
    (
        {"bounceSender": "a@other.com"},
        "bounceSender: 'a@other.com': must be an address of example.com, unless",
    ),
    ({"mode": "dry"}, "mode: 'dry': must be one of enforce, observe"),
    ({"mailboxes": ["a@other.com"]}, "mailboxes[0]: 'a@other.com': must be an address of example.com"),
    ({"mailboxes": ["a@sub.example.com"]}, "mailboxes[0]: 'a@sub.example.com': must be an address of"),
    ({"mailboxes": "a@example.com"}, "mailboxes: 'a@example.com': must be a list"),
    ({"mailboxTable": "a b"}, "mailboxTable: 'a b': must be a DynamoDB table's name"),
    ({"createMailboxTable": True}, "createMailboxTable: True: needs mailboxTable"),
    ({"rules": [{"action": "refuse"}]}, "rules[0].action: 'refuse': must be one of accept, bounce, drop"),
    ({"rules": [{"action": "bounce", "bounceType": "Gone"}]}, "rules[0].bounceType: 'Gone': must be one of"),
    ({"rules": [{"action": "bounce", "dsn": {"action": "failed"}}]}, "rules[0].dsn.Status: missing"),
    (
        {"rules": [{"action": "bounce", "dsn": {"action": "failed", "status": "5.01.1"}}]},
        "rules[0].dsn.Status: '5.01.1'",
    ),
    ({"otherwise": {"action": "accept", "explanation": "x"}}, "otherwise.explanation: 'x': goes with action"),
    ({"explanation": "{password}"}, "explanation: '{password}': may name only"),
    ({"guards": {"nullSender": "ignore"}}, "guards: 'nullSender': unusable key"),
    ({"messageDsn": {"reportingMta": "mail"}}, "messageDsn.ReportingMta: 'mail'"),
    ({"deliver": {}}, "deliver: {}: must not be empty"),
    (
        {"deliver": {"attachPolicies": True}},
        "deliver: {'attachPolicies': True}: must name a bucket, topicArn",
    ),
    ({"deliver": {"bucket": "Mail"}}, "deliver.bucket: 'Mail': must be a bucket's name"),
    (
        {"deliver": {"prefix": "in/", "functionArn": "arn:aws:lambda:us-east-1:111111111111:function:f"}},
        "deliver.prefix: 'in/': goes with bucket only",
    ),
    ({"deliver": {"topicArn": "mail"}}, "deliver.topicArn: 'mail': must be a topic's ARN"),
    ({"deliver": {"topicArn": "arn:aws:sns:eu-west-1:111111111111:m"}}, "deliver.topicArn: 'arn:aws:sns:eu-"),
    ({"deliver": {"functionArn": "f"}}, "deliver.functionArn: 'f': must be a function's ARN"),
    ({"deliver": {"queue": "q"}}, "deliver.queue: 'q': unknown; known are bucket, prefix, topicArn"),
    ({"staticBounces": [{}]}, "staticBounces[0].recipients: missing: is required"),
    (
        {"staticBounces": [{"recipients": [], "smtpReplyCode": 250, "message": "a\nb"}]},
        "staticBounces[0].recipients: []: must not be empty",
    ),
    (
        {"staticBounces": [{"recipients": ["a@other.com"], "smtpReplyCode": "550", "message": "gone"}]},
        "staticBounces[0].recipients[0]: 'a@other.com': must be example.com or its address",
    ),
    (
        {"staticBounces": [{"recipients": [".example.com"], "smtpReplyCode": "550", "message": "gone"}]},
        "staticBounces[0].recipients[0]: '.example.com': must be example.com or its address",
    ),
    ({"ruleSet": "-x"}, "ruleSet: '-x': must be 1 to 64 letters"),
    ({"ruleSet": "x" * 65}, "ruleSet: 'xxx"),
    ({"replaceActive": "other"}, "replaceActive: 'other': goes with activate: true only"),
    ({"tlsPolicy": "Never"}, "tlsPolicy: 'Never': must be one of Optional, Require"),
    ({"bounceSenderArn": "arn"}, "bounceSenderArn: 'arn': must be an identity's ARN"),
    (
        {"bounceSender": "a@b.example.net", "bounceSenderArn": f"{OTHERS}/example.org"},
        f"bounceSenderArn: '{OTHERS}/example.org': must be the ARN of a@b.example.net, its domain",
    ),
    (
        {"bounceSender": "a@example.net", "bounceSenderArn": f"{OTHERS}/sub.example.net"},
        f"bounceSenderArn: '{OTHERS}/sub.example.net': must be the ARN of a@example.net",
    ),
    (
        {"bounceSenderArn": "arn:aws:ses:eu-west-1:222222222222:identity/example.com"},
        "bounceSenderArn: 'arn:aws:ses:eu-west-1:222222222222:identity/example.com': must be in us-east-1",
    ),
    (
        {"recipientArns": {"example.com": f"{OTHERS}/mailer-daemon@example.com"}},
        f"recipientArns.example.com: '{OTHERS}/mailer-daemon@example.com': must be the ARN of example.com",
    ),
    (
        {"recipientArns": {"example.com": "arn:aws:ses:eu-west-1:222222222222:identity/example.com"}},
        "recipientArns.example.com: 'arn:aws:ses:eu-west-1:222222222222:identity/example.com': must be in",
    ),
    ({"grants": [{}]}, "grants[0]: {}: must name either accountId or roleArn"),
    (
        {"grants": [{"accountId": 111111111111}]},
        "grants[0].accountId: 111111111111: must be an account",
    ),
    (
        {"grants": [{"roleArn": "arn:aws:iam::111111111111:user/u"}]},
        "grants[0].roleArn: 'arn:aws:iam::111111111111:user/u': must be a role's ARN",
    ),
    (
        {"grants": [{"accountId": "111111111111", "addresses": ["*@example.org"]}]},
        "grants[0].addresses[0]: '*@example.org': can never apply: example.com has no such address",
    ),
    (
        {"grants": [{"accountId": "111111111111", "authorizes": "recipient"}]},
        "grants[0].addresses: missing: is required: say from which addresses",
    ),
    (
        {"grants": [{"accountId": "111111111111", "actions": ["sqs:SendMessage"]}]},
        "grants[0].actions[0]: 'sqs:SendMessage': must be an action of SES",
    ),
    (
        {"grants": [{"accountId": "111111111111", "actions": ["ses:*", "ses:SendBounces"]}]},
        "grants[0].actions[1]: 'ses:SendBounces': can never apply: it is not among SendBounce, SendEmail",
    ),
    (
        {"grants": [{"accountId": f"{n:0>12}", "addresses": [f"{n:0>250}@example.com"]} for n in range(300)]},
        "grants: '300 grants': they need",
    ),
    ({"alarmTopicArn": "arn:aws:sns:eu-west-1:111111111111:ops"}, "alarmTopicArn: 'arn:aws:sns:eu-west-1:"),
    ({"logRetentionDays": 31}, "logRetentionDays: 31: must be one of 1, 3, 5"),
    ({"logRetentionDays": "month"}, "logRetentionDays: 'month': must be a whole number"),
    ({"architecture": "arm"}, "architecture: 'arm': must be one of arm64, x86_64"),
    ({"powertoolsLayerArn": "powertools"}, "powertoolsLayerArn: 'powertools': must be a layer version's ARN"),
    ({"tags": {"Team": 7}}, "tags.Team: 7: must be text"),
]


@pytest.mark.parametrize(("keys", "message"), MISTAKES, ids=[message[:40] for _, message in MISTAKES])
def test_a_mistake_is_refused_with_path_value_and_fix(keys: dict[str, Any], message: str) -> None:
    assert any(line.startswith(message) for line in refusals(**keys)), refusals(**keys)


def test_every_mistake_is_told_at_once() -> None:
    found = refusals(activat=True, logRetentionDays=31, mode="dry", grants=[{"accountId": "1"}])

    paths = [line.split(":")[0] for line in found]
    assert paths == ["activat", "grants[0].accountId", "logRetentionDays", "mode"]


def test_a_mistaken_value_does_not_hide_what_is_wrong_elsewhere() -> None:
    found = refusals(deliver={"bucket": "B"}, bounceSender="a@other.com", grants=[{}])

    assert [line.split(":")[0] for line in found] == ["deliver.bucket", "bounceSender", "grants[0]"]


def test_ses_does_not_receive_everywhere() -> None:
    assert refusals("ap-east-1")[0].startswith("aws:region: 'ap-east-1': SES does not receive in this Region")


def test_an_identity_owner_receives_nothing_and_may_be_anywhere() -> None:
    assert parse("ap-east-1", grants=[{"accountId": "111111111111"}]).grants


def test_more_mailboxes_than_a_rule_set_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MAX_RULES", 2)

    found = refusals(mailboxes=[f"m{number}@example.com" for number in range(1001)])

    assert found == [
        "mailboxes: '3 receipt rules of 500 recipients': SES takes 2 in a set; mailboxTable has no such limit"
    ]


def test_what_aws_takes_is_taken() -> None:
    read = parse(
        bounceSender="bounces@mail.example.net",
        bounceSenderArn=f"{OTHERS}/example.net",
        recipientArns={
            "sub.example.com": f"{OTHERS}/example.com",
            "a@example.com": f"{OTHERS}/a@example.com",
        },
        grants=[
            {"accountId": "333333333333", "addresses": ["*@example.com", "*", "*@*.example.com"]},
            {
                "roleArn": "arn:aws:iam::333333333333:role/x",
                "authorizes": "recipient",
                "addresses": ["d@a.org"],
            },
        ],
        subdomains=True,
        staticBounces=[
            {"recipients": ["x@sub.example.com", ".example.com"], "smtpReplyCode": 550, "message": "no"}
        ],
        activate=True,
        replaceActive="old",
        logRetentionDays=3653,
    )

    assert (read.bounce_sender, read.log_retention_days, read.mode) == (
        "bounces@mail.example.net",
        3653,
        "enforce",
    )


def test_values_come_as_text_and_are_read_by_their_kind(stack_config: dict[str, Any]) -> None:
    stack_config.update(
        {
            "aws:region": "us-east-1",
            "ses-bounce:domain": "example.com",
            "ses-bounce:subdomains": "true",
            "ses-bounce:logRetentionDays": "7",
            "ses-bounce:mailboxTable": "123",
            "ses-bounce:mailboxes": '["a@example.com"]',
        }
    )

    read = configuration.read()

    assert (read.subdomains, read.log_retention_days, read.mailbox_table) == (True, 7, "123")
    assert read.mailboxes == ["a@example.com"]


def test_the_region_of_the_environment_counts_where_the_file_names_none(
    stack_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    stack_config["ses-bounce:domain"] = "example.com"
    monkeypatch.setenv("AWS_REGION", "ap-east-1")

    with pytest.raises(InvalidConfiguration, match="SES does not receive in this Region"):
        configuration.read()


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_environments_of_this_project_are_sound(stack: str, stack_config: dict[str, Any]) -> None:
    stack_config.update(settings_of(stack))

    assert configuration.read().domain == "example.com"


def test_the_project_file_declares_keys_as_the_schema_does() -> None:
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]

    for key, declaration in declared.items():
        known = schema.SCHEMA["properties"][key]
        assert declaration["type"] == known["type"]
        assert declaration["description"] == known["description"]
        assert declaration.get("default") == known.get("default")
        assert "default" in declaration or key in schema.SCHEMA["required"], f"{key} would be required"


def test_schema_configuration_and_component_have_the_same_keys() -> None:
    keys = set(schema.SCHEMA["properties"])

    assert {schema_name(field.name) for field in dataclasses.fields(Configuration)} == keys
    assert {schema_name(name) for name in BounceServiceArgs.__annotations__} == keys
    assert {schema_name(python_name(key)) for key in keys} == keys


def test_defaults_are_the_schemas() -> None:
    for field in dataclasses.fields(Configuration):
        if field.default is not dataclasses.MISSING:
            known = schema.SCHEMA["properties"][schema_name(field.name)]
            assert field.default == known.get("default")


def test_the_reference_is_up_to_date() -> None:
    assert (ROOT / "docs/configuration.md").read_text() == reference.markdown()
