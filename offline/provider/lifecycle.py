"""What happens to one resource: made, read, changed, deleted, whatever its type."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from offline.provider.aws import Aws
from offline.provider.errors import InitializationError, ProviderError
from offline.provider.schema import Function, ResourceType
from offline.provider.state import asked, drifted, settled
from offline.provider.wire import Json

_GONE = frozenset(
    {
        "AWS.SimpleQueueService.NonExistentQueue",
        "NoSuchBucket",
        "NoSuchBucketPolicy",
        "NoSuchEntity",
        "NoSuchHostedZone",
        "NotFound",
        "NotFoundException",
        "QueueDoesNotExist",
        "ResourceNotFound",
        "ResourceNotFoundException",
        "RuleDoesNotExist",
        "RuleSetDoesNotExist",
    }
)
"""The error codes by which the services say that what is asked for does not exist."""


def create(kind: ResourceType, inputs: Json, aws: Aws) -> tuple[str, Json]:
    """Makes the resource; its ID and state. :class:`InitializationError` when AWS made it and then failed."""
    wanted = asked(kind, inputs, aws)
    with _aws_errors():
        resource_id = kind.create(aws, wanted)
    try:
        if kind.update and kind.settings_after_create:
            kind.update(aws, resource_id, {}, wanted)
        state = _state(kind, resource_id, wanted, inputs, aws)
    except (ClientError, BotoCoreError) as error:
        presumed = settled(kind, inputs, wanted, aws)
        raise InitializationError(resource_id, inputs, presumed, str(error)) from error
    if state is None:
        raise ProviderError(f"{resource_id} is not there after it was made")
    return resource_id, state


def read(
    kind: ResourceType, resource_id: str, known: Json, inputs: Json, aws: Aws
) -> tuple[str, Json, Json] | None:
    """The resource's ID, its inputs as they would now be, and its state, or nothing when it is gone.

    With no ``known`` state and no ``inputs`` the resource is imported, by an ID in the form for imports.
    """
    if not known and kind.from_import_id:
        resource_id, known = kind.from_import_id(resource_id)
    with _aws_errors():
        state = _state(kind, resource_id, known, inputs, aws)
    return None if state is None else (resource_id, drifted(kind, inputs, state), state)


def update(kind: ResourceType, resource_id: str, state: Json, olds: Json, news: Json, aws: Aws) -> Json:
    """Makes the new inputs of the old ones; the state afterwards."""
    before, after = asked(kind, olds, aws), asked(kind, news, aws)
    tags_before, tags = state.get("tagsAll", {}), after.get("tags", {})
    with _aws_errors():
        if kind.retag and tags != tags_before:
            kind.retag(aws, resource_id, state, tags, sorted(tags_before.keys() - tags.keys()))
        if kind.update and {**before, "tags": tags} != {**after, "tags": tags}:
            kind.update(aws, resource_id, before, after)
        changed = _state(kind, resource_id, {**state, **after}, news, aws)
    if changed is None:
        raise ProviderError(f"{resource_id} is gone")
    return changed


def delete(kind: ResourceType, resource_id: str, state: Json, aws: Aws) -> None:
    """Deletes the resource; one that is gone already needs nothing."""
    with _aws_errors():
        try:
            kind.delete(aws, resource_id, state)
        except ClientError as error:
            if not _says_gone(error):
                raise


def invoke(function: Function, args: Json, aws: Aws) -> Json:
    """What a function answers, in pulumi-aws' words when it fails."""
    try:
        result = function.call(aws, args)
    except (ClientError, BotoCoreError, ProviderError) as error:
        raise ProviderError(f"invoking {function.token}: 1 error occurred:\n\t* {error}") from error
    return {"region": aws.region, **result} if function.regional else result


def _state(kind: ResourceType, resource_id: str, known: Json, inputs: Json, aws: Aws) -> Json | None:
    try:
        told = kind.read(aws, resource_id, known)
    except ClientError as error:
        if _says_gone(error):
            return None
        raise
    return None if told is None else settled(kind, inputs, told, aws)


def _says_gone(error: ClientError) -> bool:
    return error.response["Error"]["Code"] in _GONE


@contextmanager
def _aws_errors() -> Iterator[None]:
    """AWS's refusals, code and text, as the provider's own."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise ProviderError(str(error)) from error
