"""What is watched: the alarms as a table, the metrics by the names that the functions give them."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

NAMESPACE = "SesBounce"
"""Namespace of the functions' own metrics; their names are those of lambda_src/telemetry.py."""


@dataclass(frozen=True)
class Metric:
    """One metric in CloudWatch."""

    namespace: str
    name: str
    dimensions: Mapping[str, pulumi.Input[str]]
    statistic: str = "Sum"


@dataclass(frozen=True)
class Watched:
    """Names of what the metrics are about."""

    handler: pulumi.Input[str]
    sender: pulumi.Input[str]
    queue: pulumi.Input[str]
    dead_letter_queue: pulumi.Input[str]
    service: pulumi.Input[str]

    def own(self, name: str, statistic: str = "Sum", **dimensions: str) -> Metric:
        """A metric that the functions emit."""
        return Metric(NAMESPACE, name, {"service": self.service, **dimensions}, statistic)

    def function(self, name: str, function: pulumi.Input[str]) -> Metric:
        """A metric that Lambda emits."""
        return Metric("AWS/Lambda", name, {"FunctionName": function})

    def messages(self, name: str, queue: pulumi.Input[str]) -> Metric:
        """A metric that SQS emits."""
        return Metric("AWS/SQS", name, {"QueueName": queue}, "Maximum")


@dataclass(frozen=True)
class Alarm:
    """When somebody has to look; what to do is in docs/operations.md."""

    name: str
    metric: Metric
    threshold: float
    """The alarm is raised when one period reaches it."""
    says: str


PERIOD = 300
"""Seconds that are looked at together."""
OLDEST_REQUEST = 18 * 3600
"""Seconds. SES takes a bounce for 24 hours: this leaves six to act."""


def alarms(watched: Watched) -> list[Alarm]:
    """Everything that needs a person."""
    return [
        Alarm(
            "dead-letters",
            watched.messages("ApproximateNumberOfMessagesVisible", watched.dead_letter_queue),
            1,
            "Bounces were given up: `ses-bounce redrive --dry-run` says which and why",
        ),
        Alarm(
            "oldest-request",
            watched.messages("ApproximateAgeOfOldestMessage", watched.queue),
            OLDEST_REQUEST,
            "A bounce has waited 18 hours; after 24 SES refuses it",
        ),
        Alarm(
            "access-denied",
            watched.own("DeadLettered", code="AccessDenied"),
            1,
            "SES refused a bounce for lack of permission: a role's policy or an identity's policy changed",
        ),
        Alarm(
            "handler-errors",
            watched.function("Errors", watched.handler),
            1,
            "receipt_handler failed; SES tries the message again for 36 hours",
        ),
        Alarm(
            "sender-errors",
            watched.function("Errors", watched.sender),
            1,
            "bounce_sender failed; SQS delivers again",
        ),
        Alarm(
            "handler-throttles",
            watched.function("Throttles", watched.handler),
            1,
            "Lambda had no room for receipt_handler; SES tries the message again for 36 hours",
        ),
        Alarm(
            "sender-throttles",
            watched.function("Throttles", watched.sender),
            1,
            "Lambda had no room for bounce_sender; SQS delivers again",
        ),
        Alarm(
            "ses-throttles",
            watched.own("Throttled"),
            1,
            "SES throttled a bounce: something else in the account sends bounces too",
        ),
    ]
