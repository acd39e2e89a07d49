"""Diff: meaning, not spelling; paths as Pulumi shows them; replacements where AWS has no call to change."""

from typing import Any

import pytest
from provider_driver import ACCOUNT, REGION, Driver, Made
from provider_samples import SAMPLES, code
from pulumi.runtime.proto import provider_pb2 as proto

from offline.provider.catalogue import RESOURCES
from offline.provider.check import check
from offline.provider.diff import delete_before_replace, differences
from offline.provider.wire import UNKNOWN

QUEUE = "aws:sqs/queue:Queue"
RULE = "aws:ses/receiptRule:ReceiptRule"
TABLE = "aws:dynamodb/table:Table"
FUNCTION = "aws:lambda/function:Function"

REPLACED = {
    # Type and immutable properties, as in the resources' documentation in the Terraform AWS provider that
    # pulumi-aws is made of ("Forces new resource").
    "aws:cloudwatch/dashboard:Dashboard": {"dashboardName"},
    "aws:cloudwatch/logGroup:LogGroup": {"logGroupClass", "name"},
    "aws:cloudwatch/metricAlarm:MetricAlarm": {"name"},
    "aws:dynamodb/table:Table": {"hashKey", "name", "rangeKey"},
    "aws:iam/role:Role": {"name", "path"},
    "aws:iam/rolePolicy:RolePolicy": {"name", "role"},
    "aws:lambda/eventSourceMapping:EventSourceMapping": {"eventSourceArn"},
    "aws:lambda/function:Function": {"name"},
    "aws:lambda/permission:Permission": {
        "action",
        "function",
        "principal",
        "sourceAccount",
        "sourceArn",
        "statementId",
    },
    "aws:route53/record:Record": {"name", "zoneId"},
    "aws:s3/bucket:Bucket": {"bucket"},
    "aws:s3/bucketPolicy:BucketPolicy": {"bucket"},
    "aws:ses/activeReceiptRuleSet:ActiveReceiptRuleSet": set(),
    "aws:ses/receiptRule:ReceiptRule": {"name", "ruleSetName"},
    "aws:ses/receiptRuleSet:ReceiptRuleSet": {"ruleSetName"},
    "aws:sesv2/emailIdentity:EmailIdentity": {"emailIdentity"},
    "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes": {"emailIdentity"},
    "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy": {"emailIdentity", "policyName"},
    "aws:sns/topic:Topic": {"fifoTopic", "name"},
    "aws:sns/topicPolicy:TopicPolicy": {"arn"},
    "aws:sqs/queue:Queue": {"fifoQueue", "name"},
}


def changes(token: str, olds: dict[str, Any], news: dict[str, Any]) -> dict[str, tuple[str, bool]]:
    """Kind of change, and whether it replaces, by path."""
    found = differences(RESOURCES[token].inputs, olds, news)
    return {each.path: (each.change, each.replaces) for each in found}


def changed(token: str, **inputs: Any) -> dict[str, tuple[str, bool]]:
    olds = SAMPLES[token].inputs
    return changes(token, olds, {**olds, **inputs})


@pytest.mark.parametrize("token", RESOURCES)
def test_immutable_properties_replace_and_no_others(token: str) -> None:
    declared = {key for key, prop in RESOURCES[token].inputs.items() if prop.replaces}
    assert declared - {"region"} == REPLACED[token]
    assert ("region" in declared) == RESOURCES[token].regional


def test_the_order_of_a_set_and_the_spelling_of_json_mean_nothing() -> None:
    assert not changed(RULE, recipients=[".example.com", "example.com"])
    policy = SAMPLES[QUEUE].inputs["redrivePolicy"]
    assert not changed(QUEUE, redrivePolicy=policy.replace(": ", ":  "))
    assert changed(QUEUE, redrivePolicy=policy.replace("1000", "999")) == {"redrivePolicy": ("update", False)}


def test_paths_say_what_changed_inside() -> None:
    variables = {"environment": {"variables": {"LEVEL": "INFO", "a b": "c"}}}
    olds = {**SAMPLES[FUNCTION].inputs, **variables}
    news = {**olds, "environment": {"variables": {"LEVEL": "DEBUG", "MORE": ""}}}
    assert changes(FUNCTION, olds, news) == {
        "environment.variables.LEVEL": ("update", False),
        "environment.variables.MORE": ("add", False),
        'environment.variables["a b"]': ("delete", False),
    }
    assert changed(FUNCTION, architectures=["x86_64"]) == {"architectures[0]": ("update", False)}
    assert changed(FUNCTION, layers=["arn:layer"]) == {"layers": ("add", False)}


def test_files_are_told_apart_by_their_hash() -> None:
    elsewhere = {**code("v1"), "path": "another/path"}
    assert not changed(FUNCTION, code=elsewhere)
    assert changed(FUNCTION, code=code("v2")) == {"code": ("update", False)}


def test_what_aws_chose_is_no_difference_when_the_program_says_nothing() -> None:
    olds = {**SAMPLES[TABLE].inputs, "readCapacity": 5}
    assert not changes(TABLE, olds, SAMPLES[TABLE].inputs)
    assert changes(TABLE, olds, {**olds, "readCapacity": 6}) == {"readCapacity": ("update", False)}


def test_an_unknown_value_counts_as_another() -> None:
    assert changed(QUEUE, name=UNKNOWN) == {"name": ("update", True)}
    nested = {"bounceActions": [{**SAMPLES[RULE].inputs["bounceActions"][0], "sender": UNKNOWN}]}
    assert changed(RULE, **nested) == {"bounceActions": ("update", False)}


def test_a_named_resource_that_keeps_its_name_is_deleted_before_it_is_replaced() -> None:
    properties = RESOURCES["aws:iam/role:Role"].inputs

    def first(olds: dict[str, Any], news: dict[str, Any]) -> bool:
        before, _ = check(properties, olds, {}, "it", b"1")
        after, _ = check(properties, news, before, "it", b"2")
        return delete_before_replace(properties, before, after)

    assert first({"name": "worker", "path": "/a/"}, {"name": "worker", "path": "/b/"})
    assert not first({"name": "worker"}, {"name": "other"})
    assert not first({"path": "/a/"}, {"path": "/b/"})


def test_the_engine_is_told_each_path_with_its_kind(driver: Driver) -> None:
    made = driver.create(QUEUE, {"fifoQueue": False, "delaySeconds": 1, "tags": {"a": "b"}})
    answer = driver.diff(made, {"fifoQueue": True, "tags": {"a": "c"}})
    kinds = {path: each.kind for path, each in answer.detailedDiff.items()}
    assert kinds == {
        "fifoQueue": proto.PropertyDiff.UPDATE_REPLACE,
        "delaySeconds": proto.PropertyDiff.UPDATE,
        "tags.a": proto.PropertyDiff.UPDATE,
    }
    assert all(each.inputDiff for each in answer.detailedDiff.values())
    assert list(answer.replaces) == ["fifoQueue"]
    assert answer.changes == proto.DiffResponse.DIFF_SOME
    assert answer.hasDetailedDiff
    assert not answer.deleteBeforeReplace


def test_a_resource_of_another_region_is_another_resource(driver: Driver) -> None:
    made = driver.create(QUEUE, {})
    moved = Driver(driver.endpoint, {"region": "us-east-1", "allowedAccountIds": f'["{ACCOUNT}"]'})
    assert list(moved.diff(made, {}).replaces) == ["region"]
    assert not moved.diff(made, {"region": REGION}).diffs
    assert moved.refresh(made) == made
    there = driver.create(QUEUE, {"region": "us-west-2"}, "there")
    assert there.state["arn"].startswith("arn:aws:sqs:us-west-2:")
    assert driver.refresh(there) == there
    driver.delete(there)
    assert driver.refresh(Made(there.urn, there.id, there.inputs, there.state)) is None
