"""Metrics that functions write to their logs in CloudWatch's embedded metric format.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Metric:
    """One value of one metric."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    value: float
    timestamp: int
    """Milliseconds since the epoch."""


def metrics(log: str) -> Iterator[Metric]:
    """The metrics in a log, once for each set of dimensions. Malformed ones are skipped, as in AWS."""
    for line in log.splitlines():
        if '"_aws"' in line:
            with suppress(ValueError, TypeError, KeyError):
                yield from list(_metrics(json.loads(line)))


def _metrics(document: Mapping[str, Any]) -> Iterator[Metric]:
    timestamp = document["_aws"]["Timestamp"]
    for directive in document["_aws"]["CloudWatchMetrics"]:
        for names in directive.get("Dimensions") or [[]]:
            dimensions = tuple((name, document[name]) for name in names)
            for definition in directive["Metrics"]:
                values = document[definition["Name"]]
                for value in values if isinstance(values, list) else [values]:
                    yield Metric(
                        directive["Namespace"], definition["Name"], dimensions, float(value), timestamp
                    )
