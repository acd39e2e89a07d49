"""What an account of the offline cloud consists of, seen with boto3."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from offline import accounts

Contents = dict[str, Any]
"""What AWS tells of each resource, by kind and name, without what is only chance."""

Clients = Callable[[str], Any]

CHANCE = re.compile(
    r"(?i)date|time|timestamp|modified|revisionid|roleid|tableid|uuid|tokens|ResponseMetadata"
)
"""Names of properties that no two deployments of a program share."""


def contents(endpoint: str, account: str, region: str) -> Contents:
    """Everything of the services used here that an account has in a Region."""
    session = accounts.session(endpoint, account, region)

    def client(service: str) -> Any:
        return session.client(service, endpoint_url=endpoint)  # type: ignore[call-overload]  # any service

    return {
        f"{reader.__name__}/{name}": _without_chance(told)
        for reader in (rule_sets, identities, functions, triggers, queues, tables, roles, logs, alarms)
        for name, told in reader(client)
    }


def anonymous(found: Contents, account: str) -> Contents:
    """The same, whichever account it is in and whatever was made up to make names unique."""
    text = json.dumps(found, sort_keys=True).replace(account, "ACCOUNT")
    return dict(
        json.loads(re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|-[0-9a-f]{7}\b", "-UNIQUE", text))
    )


def rule_sets(client: Clients) -> Iterator[tuple[str, Any]]:
    ses = client("ses")
    for each in ses.list_receipt_rule_sets()["RuleSets"]:
        yield each["Name"], ses.describe_receipt_rule_set(RuleSetName=each["Name"])["Rules"]
    active = ses.describe_active_receipt_rule_set()
    if "Metadata" in active:
        yield "active", active["Metadata"]["Name"]


def identities(client: Clients) -> Iterator[tuple[str, Any]]:
    ses = client("sesv2")
    for each in ses.list_email_identities()["EmailIdentities"]:
        yield each["IdentityName"], ses.get_email_identity(EmailIdentity=each["IdentityName"])


def functions(client: Clients) -> Iterator[tuple[str, Any]]:
    lambda_ = client("lambda")
    for each in lambda_.list_functions()["Functions"]:
        name = each["FunctionName"]
        yield name, [each, _policy(lambda_, name), lambda_.list_tags(Resource=each["FunctionArn"])["Tags"]]


def _policy(lambda_: Any, name: str) -> Any:
    try:
        statements = json.loads(lambda_.get_policy(FunctionName=name)["Policy"])["Statement"]
    except ClientError:  # it has none
        return []
    return sorted(statements, key=lambda statement: statement["Sid"])


def triggers(client: Clients) -> Iterator[tuple[str, Any]]:
    for each in client("lambda").list_event_source_mappings()["EventSourceMappings"]:
        yield each["EventSourceArn"], each


def queues(client: Clients) -> Iterator[tuple[str, Any]]:
    sqs = client("sqs")
    for url in sqs.list_queues().get("QueueUrls", []):
        told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        yield told["QueueArn"], [told, sqs.list_queue_tags(QueueUrl=url).get("Tags")]


def tables(client: Clients) -> Iterator[tuple[str, Any]]:
    dynamodb = client("dynamodb")
    for name in dynamodb.list_tables()["TableNames"]:
        table = dynamodb.describe_table(TableName=name)["Table"]
        expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        yield name, [table, expiry]


def roles(client: Clients) -> Iterator[tuple[str, Any]]:
    iam = client("iam")
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        policies = iam.list_role_policies(RoleName=name)["PolicyNames"]
        documents = [iam.get_role_policy(RoleName=name, PolicyName=policy) for policy in policies]
        yield name, [role, documents, iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]]


def logs(client: Clients) -> Iterator[tuple[str, Any]]:
    for group in client("logs").describe_log_groups()["logGroups"]:
        yield group["logGroupName"], group


def alarms(client: Clients) -> Iterator[tuple[str, Any]]:
    cloudwatch = client("cloudwatch")
    for alarm in cloudwatch.describe_alarms()["MetricAlarms"]:
        yield alarm["AlarmName"], alarm
    for dashboard in cloudwatch.list_dashboards()["DashboardEntries"]:
        name = dashboard["DashboardName"]
        yield name, cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"]


def _without_chance(told: Any) -> Any:
    if isinstance(told, dict):
        return {key: _without_chance(value) for key, value in told.items() if not CHANCE.search(key)}
    if isinstance(told, list):
        return [_without_chance(each) for each in told]
    return told
