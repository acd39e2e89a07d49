"""What is read from AWS while the program runs, previews included."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

_ABSENT = re.compile(
    r"empty result|couldn't find|not found|no active|NoSuchBucketPolicy|does ?n[o']t ?exist", re.IGNORECASE
)


@dataclass(frozen=True)
class Location:
    """The account and Region in which a component's provider works."""

    account: pulumi.Output[str]
    region: pulumi.Output[str]


def location(component: pulumi.Resource) -> Location:
    """Where `component` lives."""
    options = pulumi.InvokeOutputOptions(parent=component)
    return Location(
        account=aws.get_caller_identity_output(opts=options).account_id,
        region=aws.get_region_output(opts=options).region,
    )


def active_rule_set(component: pulumi.Resource) -> str | None:
    """The name of the rule set that receives mail now; None when none does."""
    options = pulumi.InvokeOptions(parent=component)
    return _unless_absent(lambda: aws.ses.get_active_receipt_rule_set(opts=options).rule_set_name)


def bucket_policy(component: pulumi.Resource, bucket: str) -> str | None:
    """The bucket's policy; None when it has none."""
    options = pulumi.InvokeOptions(parent=component)
    return _unless_absent(lambda: aws.s3.get_bucket_policy(bucket=bucket, opts=options).policy)


def _unless_absent(read: Callable[[], str]) -> str | None:
    try:
        return read() or None
    except Exception as error:  # every failed invoke is a bare Exception; only its text tells them apart
        if _ABSENT.search(str(error)):
            return None
        raise
