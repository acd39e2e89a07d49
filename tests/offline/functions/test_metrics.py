import json
from typing import Any

import pytest

from offline.functions import Metric, metrics


def line(**changes: Any) -> str:
    directive = {
        "Namespace": "SesBounce",
        "Dimensions": [["service"]],
        "Metrics": [{"Name": "Sent", "Unit": "Count"}],
    }
    document = {
        "_aws": {"Timestamp": 1767225600000, "CloudWatchMetrics": [directive]},
        "service": "sender",
        "code": "Throttling",
        "Sent": 2,
    }
    return json.dumps(document | changes)


def test_each_value_is_one_metric_with_its_dimensions() -> None:
    log = f"START\n{line(Sent=[1, 2.5])}\nother text\n"
    assert list(metrics(log)) == [
        Metric("SesBounce", "Sent", (("service", "sender"),), value, 1767225600000) for value in (1, 2.5)
    ]


def test_each_set_of_dimensions_is_a_metric_of_its_own() -> None:
    directive = {"Namespace": "N", "Dimensions": [[], ["service", "code"]], "Metrics": [{"Name": "Sent"}]}
    log = line(_aws={"Timestamp": 1, "CloudWatchMetrics": [directive]})
    assert [metric.dimensions for metric in metrics(log)] == [
        (),
        (("service", "sender"), ("code", "Throttling")),
    ]


@pytest.mark.parametrize(
    "text", ['{"_aws": ', '{"_aws": {}}', '{"_aws": []}', line(Sent="many"), line(_aws=None)]
)
def test_what_is_malformed_is_skipped(text: str) -> None:
    assert [metric.value for metric in metrics(f"{text}\n{line()}\n")] == [2]
