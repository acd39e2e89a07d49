"""BounceMonitoring: somebody hears of it, under the names that the functions use."""

from typing import Any

from component_world import Deploy, Deployment

from components import BounceMonitoring
from components.alarms import NAMESPACE as WATCHED_NAMESPACE
from lambda_src.telemetry import NAMESPACE, Metric

TOPIC = "arn:aws:sns:us-east-1:111111111111:ops"


def monitoring(deploy: Deploy, **args: Any) -> Deployment:
    return deploy(
        lambda: BounceMonitoring(
            "mon",
            {
                "handler_function_name": "handler",
                "sender_function_name": "sender",
                "queue_name": "requests.fifo",
                "dead_letter_queue_name": "dead.fifo",
                **args,
            },
        )
    )


def alarms(deployment: Deployment) -> dict[str, Any]:
    return {one.name.removeprefix("mon-"): one.inputs for one in deployment.of("MetricAlarm")}


def test_each_alarm_watches_what_it_says(deploy: Deploy) -> None:
    watched = {
        name: (one["namespace"], one["metricName"], one["dimensions"], one["statistic"], one["threshold"])
        for name, one in alarms(monitoring(deploy, service_name="inbound")).items()
    }

    assert watched == {
        "dead-letters": (
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            {"QueueName": "dead.fifo"},
            "Maximum",
            1,
        ),
        "oldest-request": (
            "AWS/SQS",
            "ApproximateAgeOfOldestMessage",
            {"QueueName": "requests.fifo"},
            "Maximum",
            18 * 3600,
        ),
        "access-denied": (
            "SesBounce",
            "DeadLettered",
            {"service": "inbound", "code": "AccessDenied"},
            "Sum",
            1,
        ),
        "handler-errors": ("AWS/Lambda", "Errors", {"FunctionName": "handler"}, "Sum", 1),
        "sender-errors": ("AWS/Lambda", "Errors", {"FunctionName": "sender"}, "Sum", 1),
        "handler-throttles": ("AWS/Lambda", "Throttles", {"FunctionName": "handler"}, "Sum", 1),
        "sender-throttles": ("AWS/Lambda", "Throttles", {"FunctionName": "sender"}, "Sum", 1),
        "ses-throttles": ("SesBounce", "Throttled", {"service": "inbound"}, "Sum", 1),
    }


def test_the_first_bad_period_raises_an_alarm_and_silence_does_not(deploy: Deploy) -> None:
    for one in alarms(monitoring(deploy)).values():
        assert one["comparisonOperator"] == "GreaterThanOrEqualToThreshold"
        assert one["evaluationPeriods"] == 1
        assert one["treatMissingData"] == "notBreaching"


def test_the_topic_hears_of_the_end_of_an_alarm_too(deploy: Deploy) -> None:
    for one in alarms(monitoring(deploy, alarm_topic_arn=TOPIC)).values():
        assert one["alarmActions"] == one["okActions"] == [TOPIC]
    for one in alarms(monitoring(deploy)).values():
        assert one["alarmActions"] == one["okActions"] == []


def test_metrics_are_watched_by_the_names_that_the_functions_give_them(deploy: Deploy) -> None:
    assert WATCHED_NAMESPACE == NAMESPACE
    deployment = monitoring(deploy)
    emitted = {str(metric) for metric in Metric}

    own = {one["metricName"] for one in alarms(deployment).values() if one["namespace"] == NAMESPACE}
    (dashboard,) = deployment.of("Dashboard")
    lines = [
        line
        for one in dashboard.document("dashboardBody")["widgets"]
        for line in one["properties"]["metrics"]
    ]
    drawn = {line[1] for line in lines if line[0] == NAMESPACE}
    searched = {
        line[0]["expression"].split('MetricName="')[1].split('"')[0]
        for line in lines
        if isinstance(line[0], dict)
    }
    assert own <= emitted
    assert drawn | searched == emitted


def test_the_dashboard_covers_no_graph_with_another(deploy: Deploy) -> None:
    (dashboard,) = monitoring(deploy, dashboard_name="inbound").of("Dashboard")
    widgets = dashboard.document("dashboardBody")["widgets"]

    places = {(one["x"], one["y"]) for one in widgets}
    assert dashboard.inputs["dashboardName"] == "inbound"
    assert len(places) == len(widgets) == 6
    assert all(
        one["x"] + one["width"] <= 24 and one["properties"]["region"] == "us-east-1" for one in widgets
    )


def test_codes_and_reasons_are_searched_for_since_nobody_knows_them_all(deploy: Deploy) -> None:
    (dashboard,) = monitoring(deploy, service_name="inbound").of("Dashboard")
    first = dashboard.document("dashboardBody")["widgets"][0]["properties"]["metrics"]

    assert first[0] == [
        {
            "expression": "SEARCH('{SesBounce,service,outcome,reason} "
            'service="inbound" MetricName="Decisions"\', \'Sum\', 300)'
        }
    ]
