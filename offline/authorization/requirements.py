"""What a call must be allowed to do: one or more actions, each on one resource, all of which must be allowed.

Operation and IAM action have different names in places, batches are the single action on each of their parts,
and SendBounce touches every identity that it names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from offline.authorization.resources import RESOURCES, Parameters, Scope, table_arn
from offline.ses.authorization import required_authorizations


@dataclass(frozen=True)
class Requirement:
    """One action on one resource."""

    action: str
    resource: str


class UnknownOperationError(Exception):
    """The offline cloud does not know what this operation must be allowed to do, so no role may call it."""


_PREFIXES = {"sesv2": "ses"}
_ACTIONS = {
    ("lambda", "Invoke"): "InvokeFunction",
    ("lambda", "InvokeWithResponseStream"): "InvokeFunction",
    ("s3", "CompleteMultipartUpload"): "PutObject",
    ("s3", "CreateMultipartUpload"): "PutObject",
    ("s3", "HeadBucket"): "ListBucket",
    ("s3", "HeadObject"): "GetObject",
    ("s3", "ListBuckets"): "ListAllMyBuckets",
    ("s3", "ListMultipartUploads"): "ListBucketMultipartUploads",
    ("s3", "ListObjectVersions"): "ListBucketVersions",
    ("s3", "ListObjects"): "ListBucket",
    ("s3", "ListObjectsV2"): "ListBucket",
    ("s3", "ListParts"): "ListMultipartUploadParts",
    ("s3", "UploadPart"): "PutObject",
    ("sns", "PublishBatch"): "Publish",
    ("sqs", "ChangeMessageVisibilityBatch"): "ChangeMessageVisibility",
    ("sqs", "DeleteMessageBatch"): "DeleteMessage",
    ("sqs", "SendMessageBatch"): "SendMessage",
}


def action_name(service: str, operation: str) -> str:
    """The IAM action of an operation: `sqs:SendMessage` for SendMessageBatch."""
    return f"{_PREFIXES.get(service, service)}:{_ACTIONS.get((service, operation), operation)}"


def requirements(
    service: str, operation: str, parameters: Parameters, scope: Scope
) -> tuple[Requirement, ...]:
    """What must be allowed for the call; raises UnknownOperationError for a call outside the table."""
    key = (service, operation)
    try:
        if key in _COMPOSED:
            needed = tuple(_COMPOSED[key](parameters, scope))
        else:
            needed = (Requirement(action_name(service, operation), RESOURCES[key](parameters, scope)),)
    except (KeyError, TypeError, AttributeError):
        needed = ()
    if not needed:
        raise UnknownOperationError(
            f"the offline cloud does not know what {service} {operation} needs with these parameters"
        )
    return needed


def _each_table(action: str) -> Callable[[Parameters, Scope], Iterator[Requirement]]:
    def of(parameters: Parameters, scope: Scope) -> Iterator[Requirement]:
        for name in parameters["RequestItems"]:
            yield Requirement(action, table_arn({"TableName": name}, scope))

    return of


_TRANSACTED = {
    "Get": "GetItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


def _transaction(parameters: Parameters, scope: Scope) -> Iterator[Requirement]:
    """A transaction needs what its parts would need alone.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
    """
    for item in parameters["TransactItems"]:
        for kind, request in item.items():
            yield Requirement(f"dynamodb:{_TRANSACTED[kind]}", table_arn(request, scope))


def _deleted_objects(parameters: Parameters, scope: Scope) -> Iterator[Requirement]:
    for item in parameters["Delete"]["Objects"]:
        object_arn = RESOURCES["s3", "DeleteObject"]
        yield Requirement("s3:DeleteObject", object_arn({**parameters, "Key": item["Key"]}, scope))


def _sending(action: str) -> Callable[[Parameters, Scope], Iterator[Requirement]]:
    def of(parameters: Parameters, scope: Scope) -> Iterator[Requirement]:
        for identity, _ in required_authorizations(scope.account, scope.region, parameters):
            yield Requirement(action, identity)

    return of


_COMPOSED: Mapping[tuple[str, str], Callable[[Parameters, Scope], Iterator[Requirement]]] = {
    ("dynamodb", "BatchGetItem"): _each_table("dynamodb:BatchGetItem"),
    ("dynamodb", "BatchWriteItem"): _each_table("dynamodb:BatchWriteItem"),
    ("dynamodb", "TransactGetItems"): _transaction,
    ("dynamodb", "TransactWriteItems"): _transaction,
    ("s3", "DeleteObjects"): _deleted_objects,
    ("ses", "SendBounce"): _sending("ses:SendBounce"),
    ("ses", "SendEmail"): _sending("ses:SendEmail"),
    ("ses", "SendRawEmail"): _sending("ses:SendRawEmail"),
}
