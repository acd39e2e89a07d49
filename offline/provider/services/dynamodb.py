"""Amazon DynamoDB: tables without secondary indexes, streams or replicas."""

from collections.abc import Mapping

from offline.provider.aws import Aws
from offline.provider.kinds import Boolean, Integer, ListOf, Object, String
from offline.provider.schema import Autoname, Property, ResourceType, Tags
from offline.provider.wire import Json

_TABLE: Mapping[str, Property] = {
    "attributes": Property(
        ListOf(
            Object(
                {
                    "name": Property(required=True),
                    "type": Property(String(allowed=("S", "N", "B")), required=True),
                }
            ),
            ordered=False,
        )
    ),
    "billingMode": Property(String(allowed=("PROVISIONED", "PAY_PER_REQUEST")), default="PROVISIONED"),
    "deletionProtectionEnabled": Property(Boolean(), default=False),
    "hashKey": Property(required=True, replaces=True),
    "name": Property(String(r"[\w.-]{3,255}"), replaces=True, autoname=Autoname()),
    "pointInTimeRecovery": Property(Object({"enabled": Property(Boolean(), required=True)}), computed=True),
    "rangeKey": Property(replaces=True),
    "readCapacity": Property(Integer(1), computed=True),
    "serverSideEncryption": Property(
        Object({"enabled": Property(Boolean(), required=True), "kmsKeyArn": Property(computed=True)}),
        computed=True,
    ),
    "ttl": Property(
        Object({"attributeName": Property(), "enabled": Property(Boolean(), default=False)}), computed=True
    ),
    "writeCapacity": Property(Integer(1), computed=True),
}


def _definition(inputs: Json) -> Json:
    """What CreateTable and UpdateTable have in common."""
    provisioned = {}
    if inputs["billingMode"] == "PROVISIONED":
        provisioned["ProvisionedThroughput"] = {
            "ReadCapacityUnits": inputs.get("readCapacity", 1),
            "WriteCapacityUnits": inputs.get("writeCapacity", 1),
        }
    attributes = [
        {"AttributeName": each["name"], "AttributeType": each["type"]}
        for each in inputs.get("attributes", [])
    ]
    return {
        "TableName": inputs["name"],
        "AttributeDefinitions": attributes,
        "BillingMode": inputs["billingMode"],
        "DeletionProtectionEnabled": inputs["deletionProtectionEnabled"],
        **provisioned,
    }


def _encryption(inputs: Json) -> Json:
    encryption = inputs.get("serverSideEncryption", {"enabled": False})
    key = {"SSEType": "KMS", "KMSMasterKeyId": encryption["kmsKeyArn"]} if "kmsKeyArn" in encryption else {}
    return {"Enabled": encryption["enabled"], **key}


def _create(aws: Aws, inputs: Json) -> str:
    keys = [{"AttributeName": inputs["hashKey"], "KeyType": "HASH"}]
    if "rangeKey" in inputs:
        keys.append({"AttributeName": inputs["rangeKey"], "KeyType": "RANGE"})
    aws.client("dynamodb").create_table(
        **_definition(inputs),
        KeySchema=keys,
        SSESpecification=_encryption(inputs),
        Tags=[{"Key": key, "Value": value} for key, value in inputs["tags"].items()],
    )
    return str(inputs["name"])


def _read(aws: Aws, name: str, _: Json) -> Json:
    dynamodb = aws.client("dynamodb")
    table = dynamodb.describe_table(TableName=name)["Table"]
    ttl = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    tags = dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
    keys = {key["KeyType"]: key["AttributeName"] for key in table["KeySchema"]}
    encryption = table.get("SSEDescription", {})
    recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    throughput = table.get("ProvisionedThroughput", {})
    return {
        "arn": table["TableArn"],
        "attributes": [
            {"name": each["AttributeName"], "type": each["AttributeType"]}
            for each in table["AttributeDefinitions"]
        ],
        "billingMode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
        "deletionProtectionEnabled": table["DeletionProtectionEnabled"],
        "hashKey": keys["HASH"],
        "name": name,
        "pointInTimeRecovery": {"enabled": recovery == "ENABLED"},
        "rangeKey": keys.get("RANGE"),
        "readCapacity": throughput.get("ReadCapacityUnits"),
        "serverSideEncryption": {
            "enabled": encryption.get("Status") == "ENABLED",
            "kmsKeyArn": encryption.get("KMSMasterKeyArn"),
        },
        "tags": {tag["Key"]: tag["Value"] for tag in tags},
        "ttl": {
            "attributeName": ttl.get("AttributeName"),
            "enabled": ttl["TimeToLiveStatus"] == "ENABLED",
        },
        "writeCapacity": throughput.get("WriteCapacityUnits"),
    }


def _update(aws: Aws, name: str, olds: Json, news: Json) -> None:
    dynamodb = aws.client("dynamodb")
    if olds and _definition(olds) != _definition(news):
        dynamodb.update_table(**_definition(news))
    if olds and _encryption(olds) != _encryption(news):
        dynamodb.update_table(TableName=name, SSESpecification=_encryption(news))
    if olds.get("ttl") != news.get("ttl"):
        ttl = news.get("ttl") or {**olds["ttl"], "enabled": False}
        dynamodb.update_time_to_live(
            TableName=name,
            TimeToLiveSpecification={"AttributeName": ttl["attributeName"], "Enabled": ttl["enabled"]},
        )
    if olds.get("pointInTimeRecovery") != news.get("pointInTimeRecovery"):
        enabled = news.get("pointInTimeRecovery", {"enabled": False})["enabled"]
        dynamodb.update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": enabled}
        )


def _retag(aws: Aws, _: str, state: Json, tags: Tags, removed: list[str]) -> None:
    dynamodb = aws.client("dynamodb")
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    dynamodb.tag_resource(ResourceArn=state["arn"], Tags=pairs)
    dynamodb.untag_resource(ResourceArn=state["arn"], TagKeys=removed)


RESOURCES = (
    ResourceType(
        "aws:dynamodb/table:Table",
        _TABLE,
        create=_create,
        read=_read,
        update=_update,
        delete=lambda aws, name, _: aws.client("dynamodb").delete_table(TableName=name),
        retag=_retag,
        outputs=("arn",),
        settings_after_create=True,
    ),
)
