"""Amazon CloudWatch Logs: log groups."""

from collections.abc import Mapping

from offline.provider.aws import Aws
from offline.provider.kinds import Boolean, Integer, String
from offline.provider.schema import Autoname, Property, ResourceType, Tags
from offline.provider.wire import Json

_RETENTIONS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
)  # fmt: skip
"""Days that PutRetentionPolicy takes; 0, pulumi-aws' own, means for ever."""

_GROUP: Mapping[str, Property] = {
    "kmsKeyId": Property(String(r"arn:.+")),
    "logGroupClass": Property(
        String(allowed=("STANDARD", "INFREQUENT_ACCESS")), replaces=True, computed=True
    ),
    "name": Property(String(r"[\w./#-]{1,512}"), replaces=True, autoname=Autoname()),
    "retentionInDays": Property(Integer(allowed=(0, *_RETENTIONS)), default=0),
    "skipDestroy": Property(Boolean(), unread=True, default=False),
}


def _create(aws: Aws, inputs: Json) -> str:
    options = {"kmsKeyId": "kmsKeyId", "logGroupClass": "logGroupClass", "tags": "tags"}
    given = {key: inputs[key] for key in options if inputs.get(key)}
    aws.client("logs").create_log_group(logGroupName=inputs["name"], **given)
    return str(inputs["name"])


def _read(aws: Aws, name: str, _: Json) -> Json | None:
    logs = aws.client("logs")
    groups = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    group = next((each for each in groups if each["logGroupName"] == name), None)
    if group is None:
        return None
    arn = group["arn"].removesuffix(":*")
    return {
        "arn": arn,
        "kmsKeyId": group.get("kmsKeyId"),
        "logGroupClass": group.get("logGroupClass", "STANDARD"),
        "name": name,
        "retentionInDays": group.get("retentionInDays", 0),
        "tags": logs.list_tags_for_resource(resourceArn=arn)["tags"],
    }


def _update(aws: Aws, name: str, olds: Json, news: Json) -> None:
    logs = aws.client("logs")
    days = news["retentionInDays"]
    if days != olds.get("retentionInDays", 0):
        if days:
            logs.put_retention_policy(logGroupName=name, retentionInDays=days)
        else:
            logs.delete_retention_policy(logGroupName=name)
    if olds and olds.get("kmsKeyId") != news.get("kmsKeyId"):
        if "kmsKeyId" in news:
            logs.associate_kms_key(logGroupName=name, kmsKeyId=news["kmsKeyId"])
        else:
            logs.disassociate_kms_key(logGroupName=name)


def _delete(aws: Aws, name: str, state: Json) -> None:
    if not state.get("skipDestroy"):
        aws.client("logs").delete_log_group(logGroupName=name)


def _retag(aws: Aws, _: str, state: Json, tags: Tags, removed: list[str]) -> None:
    logs = aws.client("logs")
    logs.tag_resource(resourceArn=state["arn"], tags=dict(tags))
    logs.untag_resource(resourceArn=state["arn"], tagKeys=removed)


RESOURCES = (
    ResourceType(
        "aws:cloudwatch/logGroup:LogGroup",
        _GROUP,
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
        retag=_retag,
        outputs=("arn",),
        settings_after_create=True,
    ),
)
