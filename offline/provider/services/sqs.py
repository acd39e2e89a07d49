"""Amazon SQS: queues. The API keeps every attribute as a string."""

from collections.abc import Mapping
from typing import Any

from offline.provider.aws import Aws
from offline.provider.kinds import Boolean, Document, Integer, String
from offline.provider.mapping import from_api, to_api
from offline.provider.schema import Autoname, Property, ResourceType, Tags
from offline.provider.wire import Json

_ATTRIBUTES: Mapping[str, Property] = {
    "contentBasedDeduplication": Property(Boolean(), default=False),
    "deduplicationScope": Property(String(allowed=("messageGroup", "queue")), computed=True),
    "delaySeconds": Property(Integer(0, 900), default=0),
    "fifoQueue": Property(Boolean(), replaces=True, default=False),
    "fifoThroughputLimit": Property(String(allowed=("perQueue", "perMessageGroupId")), computed=True),
    "kmsMasterKeyId": Property(),
    "maxMessageSize": Property(Integer(1024, 1_048_576), api="MaximumMessageSize", default=262_144),
    "messageRetentionSeconds": Property(
        Integer(60, 1_209_600), api="MessageRetentionPeriod", default=345_600
    ),
    "policy": Property(Document(), computed=True),
    "receiveWaitTimeSeconds": Property(Integer(0, 20), api="ReceiveMessageWaitTimeSeconds", default=0),
    "redrivePolicy": Property(Document()),
    "sqsManagedSseEnabled": Property(Boolean(), computed=True),
    "visibilityTimeoutSeconds": Property(Integer(0, 43_200), api="VisibilityTimeout", default=30),
}


def _attributes(inputs: Json) -> dict[str, str]:
    """The attributes to set; SQS takes neither ``FifoQueue`` nor its companion for a standard queue."""
    only_fifo = ("FifoQueue", "ContentBasedDeduplication")
    fifo = inputs.get("fifoQueue", False)
    return {
        key: str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in to_api(_ATTRIBUTES, inputs).items()
        if fifo or key not in only_fifo
    }


def _from_attributes(attributes: Mapping[str, str]) -> Json:
    return {
        key: _parsed(_ATTRIBUTES[key], value)
        for key, value in from_api(_ATTRIBUTES, dict(attributes)).items()
    }


def _parsed(prop: Property, text: str) -> Any:
    match prop.kind:
        case Boolean():
            return text == "true"
        case Integer():
            return int(text)
        case _:
            return text


def _create(aws: Aws, inputs: Json) -> str:
    answer = aws.client("sqs").create_queue(
        QueueName=inputs["name"], Attributes=_attributes(inputs), tags=inputs["tags"]
    )
    return str(answer["QueueUrl"])


def _read(aws: Aws, url: str, _: Json) -> Json:
    sqs = aws.client("sqs")
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return {
        "contentBasedDeduplication": False,
        "fifoQueue": False,
        **_from_attributes(attributes),
        "arn": attributes["QueueArn"],
        "name": url.rsplit("/", 1)[-1],
        "tags": sqs.list_queue_tags(QueueUrl=url).get("Tags", {}),
        "url": url,
    }


def _update(aws: Aws, url: str, olds: Json, news: Json) -> None:
    """An attribute is taken away by setting it to the empty string."""
    attributes = _attributes(news)
    gone = {key: "" for key in _attributes(olds) if key not in attributes}
    attributes.pop("FifoQueue", None)
    aws.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={**gone, **attributes})


def _retag(aws: Aws, url: str, _: Json, tags: Tags, removed: list[str]) -> None:
    sqs = aws.client("sqs")
    if tags:
        sqs.tag_queue(QueueUrl=url, Tags=tags)
    if removed:
        sqs.untag_queue(QueueUrl=url, TagKeys=removed)


RESOURCES = (
    ResourceType(
        "aws:sqs/queue:Queue",
        {
            **_ATTRIBUTES,
            "name": Property(
                String(r"[A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}\.fifo"),
                replaces=True,
                autoname=Autoname(fifo="fifoQueue"),
            ),
        },
        create=_create,
        read=_read,
        update=_update,
        delete=lambda aws, url, _: aws.client("sqs").delete_queue(QueueUrl=url),
        retag=_retag,
        outputs=("arn", "url"),
    ),
)
