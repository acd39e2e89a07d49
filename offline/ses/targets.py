"""What SES does with the targets of receipt rules: functions, buckets, topics, if it may.

SES comes as the service principal `ses.amazonaws.com` with the rule's ARN and account (DG, "Giving
permissions to Amazon SES for email receiving"), so the target's own policy decides, when the rule is made
and at each delivery.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.core.exceptions import JsonRESTError
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends
from moto.sns.models import sns_backends
from moto.utilities.utils import get_partition

from policies.evaluation import PolicySet, Request, compile_policy, decide, parse_principal

_SES = parse_principal("ses.amazonaws.com")


@dataclass(frozen=True)
class RuleReference:
    """A receipt rule, as other services know it."""

    account_id: str
    region: str
    rule_set: str
    rule: str

    @property
    def arn(self) -> str:
        """The ARN that policies name as aws:SourceArn."""
        owner = f"arn:{get_partition(self.region)}:ses:{self.region}:{self.account_id}"
        return f"{owner}:receipt-rule-set/{self.rule_set}:receipt-rule/{self.rule}"


def may_invoke(function_arn: str, rule: RuleReference) -> bool:
    """Whether the function exists in the rule's Region and its policy lets SES invoke it for the rule."""
    _, _, _, region, owner, *_ = function_arn.split(":")
    if region != rule.region:
        return False
    try:
        policy = lambda_backends[owner][region].get_function(function_arn).policy.get_policy()["Policy"]
    except JsonRESTError:  # no such function, or no policy
        return False
    return _allows(policy, "lambda:InvokeFunction", function_arn, owner, rule)


def bucket_owner(bucket: str) -> str | None:
    """The account that owns a bucket, None if there is no such bucket."""
    account: tuple[str, str] | None = s3_backends.bucket_accounts.get(bucket)
    return account[1] if account else None


def key_exists(key_arn: str) -> bool:
    """Whether a KMS key can be used: SES's own always, another if it exists."""
    keys = (key for *_, backend in kms_backends.iter_backends() for key in backend.keys.values())
    return key_arn.endswith(":alias/aws/ses") or any(key.arn == key_arn for key in keys)


def put(action: Mapping[str, str], name: str, content: bytes, rule: RuleReference) -> bool:
    """Write an object for an S3 action; False if SES may not.

    With a role in the action, the role alone gives access: its existence is all that is asked here. Nothing
    is encrypted.
    """
    bucket, key = action["BucketName"], action.get("ObjectKeyPrefix", "") + name
    owner, partition = bucket_owner(bucket), get_partition(rule.region)
    if owner is None:
        return False
    if "IamRoleArn" in action:
        roles = iam_backends[rule.account_id][partition].roles.values()
        allowed = any(role.arn == action["IamRoleArn"] for role in roles)
    else:
        policy = s3_backends[owner][partition].get_bucket_policy(bucket)
        resource = f"arn:{partition}:s3:::{bucket}/{key}"
        allowed = bool(policy) and _allows(json.loads(policy), "s3:PutObject", resource, owner, rule)
    if allowed:
        s3_backends[owner][partition].put_object(bucket, key, content)
    return allowed


def may_publish(topic_arn: str, rule: RuleReference) -> bool:
    """Whether the topic exists in the rule's Region and SES may publish to it for the rule.

    A topic of the rule's own account needs no permission; another's needs a policy.
    """
    _, _, _, region, owner, _ = topic_arn.split(":", 5)
    if region != rule.region or topic_arn not in sns_backends[owner][region].topics:
        return False
    policy = json.loads(sns_backends[owner][region].topics[topic_arn].policy)
    return owner == rule.account_id or _allows(policy, "sns:Publish", topic_arn, owner, rule)


def publish(topic_arn: str, message: str, subject: str) -> None:
    """Publish to a topic that SES may publish to."""
    _, _, _, region, owner, _ = topic_arn.split(":", 5)
    sns_backends[owner][region].publish(message, arn=topic_arn, subject=subject)


def _allows(policy: Mapping[str, Any], action: str, resource: str, owner: str, rule: RuleReference) -> bool:
    request = Request(
        principal=_SES,
        action=action,
        resource=resource,
        resource_account=owner,
        context={"aws:SourceArn": (rule.arn,), "aws:SourceAccount": (rule.account_id,)},
        complete=True,
    )
    return decide(request, PolicySet(resource=(compile_policy(policy),))).decision == "allowed"
