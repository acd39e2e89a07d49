"""The policies of resources, and who owns a resource: read from moto's backends."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.core.exceptions import ServiceException
from moto.dynamodb.models import dynamodb_backends
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends
from werkzeug.exceptions import HTTPException

from offline.authorization.callers import NamedPolicy
from offline.ses.authorization import identity_policies


def owner_of(resource: str) -> str | None:
    """The account that owns a resource, None for `*`; a bucket's ARN does not say."""
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return None
    if parts[2] == "s3":
        _, parts[4] = s3_backends.bucket_accounts.get(parts[5].partition("/")[0], ("", ""))
    return parts[4] or None


def resource_policies(action: str, resource: str, called_region: str) -> tuple[NamedPolicy, ...]:
    """The resource-based policies that have a say when `action` is asked for on `resource`.

    SES knows only the identities of the Region in which it is called.
    """
    service = action.partition(":")[0]
    if service == "ses":
        here = resource.split(":")[3:4] == [called_region]
        return tuple(NamedPolicy(*policy) for policy in identity_policies(resource)) if here else ()
    read, owner = _READERS.get(service), owner_of(resource)
    if read is None or owner is None:
        return ()
    region = resource.split(":")[3]
    try:
        document = read(owner, region, resource)
    except (KeyError, ServiceException, HTTPException):  # no such Region or resource, as each backend says it
        return ()
    return (NamedPolicy(f"policy of {resource}", document),) if document else ()


def _bucket_policy(owner: str, _: str, arn: str) -> str | None:
    bucket = arn.rpartition(":")[2].partition("/")[0]
    policy = s3_backends[owner]["aws"].buckets[bucket].policy
    return policy.decode() if policy else None


def _function_policy(owner: str, region: str, arn: str) -> str | None:
    name = arn.split(":")[6]
    statements = lambda_backends[owner][region].get_function(name).policy.statements
    if not statements:
        return None
    return json.dumps({"Version": "2012-10-17", "Statement": [_with_principal(each) for each in statements]})


def _with_principal(statement: Mapping[str, Any]) -> dict[str, Any]:
    """AddPermission takes a bare account ID or ARN; the policy it writes names an AWS principal."""
    principal = statement["Principal"]
    if isinstance(principal, str) and principal != "*":
        return {**statement, "Principal": {"AWS": principal}}
    return dict(statement)


def _key_policy(owner: str, region: str, arn: str) -> str:
    return str(kms_backends[owner][region].get_key_policy(arn))


def _queue_policy(owner: str, region: str, arn: str) -> str | None:
    policy: str | None = sqs_backends[owner][region].queues[arn.rpartition(":")[2]].policy
    return policy


def _table_policy(owner: str, region: str, arn: str) -> str:
    table = arn.partition("/index/")[0]
    return str(dynamodb_backends[owner][region].get_resource_policy(table).policy_doc)


def _topic_policy(owner: str, region: str, arn: str) -> str:
    return str(sns_backends[owner][region].topics[arn].policy)


def _trust_policy(owner: str, _: str, arn: str) -> str:
    return str(iam_backends[owner]["aws"].get_role_by_arn(arn).assume_role_policy_document)


_READERS: dict[str, Callable[[str, str, str], str | None]] = {
    "dynamodb": _table_policy,
    "kms": _key_policy,
    "lambda": _function_policy,
    "s3": _bucket_policy,
    "sns": _topic_policy,
    "sqs": _queue_policy,
    "sts": _trust_policy,
}
"""A resource's policy by its owner's account, its Region and its ARN."""
