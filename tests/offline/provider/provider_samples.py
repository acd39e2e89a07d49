"""A life for each resource type: what it needs, its inputs, and inputs changed in place."""

import json
from dataclasses import dataclass
from typing import Any

from provider_driver import ACCOUNT, REGION

from offline.provider import wire

Inputs = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """``changed`` is empty for types that AWS cannot change; ``import_id`` when it is not the ID."""

    inputs: Inputs
    changed: Inputs
    needs: tuple[tuple[str, Inputs], ...] = ()
    import_id: str = ""


def policy(action: str, **elements: Any) -> str:
    statement = {"Effect": "Allow", "Action": action, **elements}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def code(text: str) -> dict[str, Any]:
    """An archive of one file, with the hash that an engine gives it."""
    asset = {wire.SIGNATURE: wire.ASSET, "hash": text, "text": text}
    return {wire.SIGNATURE: wire.ARCHIVE, "hash": f"of {text}", "assets": {"handler.py": asset}}


TRUST = policy("sts:AssumeRole", Principal={"Service": "lambda.amazonaws.com"})
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/worker"
QUEUE_ARN = f"arn:aws:sqs:{REGION}:{ACCOUNT}:requests.fifo"
TOPIC_ARN = f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms"
FUNCTION_ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:handler"
IDENTITY_ARN = f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/example.com"

ROLE = ("aws:iam/role:Role", {"name": "worker", "assumeRolePolicy": TRUST})
QUEUE = ("aws:sqs/queue:Queue", {"name": "requests.fifo", "fifoQueue": True})
READING = (
    "aws:iam/rolePolicy:RolePolicy",
    {"name": "reads", "role": "worker", "policy": policy("sqs:*", Resource=QUEUE_ARN)},
)
TOPIC = ("aws:sns/topic:Topic", {"name": "alarms"})
BUCKET = ("aws:s3/bucket:Bucket", {"bucket": "mail-of-example-com"})
RULE_SET = ("aws:ses/receiptRuleSet:ReceiptRuleSet", {"ruleSetName": "inbound"})
OTHER_RULE_SET = ("aws:ses/receiptRuleSet:ReceiptRuleSet", {"ruleSetName": "other"})
IDENTITY = ("aws:sesv2/emailIdentity:EmailIdentity", {"emailIdentity": "example.com"})
FUNCTION = (
    "aws:lambda/function:Function",
    {
        "name": "handler",
        "runtime": "python3.13",
        "handler": "handler.handle",
        "role": ROLE_ARN,
        "code": code("v1"),
    },
)

SAMPLES: dict[str, Sample] = {
    "aws:cloudwatch/dashboard:Dashboard": Sample(
        {"dashboardName": "bounces", "dashboardBody": '{"widgets": []}'},
        {"dashboardName": "bounces", "dashboardBody": '{"widgets": [], "start": "-PT1H"}'},
    ),
    "aws:cloudwatch/logGroup:LogGroup": Sample(
        {"name": "/ses-bounce/handler", "retentionInDays": 30, "tags": {"stage": "dev"}},
        {"name": "/ses-bounce/handler", "tags": {"stage": "prod", "team": "mail"}},
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Sample(
        {
            "name": "dead-letters",
            "namespace": "AWS/SQS",
            "metricName": "ApproximateNumberOfMessagesVisible",
            "dimensions": {"QueueName": "dead"},
            "statistic": "Maximum",
            "period": 60,
            "evaluationPeriods": 1,
            "threshold": 0.5,
            "comparisonOperator": "GreaterThanThreshold",
            "treatMissingData": "notBreaching",
            "alarmDescription": "Something was not bounced.",
            "alarmActions": [TOPIC_ARN],
            "okActions": [TOPIC_ARN],
            "tags": {"stage": "dev"},
        },
        {
            "name": "dead-letters",
            "namespace": "AWS/SQS",
            "metricName": "ApproximateNumberOfMessagesVisible",
            "dimensions": {"QueueName": "deader"},
            "statistic": "Sum",
            "period": 300,
            "evaluationPeriods": 2,
            "threshold": 3,
            "comparisonOperator": "GreaterThanThreshold",
        },
        needs=(TOPIC,),
    ),
    "aws:dynamodb/table:Table": Sample(
        {
            "name": "ledger",
            "billingMode": "PAY_PER_REQUEST",
            "hashKey": "id",
            "attributes": [{"name": "id", "type": "S"}],
            "ttl": {"attributeName": "expiration", "enabled": True},
            "serverSideEncryption": {"enabled": True},
            "tags": {"stage": "dev"},
        },
        {
            "name": "ledger",
            "billingMode": "PAY_PER_REQUEST",
            "hashKey": "id",
            "attributes": [{"name": "id", "type": "S"}],
            "ttl": {"attributeName": "expiration", "enabled": False},
            "deletionProtectionEnabled": False,
            "pointInTimeRecovery": {"enabled": True},
        },
    ),
    "aws:iam/role:Role": Sample(
        {"name": "worker", "assumeRolePolicy": TRUST, "description": "works", "tags": {"stage": "dev"}},
        {
            "name": "worker",
            "assumeRolePolicy": policy("sts:AssumeRole", Principal={"Service": "ses.amazonaws.com"}),
            "maxSessionDuration": 7200,
        },
    ),
    "aws:iam/rolePolicy:RolePolicy": Sample(
        {"name": "sends", "role": "worker", "policy": policy("sqs:SendMessage", Resource=QUEUE_ARN)},
        {"name": "sends", "role": "worker", "policy": policy("sqs:*", Resource=QUEUE_ARN)},
        needs=(ROLE,),
    ),
    "aws:lambda/eventSourceMapping:EventSourceMapping": Sample(
        {
            "eventSourceArn": QUEUE_ARN,
            "functionName": "handler",
            "batchSize": 10,
            "functionResponseTypes": ["ReportBatchItemFailures"],
        },
        {"eventSourceArn": QUEUE_ARN, "functionName": "handler", "batchSize": 5, "enabled": False},
        needs=(ROLE, READING, QUEUE, FUNCTION),
    ),
    "aws:lambda/function:Function": Sample(
        {
            "name": "handler",
            "runtime": "python3.13",
            "architectures": ["arm64"],
            "handler": "handler.handle",
            "role": ROLE_ARN,
            "code": code("v1"),
            "timeout": 20,
            "memorySize": 256,
            "description": "handles",
            "environment": {"variables": {"QUEUE_URL": "https://sqs"}},
            "loggingConfig": {"logFormat": "JSON", "logGroup": "/ses-bounce/handler"},
            "tags": {"stage": "dev"},
        },
        {
            "name": "handler",
            "runtime": "python3.13",
            "architectures": ["arm64"],
            "handler": "handler.handler",
            "role": ROLE_ARN,
            "code": code("v2"),
        },
        needs=(ROLE,),
    ),
    "aws:lambda/permission:Permission": Sample(
        {
            "statementId": "AllowSES",
            "action": "lambda:InvokeFunction",
            "function": "handler",
            "principal": "ses.amazonaws.com",
            "sourceAccount": ACCOUNT,
            "sourceArn": f"arn:aws:ses:{REGION}:{ACCOUNT}:receipt-rule-set/inbound:receipt-rule/bounce",
        },
        {},
        needs=(ROLE, FUNCTION),
        import_id="handler/AllowSES",
    ),
    "aws:route53/record:Record": Sample(
        {
            "zoneId": "of example.com",
            "name": "_dmarc",
            "type": "TXT",
            "ttl": 300,
            "records": ["v=DMARC1; p=none"],
        },
        {
            "zoneId": "of example.com",
            "name": "_dmarc",
            "type": "CNAME",
            "ttl": 600,
            "records": ["_dmarc.example.org"],
        },
    ),
    "aws:s3/bucket:Bucket": Sample(
        {"bucket": "mail-of-example-com", "tags": {"stage": "dev"}},
        {"bucket": "mail-of-example-com", "tags": {"stage": "prod"}},
    ),
    "aws:s3/bucketPolicy:BucketPolicy": Sample(
        {
            "bucket": "mail-of-example-com",
            "policy": policy("s3:PutObject", Principal={"Service": "ses.amazonaws.com"}, Resource="*"),
        },
        {
            "bucket": "mail-of-example-com",
            "policy": policy("s3:*", Principal={"Service": "ses.amazonaws.com"}, Resource="*"),
        },
        needs=(BUCKET,),
    ),
    "aws:ses/activeReceiptRuleSet:ActiveReceiptRuleSet": Sample(
        {"ruleSetName": "inbound"}, {"ruleSetName": "other"}, needs=(RULE_SET, OTHER_RULE_SET)
    ),
    "aws:ses/receiptRule:ReceiptRule": Sample(
        {
            "ruleSetName": "inbound",
            "name": "bounce",
            "enabled": True,
            "recipients": ["example.com", ".example.com"],
            "scanEnabled": True,
            "tlsPolicy": "Require",
            "bounceActions": [
                {
                    "position": 1,
                    "sender": "mailer-daemon@example.com",
                    "message": "No such mailbox",
                    "smtpReplyCode": "550",
                    "statusCode": "5.1.1",
                }
            ],
            "snsActions": [{"position": 2, "topicArn": TOPIC_ARN}],
        },
        {
            "ruleSetName": "inbound",
            "name": "bounce",
            "recipients": ["example.com"],
            "stopActions": [{"position": 1, "scope": "RuleSet"}],
        },
        needs=(RULE_SET, IDENTITY, TOPIC),
        import_id="inbound:bounce",
    ),
    "aws:ses/receiptRuleSet:ReceiptRuleSet": Sample({"ruleSetName": "inbound"}, {}),
    "aws:sesv2/emailIdentity:EmailIdentity": Sample(
        {"emailIdentity": "example.com", "tags": {"stage": "dev"}},
        {"emailIdentity": "example.com", "tags": {"team": "mail"}},
    ),
    "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes": Sample(
        {"emailIdentity": "example.com", "mailFromDomain": "bounce.example.com"},
        {
            "emailIdentity": "example.com",
            "mailFromDomain": "bounces.example.com",
            "behaviorOnMxFailure": "REJECT_MESSAGE",
        },
        needs=(IDENTITY,),
    ),
    "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy": Sample(
        {
            "emailIdentity": "example.com",
            "policyName": "others",
            "policy": policy("ses:SendEmail", Principal={"AWS": "222222222222"}, Resource=IDENTITY_ARN),
        },
        {
            "emailIdentity": "example.com",
            "policyName": "others",
            "policy": policy("ses:SendRawEmail", Principal={"AWS": "222222222222"}, Resource=IDENTITY_ARN),
        },
        needs=(IDENTITY,),
    ),
    "aws:sns/topic:Topic": Sample(
        {"name": "alarms", "displayName": "Alarms", "tags": {"stage": "dev"}},
        {"name": "alarms", "tags": {"team": "mail"}},
    ),
    "aws:sns/topicPolicy:TopicPolicy": Sample(
        {
            "arn": TOPIC_ARN,
            "policy": policy("SNS:Publish", Principal={"Service": "ses.amazonaws.com"}, Resource=TOPIC_ARN),
        },
        {
            "arn": TOPIC_ARN,
            "policy": policy("SNS:Publish", Principal={"AWS": ACCOUNT}, Resource=TOPIC_ARN),
        },
        needs=(TOPIC,),
    ),
    "aws:sqs/queue:Queue": Sample(
        {
            "name": "requests.fifo",
            "fifoQueue": True,
            "visibilityTimeoutSeconds": 720,
            "messageRetentionSeconds": 86_400,
            "sqsManagedSseEnabled": True,
            "redrivePolicy": json.dumps(
                {"deadLetterTargetArn": QUEUE_ARN.replace("requests", "dead"), "maxReceiveCount": 1000}
            ),
            "tags": {"stage": "dev"},
        },
        {
            "name": "requests.fifo",
            "fifoQueue": True,
            "contentBasedDeduplication": True,
            "tags": {"team": "mail"},
        },
        needs=(("aws:sqs/queue:Queue", {"name": "dead.fifo", "fifoQueue": True}),),
    ),
}
