"""Alarms, and a dashboard that answers what was bounced, what waits and what failed."""

from typing import NotRequired, TypedDict

import pulumi
from pulumi_aws import cloudwatch

from components import dashboard
from components.alarms import PERIOD, Watched, alarms
from components.lookup import location
from components.naming import default_name, outputs


class BounceMonitoringArgs(TypedDict):
    handler_function_name: pulumi.Input[str]
    """BounceHandler's handlerFunctionName."""
    sender_function_name: pulumi.Input[str]
    """BounceHandler's senderFunctionName."""
    queue_name: pulumi.Input[str]
    """BounceHandler's queueName."""
    dead_letter_queue_name: pulumi.Input[str]
    """BounceHandler's deadLetterQueueName."""
    service_name: NotRequired[pulumi.Input[str]]
    """BounceHandler's serviceName. Default: `ses-bounce-{stack}`, as there."""
    alarm_topic_arn: NotRequired[pulumi.Input[str]]
    """SNS topic that the alarms notify. Without it they only change colour."""
    dashboard_name: NotRequired[pulumi.Input[str]]
    """Name of the dashboard, one of the account's. Default: `ses-bounce-{stack}`."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags for the alarms."""


class BounceMonitoring(pulumi.ComponentResource):
    """Alarms over a BounceHandler, and its dashboard."""

    dashboard_name: pulumi.Output[str]
    """Name of the CloudWatch dashboard."""
    alarm_names: pulumi.Output[list[str]]
    """Names of the alarms."""

    def __init__(
        self, name: str, args: BounceMonitoringArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("ses-bounce:index:BounceMonitoring", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        watched = Watched(
            handler=args["handler_function_name"],
            sender=args["sender_function_name"],
            queue=args["queue_name"],
            dead_letter_queue=args["dead_letter_queue_name"],
            service=args.get("service_name", default_name()),
        )
        notify = [args["alarm_topic_arn"]] if "alarm_topic_arn" in args else []
        raised = [
            cloudwatch.MetricAlarm(
                f"{name}-{alarm.name}",
                alarm_description=alarm.says,
                namespace=alarm.metric.namespace,
                metric_name=alarm.metric.name,
                dimensions=alarm.metric.dimensions,
                statistic=alarm.metric.statistic,
                period=PERIOD,
                evaluation_periods=1,
                threshold=alarm.threshold,
                comparison_operator="GreaterThanOrEqualToThreshold",
                treat_missing_data="notBreaching",
                alarm_actions=notify,
                ok_actions=notify,
                tags=args.get("tags"),
                opts=child,
            )
            for alarm in alarms(watched)
        ]
        board = cloudwatch.Dashboard(
            f"{name}-dashboard",
            dashboard_name=args.get("dashboard_name", default_name()),
            dashboard_body=pulumi.Output.json_dumps(dashboard.body(watched, location(self).region)),
            opts=child,
        )
        self.dashboard_name = board.dashboard_name
        self.alarm_names = pulumi.Output.all(*(alarm.name for alarm in raised))
        self.register_outputs(outputs(self))
