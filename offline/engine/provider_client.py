"""A configured provider as the embedded engine uses it: in terms of resources, with secrets kept from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2 as proto

from offline.engine.errors import DeploymentError
from offline.engine.secrecy import conceal, reveal
from offline.engine.state import Resource
from offline.provider import wire
from offline.provider.servicer import AwsProvider
from offline.provider.wire import Json

ProviderFactory = Callable[[], AwsProvider]
"""Makes a provider that is not configured yet; each provider resource of a stack gets its own."""


@dataclass(frozen=True)
class Difference:
    """What would change of a resource."""

    paths: tuple[str, ...] = ()
    replaces: bool = False
    delete_before_replace: bool = False


class ProviderClient:
    """The calls of one provider; its errors pass through as they are."""

    def __init__(self, provider: AwsProvider) -> None:
        self._provider = provider

    def configure(self, urn: str, inputs: Json) -> None:
        """Sets account and Region. Raises :class:`DeploymentError` for configuration that is refused."""
        checked = self._provider.CheckConfig(proto.CheckRequest(urn=urn, news=_plain(inputs)))
        _raise_failures(checked.failures)
        self._provider.Configure(proto.ConfigureRequest(urn=urn, args=checked.inputs))

    def check(self, urn: str, news: Json, olds: Json, seed: bytes) -> Json:
        """The inputs, completed. Raises :class:`DeploymentError` with every one that is refused."""
        answer = self._provider.Check(
            proto.CheckRequest(urn=urn, news=_plain(news), olds=_plain(olds), randomSeed=seed)
        )
        _raise_failures(answer.failures)
        return conceal(wire.load(answer.inputs), news)

    def diff(self, old: Resource, inputs: Json) -> Difference:
        """How a resource would have to change to have other inputs."""
        answer = self._provider.Diff(
            proto.DiffRequest(
                urn=old.urn,
                id=old.id,
                olds=_plain(old.outputs),
                old_inputs=_plain(old.inputs),
                news=_plain(inputs),
            )
        )
        return Difference(tuple(answer.diffs), bool(answer.replaces), answer.deleteBeforeReplace)

    def create(self, target: Resource, secret: Sequence[str], preview: bool) -> tuple[str, Json]:
        """The ID and the state of a new resource; in a preview there is no ID, and the state has unknowns."""
        answer = self._provider.Create(
            proto.CreateRequest(urn=target.urn, properties=_plain(target.inputs), preview=preview)
        )
        return answer.id, conceal(wire.load(answer.properties), target.inputs, secret)

    def update(self, old: Resource, inputs: Json, secret: Sequence[str], preview: bool) -> Json:
        """The state of a resource changed to other inputs."""
        answer = self._provider.Update(
            proto.UpdateRequest(
                urn=old.urn,
                id=old.id,
                olds=_plain(old.outputs),
                old_inputs=_plain(old.inputs),
                news=_plain(inputs),
                preview=preview,
            )
        )
        return conceal(wire.load(answer.properties), inputs, secret)

    def read(self, urn: str, resource_id: str) -> tuple[str, Json, Json]:
        """ID, inputs and state of a resource. Raises :class:`DeploymentError` when it is not there."""
        answer = self._provider.Read(proto.ReadRequest(urn=urn, id=resource_id))
        if not answer.id:
            raise DeploymentError(f"resource '{resource_id}' does not exist")
        return answer.id, wire.load(answer.inputs), wire.load(answer.properties)

    def delete(self, resource: Resource) -> None:
        self._provider.Delete(
            proto.DeleteRequest(urn=resource.urn, id=resource.id, properties=_plain(resource.outputs))
        )

    def invoke(self, request: proto.InvokeRequest) -> proto.InvokeResponse:
        return self._provider.Invoke(request)


def _plain(properties: Json) -> Struct:
    return wire.dump(reveal(properties))


def _raise_failures(failures: Sequence[proto.CheckFailure]) -> None:
    if failures:
        raise DeploymentError("; ".join(f"{each.property} {each.reason}" for each in failures))
