"""ReceiptRules: SES gets its permission before its rule, and no rule set is pushed out unasked."""

import json
from typing import Any

import pulumi
import pytest
from component_world import Account, Deploy, Deployment

from components import ReceiptRules
from components.errors import InvalidConfiguration
from components.receipt_rules import ReceiptRulesArgs

FUNCTION = "arn:aws:lambda:us-east-1:111111111111:function:handler"
RULES = "arn:aws:ses:us-east-1:111111111111:receipt-rule-set/inbound:receipt-rule"
ARGS: ReceiptRulesArgs = {"rule_set": "inbound", "function_arn": FUNCTION, "recipients": ["example.com"]}
GONE = {"recipients": ["fax@example.com"], "smtpReplyCode": 550, "statusCode": "5.1.6", "message": "Gone."}


def rules(deploy: Deploy, account: Account | None = None, **args: Any) -> Deployment:
    return deploy(lambda: ReceiptRules("in", {**ARGS, **args}), account)  # type: ignore[typeddict-item]


def test_the_function_is_asked_and_its_answer_awaited(deploy: Deploy) -> None:
    (rule,) = rules(deploy).of("ReceiptRule")

    assert rule.inputs["lambdaActions"] == [
        {"functionArn": FUNCTION, "invocationType": "RequestResponse", "position": 1}
    ]
    assert rule.inputs["recipients"] == ["example.com"]
    assert rule.inputs["enabled"] is True


def test_verdicts_are_asked_for_explicitly_and_tls_as_told(deploy: Deploy) -> None:
    (default,) = rules(deploy).of("ReceiptRule")
    (strict,) = rules(deploy, tls_policy="Require").of("ReceiptRule")

    assert (default.inputs["scanEnabled"], default.inputs["tlsPolicy"]) == (True, "Optional")
    assert strict.inputs["tlsPolicy"] == "Require"


def test_ses_may_invoke_for_exactly_this_rule_of_this_account_before_the_rule_is_made(deploy: Deploy) -> None:
    deployment = rules(deploy)
    (permission,) = deployment.of("Permission")
    (rule,) = deployment.of("ReceiptRule")

    assert permission.inputs == {
        "action": "lambda:InvokeFunction",
        "function": FUNCTION,
        "principal": "ses.amazonaws.com",
        "sourceAccount": "111111111111",
        "sourceArn": f"{RULES}/{rule.inputs['name']}",
    }
    assert permission.name in deployment.before(rule)


def test_more_recipients_than_a_rule_takes_are_split_and_each_rule_has_its_permission(deploy: Deploy) -> None:
    addresses = [f"m{number}@example.com" for number in range(1200)]
    deployment = rules(deploy, recipients=addresses)

    made = sorted(deployment.of("ReceiptRule"), key=lambda one: len(deployment.before(one)))
    assert [one.inputs["name"] for one in made] == ["bounce-handler", "bounce-handler-2", "bounce-handler-3"]
    assert [one.inputs.get("after") for one in made] == [None, "bounce-handler", "bounce-handler-2"]
    assert [address for one in made for address in one.inputs["recipients"]] == addresses
    assert {one.inputs["sourceArn"] for one in deployment.of("Permission")} == {
        f"{RULES}/{one.inputs['name']}" for one in made
    }


def test_static_bounces_come_first_in_their_order(deploy: Deploy) -> None:
    deployment = rules(
        deploy, bounce_sender="d@example.com", static_bounces=[GONE, {**GONE, "message": "No."}]
    )

    first, second, handler = deployment.outputs["rule_names"]
    assert [first, second, handler] == ["static-bounce-1", "static-bounce-2", "bounce-handler"]
    assert deployment.named("in-bounce-handler").inputs["after"] == "static-bounce-2"
    assert deployment.named("in-static-bounce-1").inputs["bounceActions"] == [
        {
            "smtpReplyCode": "550",
            "statusCode": "5.1.6",
            "message": "Gone.",
            "sender": "d@example.com",
            "position": 1,
        }
    ]
    assert deployment.named("in-static-bounce-1").inputs["recipients"] == ["fax@example.com"]


def test_static_bounces_can_be_kept_without_effect(deploy: Deploy) -> None:
    deployment = rules(
        deploy, bounce_sender="d@example.com", static_bounces=[GONE], static_bounces_enabled=False
    )

    assert deployment.named("in-static-bounce-1").inputs["enabled"] is False
    assert deployment.named("in-bounce-handler").inputs["enabled"] is True


DELIVER = {
    "bucket": "mail",
    "prefix": "in/",
    "topicArn": "arn:aws:sns:us-east-1:111111111111:mail",
    "functionArn": "arn:aws:lambda:us-east-1:111111111111:function:deliver",
}


def test_accepted_mail_is_delivered_after_the_handler_let_it_pass(deploy: Deploy) -> None:
    (rule,) = rules(deploy, deliver=DELIVER).of("ReceiptRule")

    assert rule.inputs["s3Actions"] == [{"bucketName": "mail", "objectKeyPrefix": "in/", "position": 2}]
    assert rule.inputs["snsActions"] == [{"topicArn": DELIVER["topicArn"], "position": 3}]
    assert rule.inputs["lambdaActions"][1] == {
        "functionArn": DELIVER["functionArn"],
        "invocationType": "Event",
        "position": 4,
    }


def test_bucket_topic_and_function_let_ses_in_before_the_rule_is_made(deploy: Deploy) -> None:
    deployment = rules(deploy, deliver=DELIVER)
    (rule,) = deployment.of("ReceiptRule")
    (bucket,), (topic,) = deployment.of("BucketPolicy"), deployment.of("TopicPolicy")
    (function,) = [one for one in deployment.of("Permission") if "deliver" in one.inputs["function"]]

    assert {bucket.name, topic.name, function.name} <= set(deployment.before(rule))
    assert bucket.document("policy")["Statement"][0]["Resource"] == "arn:aws:s3:::mail/in/*"
    for statement in (bucket.document("policy")["Statement"][0], topic.document("policy")["Statement"][1]):
        assert statement["Condition"]["StringEquals"] == {
            "aws:SourceAccount": "111111111111",
            "aws:SourceArn": f"{RULES}/bounce-handler",
        }


def test_policies_are_left_alone_when_their_owner_keeps_them(deploy: Deploy) -> None:
    deployment = rules(deploy, deliver={**DELIVER, "attachPolicies": False})

    assert deployment.of("BucketPolicy") == deployment.of("TopicPolicy") == []


def policy(sid: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Sid": sid, "Effect": "Deny"}]})


def test_a_buckets_own_policy_is_not_replaced(deploy: Deploy) -> None:
    with pytest.raises(InvalidConfiguration, match=r"deliver.bucket: 'mail': has a policy of its own"):
        rules(deploy, Account(bucket_policies={"mail": policy("TlsOnly")}), deliver={"bucket": "mail"})


def test_the_policy_of_the_last_deployment_is_replaced(deploy: Deploy) -> None:
    account = Account(bucket_policies={"mail": policy("SesBounceDelivery")})

    assert rules(deploy, account, deliver={"bucket": "mail"}).of("BucketPolicy")


def test_a_bucket_made_by_the_same_program(deploy: Deploy) -> None:
    (rule,) = rules(deploy, deliver={"bucket": pulumi.Output.from_input("made")}).of("ReceiptRule")

    assert rule.inputs["s3Actions"][0]["bucketName"] == "made"


def test_nothing_is_activated_unasked(deploy: Deploy) -> None:
    assert rules(deploy, Account(active_rule_set="theirs")).of("ActiveReceiptRuleSet") == []


@pytest.mark.parametrize("active", [None, "inbound"])
def test_the_set_is_activated_after_all_its_rules(deploy: Deploy, active: str | None) -> None:
    deployment = rules(
        deploy,
        Account(active_rule_set=active),
        activate=True,
        bounce_sender="d@example.com",
        static_bounces=[GONE],
    )
    (activation,) = deployment.of("ActiveReceiptRuleSet")

    assert activation.inputs["ruleSetName"] == "inbound"
    assert {"in-static-bounce-1", "in-bounce-handler"} <= set(deployment.before(activation))


def test_another_active_set_is_not_replaced_and_nothing_is_registered(deploy: Deploy) -> None:
    for named in ({}, {"replace_active": "other"}):
        with pytest.raises(InvalidConfiguration, match=r"theirs receives mail .* replaceActive: theirs"):
            rules(deploy, Account(active_rule_set="theirs"), activate=True, **named)


@pytest.mark.parametrize("text", ["couldn't find resource", "RuleSetDoesNotExist: Rule set does not exist"])
def test_a_provider_says_in_several_ways_that_no_set_is_active(deploy: Deploy, text: str) -> None:
    assert rules(deploy, Account(no_active_rule_set=text), activate=True).of("ActiveReceiptRuleSet")


def test_not_being_allowed_to_look_is_not_taken_for_no_active_set(deploy: Deploy) -> None:
    with pytest.raises(Exception, match="AccessDenied"):
        rules(deploy, Account(no_active_rule_set="AccessDenied: not authorized"), activate=True)


def test_a_set_that_is_named_may_be_replaced(deploy: Deploy) -> None:
    account = Account(active_rule_set="theirs")

    assert rules(deploy, account, activate=True, replace_active="theirs").of("ActiveReceiptRuleSet")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"static_bounces": [{**GONE, "smtpReplyCode": 250}]}, r"staticBounces\[0\].smtpReplyCode: 250"),
        ({"static_bounces": [GONE]}, "bounceSender: missing"),
        ({"deliver": {"bucket": "B"}}, "deliver.bucket: 'B'"),
        ({"rule_set": "a b"}, "ruleSet: 'a b'"),
        (
            {"deliver": pulumi.Output.from_input({"bucket": "b"})},
            "deliver: 'an Output': must be the list or object",
        ),
    ],
)
def test_what_ses_would_refuse_is_refused(deploy: Deploy, args: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidConfiguration, match=message):
        rules(deploy, **args)


def test_recipients_known_only_later_are_one_rule_if_it_takes_them(deploy: Deploy) -> None:
    later = pulumi.Output.from_input([f"m{number}@example.com" for number in range(500)])
    assert len(rules(deploy, recipients=later).of("ReceiptRule")) == 1

    with pytest.raises(InvalidConfiguration, match="501 recipients"):
        rules(deploy, recipients=pulumi.Output.from_input(["m@example.com"] * 501))


def test_static_bounces_with_values_known_only_later(deploy: Deploy) -> None:
    bounce = {**GONE, "recipients": [pulumi.Output.from_input("fax@example.com")]}
    deployment = rules(
        deploy, static_bounces=[bounce], bounce_sender=pulumi.Output.from_input("d@example.com")
    )

    rule = deployment.named("in-static-bounce-1")
    assert rule.inputs["recipients"] == ["fax@example.com"]
    assert rule.inputs["bounceActions"][0]["smtpReplyCode"] == "550"
