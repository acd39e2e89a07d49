"""Which resources each operation is authorised on: the resource types of the Service Authorization Reference.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
The table is closed: a role may call only what stands here, so nothing passes because nobody thought of it. It
holds what a running system does; deploying is the operator's, whom nothing restricts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any
from urllib.parse import urlsplit

Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Scope:
    """Where a resource that is named without an ARN lives: in the caller's account and the call's Region."""

    partition: str
    region: str
    account: str


Arn = Callable[[Parameters, Scope], str]
"""The resource of one call; KeyError when the call does not name one."""


def _everything(_: Parameters, __: Scope) -> str:
    """The action supports no resource type: only `*` in a policy grants it."""
    return "*"


def _named(template: str) -> Arn:
    """The ARN of the template; a member that already holds an ARN is taken as it is."""
    members = [name for _, name, _, _ in Formatter().parse(template) if name and name[0].isupper()]

    def arn(parameters: Parameters, scope: Scope) -> str:
        first = str(parameters[members[0]])
        if first.startswith("arn:"):
            return first
        names = {member: parameters[member] for member in members}
        return template.format(partition=scope.partition, region=scope.region, account=scope.account, **names)

    return arn


def _given(member: str) -> Arn:
    return lambda parameters, _: str(parameters[member])


def _queue(parameters: Parameters, scope: Scope) -> str:
    """A queue's URL ends in its owner's account and its name."""
    *_, account, name = ["", scope.account, *urlsplit(parameters["QueueUrl"]).path.strip("/").split("/")]
    return f"arn:{scope.partition}:sqs:{scope.region}:{account}:{name}"


def _queue_by_name(parameters: Parameters, scope: Scope) -> str:
    account = parameters.get("QueueOwnerAWSAccountId", scope.account)
    return f"arn:{scope.partition}:sqs:{scope.region}:{account}:{parameters['QueueName']}"


table_arn = _named("arn:{partition}:dynamodb:{region}:{account}:table/{TableName}")


def _table_or_index(parameters: Parameters, scope: Scope) -> str:
    index = parameters.get("IndexName")
    table = table_arn(parameters, scope)
    return f"{table}/index/{index}" if index else table


def _function(parameters: Parameters, scope: Scope) -> str:
    """FunctionName is a name, `account:function:name`, or an ARN, each with or without a qualifier."""
    name = str(parameters["FunctionName"])
    if not name.startswith("arn:"):
        account, _, rest = name.rpartition(":function:")
        name = (
            f"arn:{scope.partition}:lambda:{scope.region}:{account or scope.account}:function:{rest or name}"
        )
    qualifier = parameters.get("Qualifier")
    return f"{name}:{qualifier}" if qualifier and name.count(":") == 6 else name


def _subscribed_topic(parameters: Parameters, _: Scope) -> str:
    return str(parameters["SubscriptionArn"]).rpartition(":")[0]


def _published(parameters: Parameters, _: Scope) -> str:
    """A topic, a mobile endpoint, or a telephone number, which is a resource under its own name."""
    return str(parameters.get("TopicArn") or parameters.get("TargetArn") or parameters["PhoneNumber"])


def _log_group(parameters: Parameters, scope: Scope) -> str:
    """A group is asked about under the name of its nameless stream, hence policies end in `:*`."""
    return _log_stream({"logStreamName": "", **parameters}, scope)


def _log_stream(parameters: Parameters, scope: Scope) -> str:
    group = parameters.get("logGroupName") or parameters["logGroupIdentifier"]
    if not group.startswith("arn:"):
        group = f"arn:{scope.partition}:logs:{scope.region}:{scope.account}:log-group:{group}"
    return f"{group.removesuffix(':*')}:log-stream:{parameters['logStreamName']}"


def _object(parameters: Parameters, scope: Scope) -> str:
    return f"arn:{scope.partition}:s3:::{parameters['Bucket']}/{parameters['Key']}"


def _bucket(parameters: Parameters, scope: Scope) -> str:
    return f"arn:{scope.partition}:s3:::{parameters['Bucket']}"


_TABLE: dict[str, dict[str, Arn]] = {
    "cloudwatch": {
        "PutMetricData GetMetricData GetMetricStatistics ListMetrics DescribeAlarmsForMetric": _everything,
        "PutMetricAlarm SetAlarmState": _named(
            "arn:{partition}:cloudwatch:{region}:{account}:alarm:{AlarmName}"
        ),
        "PutDashboard GetDashboard": _named(
            "arn:{partition}:cloudwatch::{account}:dashboard/{DashboardName}"
        ),
    },
    "dynamodb": {
        "ListTables DescribeLimits DescribeEndpoints": _everything,
        "Query Scan": _table_or_index,
        "GetItem PutItem UpdateItem DeleteItem CreateTable DescribeTable UpdateTable DeleteTable "
        "DescribeTimeToLive UpdateTimeToLive": table_arn,
        "GetResourcePolicy PutResourcePolicy DeleteResourcePolicy": _given("ResourceArn"),
        "ListTagsOfResource TagResource UntagResource": _given("ResourceArn"),
    },
    "iam": {
        "ListRoles ListPolicies ListUsers GetAccountAuthorizationDetails": _everything,
        "GetRole ListRolePolicies GetRolePolicy ListAttachedRolePolicies": _named(
            "arn:{partition}:iam::{account}:role/{RoleName}"
        ),
        "GetPolicy GetPolicyVersion ListPolicyVersions": _given("PolicyArn"),
    },
    "kms": {
        "ListKeys ListAliases": _everything,
        "Encrypt Decrypt GenerateDataKey DescribeKey GetKeyPolicy": _named(
            "arn:{partition}:kms:{region}:{account}:key/{KeyId}"
        ),
    },
    "lambda": {
        "ListFunctions GetAccountSettings ListEventSourceMappings": _everything,
        "Invoke InvokeWithResponseStream InvokeAsync GetFunction GetFunctionConfiguration GetPolicy "
        "ListVersionsByFunction GetFunctionConcurrency": _function,
        "GetEventSourceMapping": _named(
            "arn:{partition}:lambda:{region}:{account}:event-source-mapping:{UUID}"
        ),
    },
    "logs": {
        "DescribeLogGroups PutResourcePolicy DescribeResourcePolicies DeleteResourcePolicy": _everything,
        "CreateLogStream DeleteLogStream PutLogEvents GetLogEvents": _log_stream,
        "CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy DescribeLogStreams "
        "FilterLogEvents PutMetricFilter DescribeMetricFilters DeleteMetricFilter": _log_group,
    },
    "s3": {
        "ListBuckets": _everything,
        "GetObject HeadObject PutObject DeleteObject GetObjectTagging GetObjectAcl CreateMultipartUpload "
        "UploadPart CompleteMultipartUpload AbortMultipartUpload ListParts": _object,
        "HeadBucket ListObjects ListObjectsV2 ListObjectVersions ListMultipartUploads GetBucketLocation "
        "GetBucketPolicy": _bucket,
    },
    "ses": {
        "CloneReceiptRuleSet CreateReceiptFilter CreateReceiptRule CreateReceiptRuleSet DeleteIdentity "
        "DeleteIdentityPolicy DeleteReceiptFilter DeleteReceiptRule DeleteReceiptRuleSet "
        "DescribeActiveReceiptRuleSet DescribeReceiptRule DescribeReceiptRuleSet GetAccountSendingEnabled "
        "GetIdentityDkimAttributes GetIdentityMailFromDomainAttributes GetIdentityNotificationAttributes "
        "GetIdentityPolicies GetIdentityVerificationAttributes GetSendQuota GetSendStatistics ListIdentities "
        "ListIdentityPolicies ListReceiptFilters ListReceiptRuleSets PutIdentityPolicy ReorderReceiptRuleSet "
        "SetActiveReceiptRuleSet SetIdentityDkimEnabled SetIdentityFeedbackForwardingEnabled "
        "SetIdentityHeadersInNotificationsEnabled SetIdentityMailFromDomain SetIdentityNotificationTopic "
        "SetReceiptRulePosition UpdateReceiptRule VerifyDomainDkim VerifyDomainIdentity VerifyEmailAddress "
        "VerifyEmailIdentity": _everything,
    },
    "sesv2": {
        "GetAccount ListEmailIdentities": _everything,
        "CreateEmailIdentity GetEmailIdentity DeleteEmailIdentity CreateEmailIdentityPolicy "
        "UpdateEmailIdentityPolicy DeleteEmailIdentityPolicy GetEmailIdentityPolicies "
        "PutEmailIdentityDkimAttributes PutEmailIdentityFeedbackAttributes "
        "PutEmailIdentityMailFromAttributes": _named(
            "arn:{partition}:ses:{region}:{account}:identity/{EmailIdentity}"
        ),
    },
    "sns": {
        "ListTopics ListSubscriptions": _everything,
        "Publish PublishBatch": _published,
        "CreateTopic": _named("arn:{partition}:sns:{region}:{account}:{Name}"),
        "DeleteTopic GetTopicAttributes SetTopicAttributes Subscribe ListSubscriptionsByTopic "
        "ConfirmSubscription AddPermission RemovePermission": _given("TopicArn"),
        "GetSubscriptionAttributes SetSubscriptionAttributes Unsubscribe": _subscribed_topic,
        "ListTagsForResource TagResource UntagResource": _given("ResourceArn"),
    },
    "sqs": {
        "ListQueues": _everything,
        "CreateQueue GetQueueUrl": _queue_by_name,
        "StartMessageMoveTask ListMessageMoveTasks": _given("SourceArn"),
        "SendMessage SendMessageBatch ReceiveMessage DeleteMessage DeleteMessageBatch PurgeQueue "
        "ChangeMessageVisibility ChangeMessageVisibilityBatch GetQueueAttributes SetQueueAttributes "
        "DeleteQueue ListDeadLetterSourceQueues ListQueueTags TagQueue UntagQueue": _queue,
    },
    "sts": {
        "AssumeRole": _given("RoleArn"),
        "DecodeAuthorizationMessage": _everything,
    },
}

RESOURCES: dict[tuple[str, str], Arn] = {
    (service, operation): arn
    for service, rows in _TABLE.items()
    for operations, arn in rows.items()
    for operation in operations.split()
}
"""The resource of each operation that a role may call, by botocore's names of service and operation."""
