"""Amazon CloudWatch: alarms on one metric, dashboards."""

from collections.abc import Mapping

from offline.provider.aws import Aws
from offline.provider.kinds import Boolean, Document, Integer, ListOf, MapOf, Number, String
from offline.provider.mapping import from_api, to_api
from offline.provider.schema import Autoname, Property, ResourceType, Tags
from offline.provider.wire import Json

_ACTIONS = Property(ListOf(String(r"arn:.+"), ordered=False))

_ALARM: Mapping[str, Property] = {
    "actionsEnabled": Property(Boolean(), default=True),
    "alarmActions": _ACTIONS,
    "alarmDescription": Property(),
    "comparisonOperator": Property(
        String(
            allowed=(
                "GreaterThanOrEqualToThreshold",
                "GreaterThanThreshold",
                "LessThanOrEqualToThreshold",
                "LessThanThreshold",
            )
        ),
        required=True,
    ),
    "datapointsToAlarm": Property(Integer(1)),
    "evaluationPeriods": Property(Integer(1), required=True),
    "extendedStatistic": Property(String(r"p(\d{1,2}(\.\d{1,2})?|100)")),
    "insufficientDataActions": _ACTIONS,
    "metricName": Property(required=True),
    "name": Property(String(r".{1,255}"), replaces=True, autoname=Autoname(), api="AlarmName"),
    "namespace": Property(required=True),
    "okActions": Property(ListOf(String(r"arn:.+"), ordered=False), api="OKActions"),
    "period": Property(Integer(10), required=True),
    "statistic": Property(String(allowed=("Average", "Maximum", "Minimum", "SampleCount", "Sum"))),
    "threshold": Property(Number(), required=True),
    "treatMissingData": Property(
        String(allowed=("breaching", "ignore", "missing", "notBreaching")), default="missing"
    ),
    "unit": Property(),
}
"""PutMetricAlarm's parameters; ``dimensions`` is a map here and a list there."""


def _put_alarm(aws: Aws, inputs: Json) -> str:
    dimensions = [{"Name": key, "Value": value} for key, value in inputs.get("dimensions", {}).items()]
    tags = [{"Key": key, "Value": value} for key, value in inputs["tags"].items()]
    aws.client("cloudwatch").put_metric_alarm(**to_api(_ALARM, inputs), Dimensions=dimensions, Tags=tags)
    return str(inputs["name"])


def _read_alarm(aws: Aws, name: str, _: Json) -> Json | None:
    cloudwatch = aws.client("cloudwatch")
    found = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    if not found:
        return None
    (alarm,) = found
    tags = cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
    return {
        **from_api(_ALARM, alarm),
        "arn": alarm["AlarmArn"],
        "dimensions": {each["Name"]: each["Value"] for each in alarm.get("Dimensions", [])},
        "tags": {tag["Key"]: tag["Value"] for tag in tags},
    }


def _retag_alarm(aws: Aws, _: str, state: Json, tags: Tags, removed: list[str]) -> None:
    cloudwatch = aws.client("cloudwatch")
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    cloudwatch.tag_resource(ResourceARN=state["arn"], Tags=pairs)
    cloudwatch.untag_resource(ResourceARN=state["arn"], TagKeys=removed)


def _put_dashboard(aws: Aws, inputs: Json) -> str:
    aws.client("cloudwatch").put_dashboard(
        DashboardName=inputs["dashboardName"], DashboardBody=inputs["dashboardBody"]
    )
    return str(inputs["dashboardName"])


def _read_dashboard(aws: Aws, name: str, _: Json) -> Json:
    dashboard = aws.client("cloudwatch").get_dashboard(DashboardName=name)
    return {
        "dashboardArn": dashboard["DashboardArn"],
        "dashboardBody": dashboard["DashboardBody"],
        "dashboardName": name,
    }


RESOURCES = (
    ResourceType(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        {**_ALARM, "dimensions": Property(MapOf())},
        create=_put_alarm,
        read=_read_alarm,
        update=lambda aws, _, __, news: _put_alarm(aws, news),
        delete=lambda aws, name, _: aws.client("cloudwatch").delete_alarms(AlarmNames=[name]),
        retag=_retag_alarm,
        outputs=("arn",),
    ),
    ResourceType(
        "aws:cloudwatch/dashboard:Dashboard",
        {
            "dashboardBody": Property(Document(), required=True),
            "dashboardName": Property(String(r"[\w-]{1,255}"), required=True, replaces=True),
        },
        create=_put_dashboard,
        read=_read_dashboard,
        update=lambda aws, _, __, news: _put_dashboard(aws, news),
        delete=lambda aws, name, _: aws.client("cloudwatch").delete_dashboards(DashboardNames=[name]),
        outputs=("dashboardArn",),
    ),
)
