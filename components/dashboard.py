"""The dashboard: what was decided, sent and given up, what waits, how the functions fare."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from components.alarms import NAMESPACE, PERIOD, Metric, Watched

_WIDTH, _HEIGHT, _COLUMNS = 8, 6, 3


def body(watched: Watched, region: pulumi.Input[str]) -> dict[str, Any]:
    """The dashboard's body, in CloudWatch's own structure.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
    """
    graphs: dict[str, Sequence[Any]] = {
        "Recipients by outcome and reason": [
            _search(watched, "Decisions", "outcome", "reason"),
            _line(watched.own("MalformedEvents")),
        ],
        "Bounces": [
            *map(_line, (watched.own("Sent"), watched.own("WouldSend"), watched.own("DuplicatesPrevented"))),
            *map(_line, (watched.own("UncertainOutcome"), watched.own("Throttled"))),
        ],
        "Retried and given up, by code": [
            _search(watched, "Retried", "code"),
            _search(watched, "DeadLettered", "code"),
        ],
        "Waiting requests": [
            _line(watched.messages("ApproximateNumberOfMessagesVisible", watched.queue)),
            _line(watched.messages("ApproximateNumberOfMessagesVisible", watched.dead_letter_queue)),
        ],
        "Age of the oldest": [
            _line(watched.messages("ApproximateAgeOfOldestMessage", watched.queue)),
            _line(watched.own("OldestAge", "Maximum")),
        ],
        "Functions": [
            _line(watched.function(name, function))
            for function in (watched.handler, watched.sender)
            for name in ("Invocations", "Errors", "Throttles")
        ],
    }
    return {"widgets": [_widget(place, *graph, region) for place, graph in enumerate(graphs.items())]}


def _widget(place: int, title: str, metrics: Sequence[Any], region: pulumi.Input[str]) -> dict[str, Any]:
    row, column = divmod(place, _COLUMNS)
    return {
        "type": "metric",
        "x": column * _WIDTH,
        "y": row * _HEIGHT,
        "width": _WIDTH,
        "height": _HEIGHT,
        "properties": {"title": title, "region": region, "period": PERIOD, "metrics": list(metrics)},
    }


def _line(metric: Metric) -> list[Any]:
    dimensions = [part for dimension in metric.dimensions.items() for part in dimension]
    return [metric.namespace, metric.name, *dimensions, {"stat": metric.statistic}]


def _search(watched: Watched, name: str, *dimensions: str) -> list[Mapping[str, pulumi.Input[str]]]:
    """One line for every value that the dimensions have had."""
    schema = ",".join((NAMESPACE, "service", *dimensions))
    expression = pulumi.Output.format(
        "SEARCH('{{{0}}} service=\"{1}\" MetricName=\"{2}\"', 'Sum', {3})",
        schema,
        watched.service,
        name,
        str(PERIOD),
    )
    return [{"expression": expression}]
