"""What the functions tell their operators: structured logs, and metrics in CloudWatch's embedded format.

No address and no text of a message becomes a metric's dimension; no body and no header is logged.
"""

from enum import StrEnum

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

NAMESPACE = "SesBounce"

logger = Logger()


class Metric(StrEnum):
    """The metrics, each by service and, where dimensions are named, by service and those too."""

    DECISIONS = "Decisions"  # outcome, reason: recipients decided
    MALFORMED_EVENTS = "MalformedEvents"  # events that nothing could be decided from
    SENT = "Sent"  # bounces that SES took
    WOULD_SEND = "WouldSend"  # bounces that mode observe kept back
    RETRIED = "Retried"  # code: attempts that will be made again
    THROTTLED = "Throttled"  # those of them that SES throttled
    DEAD_LETTERED = "DeadLettered"  # code: requests given up
    DUPLICATES_PREVENTED = "DuplicatesPrevented"  # requests for a message that was bounced already
    UNCERTAIN_OUTCOME = "UncertainOutcome"  # attempts of which nobody knows whether SES sent a bounce
    OLDEST_AGE = "OldestAge"  # seconds since SES received the oldest message of a batch


def count(metric: Metric, value: int = 1, **dimensions: str) -> None:
    """Emit a count."""
    _emit(metric, value, MetricUnit.Count, dimensions)


def seconds(metric: Metric, value: float) -> None:
    """Emit a duration."""
    _emit(metric, value, MetricUnit.Seconds, {})


def _emit(metric: Metric, value: float, unit: MetricUnit, dimensions: dict[str, str]) -> None:
    """One line, at once: a function that dies later has still said what it did."""
    metrics = EphemeralMetrics(namespace=NAMESPACE)
    metrics.add_metric(metric, unit, value)
    if dimensions:
        metrics.add_dimensions(service=metrics.service, **dimensions)
    metrics.flush_metrics()
