"""Brings a stack from its old state to what a program registers, one resource after the other."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from pulumi.runtime.proto.resource_pb2 import ReadResourceRequest, RegisterResourceRequest

from offline.engine.assets import hashed
from offline.engine.errors import DeploymentError
from offline.engine.provider_client import ProviderClient, ProviderFactory
from offline.engine.providers import PROVIDER_TYPE, Providers
from offline.engine.state import Change, Progress, Resource, State
from offline.engine.steps import Options, Steps
from offline.engine.urns import Namer, name_of, own_type
from offline.provider import wire
from offline.provider.errors import ProviderError
from offline.provider.wire import Json


class Deployer:
    """One deployment, or one preview, of a stack."""

    def __init__(
        self,
        namer: Namer,
        config: Mapping[str, str],
        new_provider: ProviderFactory,
        old: State,
        *,
        preview: bool,
    ) -> None:
        self.progress = Progress(old, preview)
        self._namer = namer
        self._providers = Providers(self.progress, new_provider, namer, config)
        self._steps = Steps(self.progress, self._providers)
        self._aliases: dict[str, tuple[str, ...]] = {}

    def register(self, request: RegisterResourceRequest) -> Resource:
        """Makes, changes or keeps a resource, so that it is as the program says.

        Raises :class:`DeploymentError`, with AWS's reason, when that cannot be.
        """
        urn = self._namer.urn(request.type, request.name, request.parent)
        with _explained(urn):
            if urn in self.progress.resources:
                raise DeploymentError("another resource has this name already")
            if request.remote or request.HasField("replacement_trigger"):
                raise DeploymentError("only Pulumi's own engine has remote components and triggers")
            old = self._find_old(urn, request)
            target = _target(urn, request)
            if not target.custom:
                self.progress.record("same" if old else "create", target, old)
            elif target.type == PROVIDER_TYPE:
                self._providers.settle(target, old)
            else:
                reference = target.provider or self._providers.default()
                self._steps.settle(replace(target, provider=reference), old, _options(request))
        return self.progress.resources[urn]

    def read(self, request: ReadResourceRequest) -> Resource:
        """A resource that is none of the stack's, for the program to refer to."""
        urn = self._namer.urn(request.type, request.name, request.parent)
        with _explained(urn):
            resource_id, _, outputs = self.provider(request.provider).read(urn, request.id)
        return Resource(urn, request.type, custom=True, id=resource_id, outputs=outputs)

    def provider(self, reference: str) -> ProviderClient:
        """The provider of a reference; of the empty one, the default provider."""
        return self._providers.client(reference or self._providers.default())

    def set_outputs(self, urn: str, outputs: Json) -> None:
        """The outputs that a component, or the stack itself, has when it is complete."""
        resources = self.progress.resources
        resources[urn] = replace(resources[urn], outputs=outputs)

    def delete_the_rest(self) -> None:
        """Deletes what the program, by now complete, has not registered, dependents first."""
        for resource in self.progress.left:
            if resource.protect:
                raise DeploymentError(f"{_label(resource.urn)}: it is protected and would be deleted")
        going = [*self.progress.left, *self.progress.doomed]
        position = {urn: index for index, urn in enumerate(self.progress.old.resources)}
        for resource in sorted(going, key=lambda each: position.get(each.urn, -1), reverse=True):
            with _explained(resource.urn):
                self._steps.delete(resource)
            if resource in self.progress.doomed:
                self.progress.doomed.remove(resource)
            else:
                self.progress.record_deletion(resource)
        self.progress.changes += [Change("delete", resource.urn) for resource in self.progress.gone]

    def _find_old(self, urn: str, request: RegisterResourceRequest) -> Resource | None:
        inherited = self._aliases.get(request.parent, ())
        self._aliases[urn] = tuple(
            self._namer.aliases(request.type, request.name, request.parent, request.aliases, inherited)
        )
        return self.progress.find_old([urn, *self._aliases[urn]])


def _target(urn: str, request: RegisterResourceRequest) -> Resource:
    return Resource(
        urn,
        request.type,
        request.custom,
        parent=request.parent,
        inputs=hashed(wire.load(request.object)),
        provider=request.provider,
        dependencies=frozenset(request.dependencies),
        property_dependencies={
            key: frozenset(each.urns) for key, each in request.propertyDependencies.items()
        },
        protect=request.protect,
        retain_on_delete=request.retainOnDelete,
    )


def _options(request: RegisterResourceRequest) -> Options:
    return Options(
        ignore_changes=tuple(request.ignoreChanges),
        replace_on_changes=tuple(request.replaceOnChanges),
        delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        secret_outputs=tuple(request.additionalSecretOutputs),
        import_id=request.importId,
    )


@contextmanager
def _explained(urn: str) -> Iterator[None]:
    """Says in every error which resource it is about."""
    try:
        yield
    except (DeploymentError, ProviderError) as error:
        raise DeploymentError(f"{_label(urn)}: {error}") from error


def _label(urn: str) -> str:
    return f"{own_type(urn)} {name_of(urn)}"
