"""Metrics in CloudWatch's embedded format, each by service and by its own dimensions."""

import json

import pytest

from lambda_src.telemetry import Metric, count, seconds


def test_dimensions_are_counted_together_and_apart(capsys: pytest.CaptureFixture[str]) -> None:
    count(Metric.DEAD_LETTERED, code="AccessDenied")
    line = json.loads(capsys.readouterr().out)
    (declared,) = line["_aws"]["CloudWatchMetrics"]
    assert declared["Namespace"] == "SesBounce"
    assert declared["Dimensions"] == [["service"], ["service", "code"]]
    assert declared["Metrics"] == [{"Name": "DeadLettered", "Unit": "Count"}]
    assert (line["service"], line["code"], line["DeadLettered"]) == ("tests", "AccessDenied", [1.0])


def test_age_is_in_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    seconds(Metric.OLDEST_AGE, 12.5)
    line = json.loads(capsys.readouterr().out)
    assert line["_aws"]["CloudWatchMetrics"][0]["Metrics"] == [{"Name": "OldestAge", "Unit": "Seconds"}]
    assert line["OldestAge"] == [12.5]
