"""Amazon S3: buckets and their policies."""

from botocore.exceptions import ClientError

from offline.provider.aws import Aws
from offline.provider.kinds import Boolean, Document, String
from offline.provider.schema import Autoname, Function, Property, ResourceType, Tags
from offline.provider.wire import Json


def _create_bucket(aws: Aws, inputs: Json) -> str:
    elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": aws.region}}
    aws.client("s3").create_bucket(
        Bucket=inputs["bucket"], **({} if aws.region == "us-east-1" else elsewhere)
    )
    return str(inputs["bucket"])


def _read_bucket(aws: Aws, name: str, _: Json) -> Json:
    aws.client("s3").get_bucket_location(Bucket=name)
    return {
        "arn": f"arn:aws:s3:::{name}",
        "bucket": name,
        "bucketDomainName": f"{name}.s3.amazonaws.com",
        "bucketRegionalDomainName": f"{name}.s3.{aws.region}.amazonaws.com",
        "tags": _tags(aws, name),
    }


def _tags(aws: Aws, name: str) -> Tags:
    try:
        tags = aws.client("s3").get_bucket_tagging(Bucket=name)["TagSet"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchTagSet":
            return {}
        raise
    return {tag["Key"]: tag["Value"] for tag in tags}


def _put_tags(aws: Aws, name: str, tags: Tags) -> None:
    s3 = aws.client("s3")
    if tags:
        pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": pairs})
    else:
        s3.delete_bucket_tagging(Bucket=name)


def _complete_bucket(aws: Aws, name: str, olds: Json, news: Json) -> None:
    """CreateBucket takes no tags: a new bucket gets them when it is there."""
    if not olds and news["tags"]:
        _put_tags(aws, name, news["tags"])


def _delete_bucket(aws: Aws, name: str, state: Json) -> None:
    s3 = aws.client("s3")
    if state.get("forceDestroy"):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=name):
            for content in page.get("Contents", []):
                s3.delete_object(Bucket=name, Key=content["Key"])
    s3.delete_bucket(Bucket=name)


def _put_policy(aws: Aws, inputs: Json) -> str:
    aws.client("s3").put_bucket_policy(Bucket=inputs["bucket"], Policy=inputs["policy"])
    return str(inputs["bucket"])


def _get_policy(aws: Aws, args: Json) -> Json:
    policy = aws.client("s3").get_bucket_policy(Bucket=args["bucket"])["Policy"]
    return {"bucket": args["bucket"], "id": args["bucket"], "policy": policy}


RESOURCES = (
    ResourceType(
        "aws:s3/bucket:Bucket",
        {
            "bucket": Property(
                String(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
                replaces=True,
                autoname=Autoname(),
            ),
            "forceDestroy": Property(Boolean(), unread=True, default=False),
        },
        create=_create_bucket,
        read=_read_bucket,
        update=_complete_bucket,
        delete=_delete_bucket,
        retag=lambda aws, name, _, tags, __: _put_tags(aws, name, tags),
        outputs=("arn", "bucketDomainName", "bucketRegionalDomainName"),
        settings_after_create=True,
    ),
    ResourceType(
        "aws:s3/bucketPolicy:BucketPolicy",
        {
            "bucket": Property(required=True, replaces=True),
            "policy": Property(Document(), required=True),
        },
        create=_put_policy,
        read=lambda aws, name, _: {
            "bucket": name,
            "policy": aws.client("s3").get_bucket_policy(Bucket=name)["Policy"],
        },
        update=lambda aws, _, __, news: _put_policy(aws, news),
        delete=lambda aws, name, _: aws.client("s3").delete_bucket_policy(Bucket=name),
    ),
)

FUNCTIONS = (
    Function("aws:s3/getBucketPolicy:getBucketPolicy", _get_policy, {"bucket": Property(required=True)}),
)
