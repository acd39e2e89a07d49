"""Check: what AWS would refuse is named by its path, what the program leaves out is filled in."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_driver import Driver
from provider_samples import SAMPLES

from offline.provider.catalogue import RESOURCES
from offline.provider.check import check
from offline.provider.schema import DEFAULTS
from offline.provider.wire import UNKNOWN

QUEUE = "aws:sqs/queue:Queue"
RULE = "aws:ses/receiptRule:ReceiptRule"
TABLE = "aws:dynamodb/table:Table"
LOGS = "aws:cloudwatch/logGroup:LogGroup"
FUNCTION = "aws:lambda/function:Function"


def checked(token: str, news: dict[str, Any], olds: dict[str, Any] | None = None, seed: bytes = b"1") -> Any:
    return check(RESOURCES[token].inputs, news, olds or {}, "it", seed)


def refusals(token: str, news: dict[str, Any]) -> dict[str, str]:
    _, failures = checked(token, news)
    return {failure.path: failure.reason for failure in failures}


@pytest.mark.parametrize("token", SAMPLES)
def test_samples_are_not_refused(token: str) -> None:
    assert not refusals(token, SAMPLES[token].inputs)


@pytest.mark.parametrize("token", RESOURCES)
def test_an_unknown_property_is_refused_never_ignored(token: str) -> None:
    reason = refusals(token, {"nameOfThePest": 1})["nameOfThePest"]
    assert reason.startswith("is unknown to the offline provider")


@pytest.mark.parametrize("token", RESOURCES)
def test_every_required_property_is_missed(token: str) -> None:
    required = {key for key, prop in RESOURCES[token].inputs.items() if prop.required}
    assert refusals(token, {}) == dict.fromkeys(required, "is required and missing")


@pytest.mark.parametrize("token", SAMPLES)
def test_what_is_unknown_in_a_preview_is_not_refused(token: str) -> None:
    assert not refusals(token, dict.fromkeys(SAMPLES[token].inputs, UNKNOWN))


@pytest.mark.parametrize(
    ("token", "path", "change", "reason"),
    [
        (QUEUE, "visibilityTimeoutSeconds", {"visibilityTimeoutSeconds": 43_201}, "must be at most 43200"),
        (QUEUE, "messageRetentionSeconds", {"messageRetentionSeconds": 59}, "must be at least 60, not 59"),
        (QUEUE, "delaySeconds", {"delaySeconds": "1"}, "must be a whole number, not a string"),
        (QUEUE, "delaySeconds", {"delaySeconds": True}, "must be a whole number, not a boolean"),
        (QUEUE, "delaySeconds", {"delaySeconds": 0.5}, "must be a whole number, not a number"),
        (QUEUE, "fifoQueue", {"fifoQueue": "true"}, "must be true or false, not a string"),
        (QUEUE, "redrivePolicy", {"redrivePolicy": "{"}, "must be JSON"),
        (QUEUE, "name", {"name": "a b"}, "'a b' does not match"),
        (QUEUE, 'tags["a key"]', {"tags": {"a key": 1}}, "must be a string, not a number"),
        (RULE, "recipients", {"recipients": "example.com"}, "must be a list, not a string"),
        (RULE, "recipients[1]", {"recipients": ["example.com", {}]}, "must be a string, not an object"),
        (RULE, "tlsPolicy", {"tlsPolicy": "require"}, "must be one of Optional, Require, not 'require'"),
        (
            RULE,
            "lambdaActions[0].invocationType",
            {"lambdaActions": [{"functionArn": "arn:f", "position": 1, "invocationType": "event"}]},
            "must be one of Event, RequestResponse, not 'event'",
        ),
        (RULE, "s3Actions[0].position", {"s3Actions": [{"bucketName": "b"}]}, "is required and missing"),
        (RULE, "stopActions[0].scop", {"stopActions": [{"scop": 1}]}, "is unknown"),
        (RULE, "bounceActions", {"bounceActions": {}}, "must be a list, not an object"),
        (
            TABLE,
            "attributes[0].type",
            {"attributes": [{"name": "id", "type": "T"}]},
            "must be one of S, N, B",
        ),
        (TABLE, "ttl", {"ttl": []}, "must be an object, not a list"),
        (FUNCTION, "code", {"code": "text"}, "must be an archive"),
        (FUNCTION, "timeout", {"timeout": 901}, "must be at most 900"),
        (FUNCTION, "role", {"role": "worker"}, "'worker' does not match"),
        (LOGS, "retentionInDays", {"retentionInDays": 31}, "must be one of 0, 1, 3"),
        ("aws:cloudwatch/metricAlarm:MetricAlarm", "threshold", {"threshold": "1"}, "must be a number"),
    ],
)
def test_what_aws_would_refuse_is_named_by_its_path(
    token: str, path: str, change: dict[str, Any], reason: str
) -> None:
    found = refusals(token, {**SAMPLES[token].inputs, **change})
    assert path in found
    assert reason in found[path]


def test_defaults_are_filled_in_at_every_depth_and_listed() -> None:
    inputs, _ = checked(
        RULE, {"ruleSetName": "a", "lambdaActions": [{"functionArn": "arn:f", "position": 1}]}
    )
    assert inputs["scanEnabled"] is False
    assert inputs["lambdaActions"][0]["invocationType"] == "Event"
    assert inputs[DEFAULTS] == ["enabled", "name", "scanEnabled"]


def test_a_name_is_the_resources_name_and_seven_hex_digits() -> None:
    inputs, _ = checked(QUEUE, {})
    assert re.fullmatch(r"it-[0-9a-f]{7}", inputs["name"])
    assert "name" in inputs[DEFAULTS]
    fifo, _ = checked(QUEUE, {"fifoQueue": True})
    assert fifo["name"] == inputs["name"] + ".fifo"


def test_a_name_stays_until_the_program_gives_one() -> None:
    first, _ = checked(QUEUE, {})
    second, _ = checked(QUEUE, {"delaySeconds": 1}, first, seed=b"2")
    assert second["name"] == first["name"]
    named, _ = checked(QUEUE, {"name": "mine"}, second)
    assert "name" not in named[DEFAULTS]
    again, _ = checked(QUEUE, {}, named, seed=b"3")
    assert again["name"] != "mine"


def test_another_seed_makes_another_name() -> None:
    assert checked(QUEUE, {}, seed=b"1")[0]["name"] != checked(QUEUE, {}, seed=b"2")[0]["name"]


def test_a_name_that_gets_too_long_is_refused() -> None:
    _, failures = check(RESOURCES[QUEUE].inputs, {}, {}, "q" * 73, b"")
    assert [failure.path for failure in failures] == ["name"]
    assert not check(RESOURCES[QUEUE].inputs, {}, {}, "q" * 72, b"")[1]


@given(news=st.dictionaries(st.text(), st.recursive(st.none() | st.booleans() | st.text(), st.lists)))
def test_checking_never_fails_to_answer(news: dict[str, Any]) -> None:
    for kind in RESOURCES.values():
        _, failures = check(kind.inputs, news, {}, "it", b"")
        assert {failure.path for failure in failures} or not news.keys() - kind.inputs.keys()


def test_a_type_that_is_not_provided_is_refused(driver: Driver) -> None:
    with pytest.raises(Exception, match="aws:ec2/instance:Instance is not among the resource types"):
        driver.refusals("aws:ec2/instance:Instance", {})
