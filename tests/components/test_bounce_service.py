"""BounceService: all the parts, joined."""

import json
from typing import Any

import pulumi
import pytest
from component_world import Account, Deploy, Deployment

from components import BounceService
from components.errors import InvalidConfiguration

GONE = {"recipients": ["fax@example.com"], "smtpReplyCode": "550", "message": "Gone."}
GRANTS = [{"accountId": "222222222222"}]


def service(deploy: Deploy, account: Account | None = None, **args: Any) -> Deployment:
    return deploy(lambda: BounceService("svc", {"domain": "example.com", **args}), account)


def configuration(deployment: Deployment) -> Any:
    code = deployment.named("svc-handler-receipt-handler").inputs["code"]
    return json.loads(code.assets["configuration.json"].text)


def conditions(deployment: Deployment) -> Any:
    return deployment.named("svc-receiving-bounce-handler").inputs["recipients"]


def test_every_resource_belongs_to_a_component_and_is_named_after_it(deploy: Deploy) -> None:
    deployment = service(deploy, grants=GRANTS, mailboxes=["a@example.com"])

    by_urn = {one.urn: one for one in deployment.resources}
    for one in deployment.resources[2:]:
        parent = by_urn[one.parent]
        assert parent.type.startswith("ses-bounce:index:")
        assert one.name.startswith(f"{parent.name}-")


def test_the_outputs_are_what_others_need(deploy: Deploy) -> None:
    outputs = service(deploy).outputs

    assert outputs["rule_set_name"] == "ses-bounce-dev"
    assert outputs["handler_function_name"] == "svc-handler-receipt-handler"
    assert outputs["sender_function_arn"].endswith(":svc-handler-bounce-sender")
    assert outputs["queue_name"] == "svc-handler-requests"
    assert outputs["dead_letter_queue_url"].endswith("/svc-handler-dead-letters")
    assert outputs["identity_arns"] == ["arn:aws:sesv2:us-east-1:111111111111:svc-identity-email"]
    assert outputs["dns_records"][0]["type"] == "MX"


def test_the_rule_set_asks_the_handler_that_was_made_with_it(deploy: Deploy) -> None:
    deployment = service(deploy, rule_set="inbound")
    rule = deployment.named("svc-receiving-bounce-handler")

    assert rule.inputs["lambdaActions"][0]["functionArn"] == deployment.outputs["handler_function_arn"]
    assert deployment.outputs["rule_set_name"] == "inbound"
    assert "svc-handler-receipt-handler" in deployment.before(rule)


def test_what_is_unique_in_an_account_and_region_is_named_after_the_rule_set(deploy: Deploy) -> None:
    deployment = service(deploy, rule_set="in.bound")

    environment = deployment.named("svc-handler-bounce-sender").inputs["environment"]["variables"]
    assert environment["POWERTOOLS_SERVICE_NAME"] == "in.bound"
    assert deployment.named("svc-monitoring-ses-throttles").inputs["dimensions"] == {"service": "in.bound"}
    assert deployment.of("Dashboard")[0].inputs["dashboardName"] == "in-bound"


def test_the_functions_get_the_decision_part_and_nothing_else(deploy: Deploy) -> None:
    rules = [{"action": "drop", "senders": ["*@spam.example"]}]
    deployment = service(
        deploy, rules=rules, mode="observe", alarm_topic_arn="arn:aws:sns:us-east-1:111111111111:o"
    )

    assert configuration(deployment) == {"domain": "example.com", "rules": rules, "mode": "observe"}


def test_the_handler_leaves_alone_whom_ses_bounces_by_itself(deploy: Deploy) -> None:
    deployment = service(deploy, static_bounces=[GONE], rules=[{"action": "accept"}])

    first, second = configuration(deployment)["rules"]
    assert (first["recipients"], first["action"]) == (["fax@example.com"], "drop")
    assert second == {"action": "accept"}
    static = deployment.named("svc-receiving-static-bounce-1")
    assert static.inputs["bounceActions"][0]["sender"] == "mailer-daemon@example.com"
    assert static.inputs["enabled"] is True


def test_observing_bounces_nothing_and_refuses_nothing(deploy: Deploy) -> None:
    deployment = service(deploy, mode="observe", mailboxes=["a@example.com"], static_bounces=[GONE])

    assert deployment.named("svc-receiving-static-bounce-1").inputs["enabled"] is False
    assert conditions(deployment) == ["example.com"]
    assert "rules" not in configuration(deployment)


def test_a_list_of_mailboxes_lets_ses_refuse_all_others(deploy: Deploy) -> None:
    assert conditions(service(deploy, mailboxes=["b@example.com", "a@example.com"])) == [
        "a@example.com",
        "b@example.com",
    ]
    assert conditions(service(deploy, mailboxes=["*@example.com"])) == ["example.com"]


def test_a_domain_is_deployed_as_its_a_label(deploy: Deploy) -> None:
    deployment = deploy(lambda: BounceService("svc", {"domain": "bücher.example"}))

    assert deployment.of("EmailIdentity")[0].inputs["emailIdentity"] == "xn--bcher-kva.example"
    assert conditions(deployment) == ["xn--bcher-kva.example"]


def test_an_identity_owner_has_the_identity_and_its_policies_only(deploy: Deploy) -> None:
    deployment = service(deploy, grants=GRANTS, zone_id="Z1", subdomains=False, log_retention_days=30)

    kinds = {one.type for one in deployment.resources if one.type.startswith("aws:")}
    assert kinds == {
        "aws:sesv2/emailIdentity:EmailIdentity",
        "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes",
        "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy",
        "aws:route53/record:Record",
    }
    assert "MX" not in {
        one["type"] for one in deployment.outputs["dns_records"] if one["name"] == "example.com"
    }
    assert "rule_set_name" not in deployment.outputs


def test_policies_are_attached_to_an_identity_that_exists(deploy: Deploy) -> None:
    deployment = service(deploy, grants=GRANTS)

    (policy,) = deployment.of("EmailIdentityPolicy")
    assert "svc-identity-email" in {
        *deployment.before(policy),
        *deployment.before(deployment.named("svc-grants")),
    }


def test_an_owner_that_receives_too_has_everything(deploy: Deploy) -> None:
    deployment = service(deploy, grants=GRANTS, mailboxes=["a@example.com"])

    assert deployment.of("EmailIdentityPolicy")
    assert deployment.of("ReceiptRule")


ACCEPTING: list[dict[str, Any]] = [
    {},
    {"mailboxes": ["a@example.com"]},
    {"mailbox_table": "mailboxes"},
    {"otherwise": {"action": "drop"}, "rules": [{"action": "accept"}]},
    {"otherwise": {"action": "drop"}, "mode": "observe"},
]


@pytest.mark.parametrize("args", ACCEPTING)
def test_it_warns_when_accepted_mail_goes_nowhere(deploy: Deploy, args: dict[str, Any]) -> None:
    (warning,) = service(deploy, **args).warnings

    assert warning.startswith("accepted mail goes nowhere")
    assert service(deploy, **args, deliver={"bucket": "mail"}).warnings == []


@pytest.mark.parametrize("args", [{"otherwise": {"action": "drop"}}, {"mailboxes": []}])
def test_it_does_not_warn_when_no_mail_is_accepted(deploy: Deploy, args: dict[str, Any]) -> None:
    assert service(deploy, **args).warnings == []


def test_every_mistake_is_told_before_anything_is_registered(deploy: Deploy) -> None:
    with pytest.raises(InvalidConfiguration) as refused:
        service(deploy, mode="dry", log_retention_days=31)

    assert [error.path for error in refused.value.errors] == ["logRetentionDays", "mode"]


def test_the_region_of_the_provider_counts(deploy: Deploy) -> None:
    with pytest.raises(InvalidConfiguration, match="aws:region: 'ap-east-1'"):
        service(deploy, Account(region="ap-east-1"))


def test_inputs_may_come_from_other_resources(deploy: Deploy) -> None:
    def later(value: Any) -> pulumi.Output[Any]:
        return pulumi.Output.from_input(value)

    deployment = service(
        deploy,
        domain=later("example.com"),
        mailboxes=later(["a@example.com"]),
        rules=[{"action": "drop", "recipients": [later("b@example.com")]}],
        grants=[{"accountId": later("222222222222")}],
        deliver={"bucket": later("made-elsewhere")},
        alarm_topic_arn=later("arn:aws:sns:us-east-1:111111111111:ops"),
        log_retention_days=later(14),
    )

    assert conditions(deployment) == ["a@example.com", "b@example.com"]
    assert configuration(deployment)["rules"] == [{"action": "drop", "recipients": ["b@example.com"]}]
    assert deployment.of("EmailIdentityPolicy")[0].document("policy")["Statement"][0]["Principal"]


def test_mistakes_in_inputs_from_other_resources_are_found_when_they_are_known(deploy: Deploy) -> None:
    with pytest.raises(InvalidConfiguration, match="mode: 'dry': must be one of"):
        service(deploy, mode=pulumi.Output.from_input("dry"))


def test_nothing_that_a_preview_does_not_know_is_looked_into(deploy: Deploy) -> None:
    account = Account(unknown=frozenset({"arn", "url", "name", "dkimSigningAttributes"}))

    deployment = deploy(
        lambda: BounceService("svc", {"domain": "example.com", "mailboxes": ["a@example.com"]}),
        account,
        preview=True,
    )

    assert conditions(deployment) == ["a@example.com"]


def test_tags_reach_every_resource_that_takes_them(deploy: Deploy) -> None:
    deployment = service(deploy, tags={"Team": "mail"}, mailbox_table="mailboxes", create_mailbox_table=True)

    tagged = {
        one.type.split(":")[-1] for one in deployment.resources if one.inputs.get("tags") == {"Team": "mail"}
    }
    assert tagged == {"EmailIdentity", "Queue", "Table", "Role", "LogGroup", "Function", "MetricAlarm"}
    for kind in tagged:
        assert all("tags" in one.inputs for one in deployment.of(kind))
