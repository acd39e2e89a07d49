"""Where accepted mail goes: actions that follow the handler's in its rule, and the permissions SES needs for
them.

https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_aws import s3, sns

from components import lookup
from components.errors import refuse
from components.inputs import resolved
from components.permissions import allow_receipt_rule
from lambda_src.errors import ConfigurationError
from policies import documents


@dataclass(frozen=True)
class Delivery:
    """Actions by the receipt rule's property, in the order of delivery; what must exist before SES takes the
    rule."""

    actions: Mapping[str, dict[str, Any]]
    permissions: Sequence[pulumi.Resource]


def create(
    name: str,
    deliver: Mapping[str, Any],
    rule_arns: Sequence[pulumi.Output[str]],
    account: pulumi.Output[str],
    component: pulumi.Resource,
) -> Delivery:
    """Make bucket, topic and function of `deliver` ready for these receipt rules of this account."""
    child = pulumi.ResourceOptions(parent=component)
    attach = deliver.get("attachPolicies", True)
    actions: dict[str, dict[str, Any]] = {}
    permissions: list[pulumi.Resource] = []
    if "bucket" in deliver:
        bucket, prefix = deliver["bucket"], deliver.get("prefix", "")
        actions["s3_actions"] = {"bucket_name": bucket, "object_key_prefix": prefix}
        if attach:
            _refuse_foreign_policy(component, bucket)
            policy = pulumi.Output.all(bucket, prefix, account, rule_arns).apply(
                lambda v: documents.mail_bucket(*v)
            )
            permissions.append(
                s3.BucketPolicy(
                    f"{name}-bucket", bucket=bucket, policy=policy.apply(documents.render), opts=child
                )
            )
    if "topicArn" in deliver:
        topic = deliver["topicArn"]
        actions["sns_actions"] = {"topic_arn": topic}
        if attach:
            policy = pulumi.Output.all(topic, account, rule_arns).apply(lambda v: documents.mail_topic(*v))
            permissions.append(
                sns.TopicPolicy(f"{name}-topic", arn=topic, policy=policy.apply(documents.render), opts=child)
            )
    if "functionArn" in deliver:
        function = deliver["functionArn"]
        actions["lambda_actions"] = {"function_arn": function, "invocation_type": "Event"}
        permissions += [
            allow_receipt_rule(f"{name}-function-{number}", function, rule_arn, account, child)
            for number, rule_arn in enumerate(rule_arns, 1)
        ]
    return Delivery(actions, permissions)


def _refuse_foreign_policy(component: pulumi.Resource, bucket: pulumi.Input[str]) -> None:
    """A bucket has one policy: attaching SES's would drop, unasked, whatever its owner wrote there."""
    if not resolved(bucket):
        return
    policy = lookup.bucket_policy(component, str(bucket))
    statements = json.loads(policy)["Statement"] if policy else []
    if any(statement.get("Sid") != documents.DELIVERY_SID for statement in statements):
        fix = (
            "has a policy of its own, which SES's would replace: let ses.amazonaws.com put objects there, "
            "and say attachPolicies: false"
        )
        refuse([ConfigurationError("deliver.bucket", bucket, fix)])
