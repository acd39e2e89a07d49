"""Amazon SNS: topics and their policies."""

import json
from collections.abc import Mapping

from offline.provider.aws import Aws
from offline.provider.kinds import Boolean, Document, String
from offline.provider.schema import Autoname, Property, ResourceType, Tags
from offline.provider.wire import Json

_TOPIC: Mapping[str, Property] = {
    "contentBasedDeduplication": Property(Boolean(), default=False),
    "displayName": Property(),
    "fifoTopic": Property(Boolean(), replaces=True, default=False),
    "kmsMasterKeyId": Property(),
    "name": Property(
        String(r"[A-Za-z0-9_-]{1,256}|[A-Za-z0-9_-]{1,251}\.fifo"),
        replaces=True,
        autoname=Autoname(fifo="fifoTopic"),
    ),
}


def _attributes(inputs: Json) -> dict[str, str]:
    attributes = {
        "DisplayName": inputs.get("displayName", ""),
        "KmsMasterKeyId": inputs.get("kmsMasterKeyId", ""),
    }
    if inputs["fifoTopic"]:
        attributes["ContentBasedDeduplication"] = str(inputs["contentBasedDeduplication"]).lower()
    return attributes


def _create_topic(aws: Aws, inputs: Json) -> str:
    fifo = {"FifoTopic": "true"} if inputs["fifoTopic"] else {}
    given = {key: value for key, value in _attributes(inputs).items() if value}
    tags = [{"Key": key, "Value": value} for key, value in inputs["tags"].items()]
    answer = aws.client("sns").create_topic(Name=inputs["name"], Attributes={**fifo, **given}, Tags=tags)
    return str(answer["TopicArn"])


def _read_topic(aws: Aws, arn: str, _: Json) -> Json:
    sns = aws.client("sns")
    told = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    tags = sns.list_tags_for_resource(ResourceArn=arn)["Tags"]
    return {
        "arn": arn,
        "contentBasedDeduplication": told.get("ContentBasedDeduplication") == "true",
        "displayName": told.get("DisplayName") or None,
        "fifoTopic": told.get("FifoTopic") == "true",
        "kmsMasterKeyId": told.get("KmsMasterKeyId") or None,
        "name": arn.rsplit(":", 1)[-1],
        "owner": told["Owner"],
        "tags": {tag["Key"]: tag["Value"] for tag in tags},
    }


def _update_topic(aws: Aws, arn: str, olds: Json, news: Json) -> None:
    before, after = _attributes(olds), _attributes(news)
    for key, value in after.items():
        if before.get(key) != value:
            aws.client("sns").set_topic_attributes(TopicArn=arn, AttributeName=key, AttributeValue=value)


def _retag_topic(aws: Aws, arn: str, _: Json, tags: Tags, removed: list[str]) -> None:
    sns = aws.client("sns")
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    sns.tag_resource(ResourceArn=arn, Tags=pairs)
    sns.untag_resource(ResourceArn=arn, TagKeys=removed)


def _put_policy(aws: Aws, inputs: Json) -> str:
    aws.client("sns").set_topic_attributes(
        TopicArn=inputs["arn"], AttributeName="Policy", AttributeValue=inputs["policy"]
    )
    return str(inputs["arn"])


def _read_policy(aws: Aws, arn: str, _: Json) -> Json:
    told = aws.client("sns").get_topic_attributes(TopicArn=arn)["Attributes"]
    return {"arn": arn, "owner": told["Owner"], "policy": told["Policy"]}


def _reset_policy(aws: Aws, arn: str, state: Json) -> None:
    """A topic always has a policy: what is left is that its owner may do everything, as when it was made."""
    actions = (
        "GetTopicAttributes SetTopicAttributes AddPermission RemovePermission DeleteTopic Subscribe "
        "ListSubscriptionsByTopic Publish"
    )
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in actions.split()],
        "Resource": arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": state["owner"]}},
    }
    default = {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
    _put_policy(aws, {"arn": arn, "policy": json.dumps(default)})


RESOURCES = (
    ResourceType(
        "aws:sns/topic:Topic",
        _TOPIC,
        create=_create_topic,
        read=_read_topic,
        update=_update_topic,
        delete=lambda aws, arn, _: aws.client("sns").delete_topic(TopicArn=arn),
        retag=_retag_topic,
        outputs=("arn", "owner"),
    ),
    ResourceType(
        "aws:sns/topicPolicy:TopicPolicy",
        {
            "arn": Property(String(r"arn:.+"), required=True, replaces=True),
            "policy": Property(Document(), required=True),
        },
        create=_put_policy,
        read=_read_policy,
        update=lambda aws, _, __, news: _put_policy(aws, news),
        delete=_reset_policy,
        outputs=("owner",),
    ),
)
