"""The protocol: configuration, tags of the provider, drift, half-made resources, functions."""

from typing import Any

import pytest
from provider_driver import ACCOUNT, REGION, Driver
from provider_samples import SAMPLES, TRUST
from pulumi.runtime.proto import provider_pb2 as proto

from offline.provider import wire
from offline.provider.check import Failure
from offline.provider.configuration import Configuration, check_configuration, configuration
from offline.provider.errors import InitializationError, ProviderError
from offline.provider.servicer import AwsProvider

QUEUE = "aws:sqs/queue:Queue"
TABLE = "aws:dynamodb/table:Table"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, Configuration("111111111111", "us-east-1")),
        ({"region": "eu-west-1"}, Configuration("111111111111", "eu-west-1")),
        ({"allowedAccountIds": '["222222222222"]'}, Configuration("222222222222", "us-east-1")),
        ({"allowedAccountIds": ["222222222222"]}, Configuration("222222222222", "us-east-1")),
        (
            {"assumeRoles": '[{"roleArn": "arn:aws:iam::333333333333:role/ops/deployer"}]'},
            Configuration("333333333333", "us-east-1", "deployer"),
        ),
        (
            {"defaultTags": '{"tags": {"team": "mail"}}', "profile": "mine", "maxRetries": "3"},
            Configuration("111111111111", "us-east-1", default_tags={"team": "mail"}),
        ),
        ({"region": wire.UNKNOWN}, Configuration(wire.UNKNOWN, wire.UNKNOWN)),
    ],
)
def test_account_and_region_are_those_of_the_configuration(
    given: dict[str, Any], expected: Configuration
) -> None:
    assert not check_configuration(given)
    assert configuration(given) == expected


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"regoin": "eu-west-1"}, "regoin"),
        ({"allowedAccountIds": "111111111111"}, "allowedAccountIds"),
        ({"allowedAccountIds": '["1111"]'}, "allowedAccountIds[0]"),
        ({"assumeRoles": "[{}]"}, "assumeRoles[0].roleArn"),
        ({"assumeRoles": '[{"roleArn": "deployer"}]'}, "assumeRoles[0].roleArn"),
        ({"defaultTags": '{"team": "mail"}'}, "defaultTags.team"),
    ],
)
def test_a_wrong_configuration_is_refused_by_path(given: dict[str, Any], path: str) -> None:
    assert [failure.path for failure in check_configuration(given)] == [path]


def test_an_account_that_is_not_allowed_is_refused() -> None:
    role = '[{"roleArn": "arn:aws:iam::333333333333:role/deployer"}]'
    with pytest.raises(ProviderError, match="AWS account ID not allowed: 333333333333"):
        configuration({"assumeRoles": role, "allowedAccountIds": '["111111111111"]'})


def test_a_provider_that_is_not_configured_does_nothing(endpoint: str) -> None:
    with pytest.raises(ProviderError, match="not configured"):
        AwsProvider(endpoint).Create(proto.CreateRequest(urn=Driver.urn(QUEUE)))


def test_a_preview_works_before_the_account_is_known(driver: Driver) -> None:
    unknown = Driver(driver.endpoint, {"region": wire.UNKNOWN})
    assert unknown.preview(QUEUE, {})["region"] == wire.UNKNOWN


def test_changed_configuration_is_a_difference_of_the_provider(driver: Driver) -> None:
    here, there = wire.dump({"region": "eu-west-1"}), wire.dump({"region": "us-east-1"})
    same = driver.provider.DiffConfig(proto.DiffRequest(old_inputs=here, news=here))
    other = driver.provider.DiffConfig(proto.DiffRequest(old_inputs=here, news=there))
    assert same.changes == proto.DiffResponse.DIFF_NONE
    assert other.changes == proto.DiffResponse.DIFF_SOME


def test_tags_of_the_provider_are_on_every_resource(endpoint: str) -> None:
    tags = '{"tags": {"team": "mail", "stage": "dev"}}'
    tagging = Driver(endpoint, {"region": REGION, "defaultTags": tags})
    made = tagging.create(QUEUE, {"tags": {"stage": "prod"}})
    assert made.state["tags"] == {"stage": "prod"}
    assert made.state["tagsAll"] == {"team": "mail", "stage": "prod"}
    assert tagging.client("sqs").list_queue_tags(QueueUrl=made.id)["Tags"] == made.state["tagsAll"]
    assert tagging.refresh(made) == made
    untagged = tagging.update(made, {})
    assert tagging.client("sqs").list_queue_tags(QueueUrl=made.id)["Tags"] == {"team": "mail", "stage": "dev"}
    assert tagging.refresh(untagged) == untagged


def test_drift_is_found_and_repaired(driver: Driver) -> None:
    inputs = {"visibilityTimeoutSeconds": 60, "tags": {"stage": "dev"}}
    made = driver.create(QUEUE, inputs)
    sqs = driver.client("sqs")
    changed = {"VisibilityTimeout": "5", "KmsMasterKeyId": "alias/theirs"}
    sqs.set_queue_attributes(QueueUrl=made.id, Attributes=changed)
    sqs.tag_queue(QueueUrl=made.id, Tags={"hand": "made"})
    found = driver.refresh(made)
    assert found is not None
    assert found.inputs["visibilityTimeoutSeconds"] == 5
    assert found.inputs["kmsMasterKeyId"] == "alias/theirs"
    assert found.inputs["tags"] == {"stage": "dev", "hand": "made"}
    assert set(driver.diff(found, inputs).diffs) == {
        "visibilityTimeoutSeconds",
        "kmsMasterKeyId",
        "tags.hand",
    }
    repaired = driver.update(found, inputs)
    assert driver.refresh(repaired) == repaired
    attributes = sqs.get_queue_attributes(QueueUrl=made.id, AttributeNames=["All"])["Attributes"]
    assert attributes["VisibilityTimeout"] == "60"
    assert sqs.list_queue_tags(QueueUrl=made.id)["Tags"] == {"stage": "dev"}


def test_a_policy_edited_by_hand_is_drift_and_one_spelled_otherwise_is_not(driver: Driver) -> None:
    role = driver.create("aws:iam/role:Role", {"name": "worker", "assumeRolePolicy": TRUST})
    iam = driver.client("iam")
    iam.update_assume_role_policy(RoleName="worker", PolicyDocument=TRUST.replace(", ", ",\n"))
    assert driver.refresh(role) == role
    iam.update_assume_role_policy(RoleName="worker", PolicyDocument=TRUST.replace("lambda.", "ses."))
    found = driver.refresh(role)
    assert found is not None
    assert "ses.amazonaws.com" in found.inputs["assumeRolePolicy"]


def test_a_resource_made_by_halves_is_told_with_its_id(driver: Driver) -> None:
    inputs = {**SAMPLES[TABLE].inputs, "ttl": {"attributeName": "", "enabled": True}}
    with pytest.raises(InitializationError, match="AttributeName") as caught:
        driver.create(TABLE, inputs)
    error = caught.value
    assert error.resource_id == "ledger"
    assert error.inputs["ttl"] == inputs["ttl"]
    assert error.properties["hashKey"] == "id"
    assert error.properties["region"] == REGION


def test_aws_words_come_through(driver: Driver) -> None:
    with pytest.raises(ProviderError, match=r"\(RuleSetDoesNotExist\) when calling the CreateReceiptRule"):
        driver.create("aws:ses/receiptRule:ReceiptRule", {"name": "rule", "ruleSetName": "none"})


def test_a_preview_of_an_update_knows_what_stays(driver: Driver) -> None:
    made = driver.create(QUEUE, {"delaySeconds": 1, "tags": {"a": "b"}})
    shown = driver.update(made, {"delaySeconds": 2}, preview=True)
    assert shown.state["arn"] == made.state["arn"]
    assert shown.state["delaySeconds"] == 2
    assert "tags" not in shown.state
    assert driver.refresh(made) == made


def test_a_rule_moves_behind_another_and_to_the_front(driver: Driver) -> None:
    ses = driver.client("ses")
    driver.create("aws:ses/receiptRuleSet:ReceiptRuleSet", {"ruleSetName": "inbound"})

    def rule(name: str, **after: str) -> dict[str, Any]:
        return {"name": name, "ruleSetName": "inbound", **after}

    def order() -> list[str]:
        rules = ses.describe_receipt_rule_set(RuleSetName="inbound")["Rules"]
        return [each["Name"] for each in rules]

    token = "aws:ses/receiptRule:ReceiptRule"
    driver.create(token, rule("first"), "first")
    driver.create(token, rule("second", after="first"), "second")
    third = driver.create(token, rule("third", after="second"), "third")
    assert order() == ["first", "second", "third"]
    third = driver.update(third, rule("third", after="first"))
    assert order() == ["first", "third", "second"]
    driver.update(third, rule("third"))
    assert order() == ["third", "first", "second"]


def test_functions_answer_for_the_providers_account_and_region(driver: Driver) -> None:
    assert driver.invoke("aws:index/getCallerIdentity:getCallerIdentity")["accountId"] == ACCOUNT
    assert driver.invoke("aws:index/getRegion:getRegion")["region"] == REGION
    assert driver.invoke("aws:index/getRegion:getRegion", {"region": "us-west-2"})["region"] == "us-west-2"


def test_the_active_rule_set(driver: Driver) -> None:
    token = "aws:ses/getActiveReceiptRuleSet:getActiveReceiptRuleSet"
    with pytest.raises(ProviderError, match="reading SES Active Receipt Rule Set: empty result"):
        driver.invoke(token)
    driver.create("aws:ses/receiptRuleSet:ReceiptRuleSet", {"ruleSetName": "inbound"})
    driver.create("aws:ses/activeReceiptRuleSet:ActiveReceiptRuleSet", {"ruleSetName": "inbound"})
    assert driver.invoke(token) == {
        "arn": f"arn:aws:ses:{REGION}:{ACCOUNT}:receipt-rule-set/inbound",
        "id": "inbound",
        "region": REGION,
        "ruleSetName": "inbound",
    }


def test_a_buckets_policy(driver: Driver) -> None:
    token = "aws:s3/getBucketPolicy:getBucketPolicy"
    sample = SAMPLES["aws:s3/bucketPolicy:BucketPolicy"]
    driver.create(*sample.needs[0])
    with pytest.raises(ProviderError, match="NoSuchBucketPolicy"):
        driver.invoke(token, {"bucket": sample.inputs["bucket"]})
    driver.create("aws:s3/bucketPolicy:BucketPolicy", sample.inputs)
    assert driver.invoke(token, {"bucket": sample.inputs["bucket"]})["policy"] == sample.inputs["policy"]


def test_a_functions_arguments_are_checked(driver: Driver) -> None:
    answer = driver.provider.Invoke(
        proto.InvokeRequest(tok="aws:s3/getBucketPolicy:getBucketPolicy", args=wire.dump({"buckt": "b"}))
    )
    assert {Failure(each.property, "").path for each in answer.failures} == {"buckt", "bucket"}
