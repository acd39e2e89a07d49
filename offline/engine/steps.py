"""What to do about a resource that a provider keeps: make, change, replace, delete it, or leave it alone."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from offline.engine.errors import DeploymentError
from offline.engine.ignoring import ignore_changes
from offline.engine.provider_client import Difference
from offline.engine.providers import PROVIDER_TYPE, Providers
from offline.engine.state import Change, Operation, Progress, Resource
from offline.provider import wire
from offline.provider.errors import InitializationError


@dataclass(frozen=True)
class Options:
    """The options of a resource that decide how it is changed."""

    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    delete_before_replace: bool | None = None
    """None leaves it to the provider."""
    secret_outputs: tuple[str, ...] = ()
    import_id: str = ""


class Steps:
    """The steps of one deployment; in a preview, providers only say what they would do."""

    def __init__(self, progress: Progress, providers: Providers) -> None:
        self._progress = progress
        self._providers = providers

    def settle(self, target: Resource, old: Resource | None, options: Options) -> None:
        """Makes of the old resource, or of nothing, one with the inputs of ``target``."""
        if old is None and options.import_id:
            old = self._import(target, options.import_id)
        if old is None:
            self._create(target, None, options, "create")
        elif self._progress.is_deleted(old):
            self._create(target, old, options, "replace")
        else:
            self._change(target, old, options)

    def delete(self, resource: Resource) -> None:
        """Deletes a resource, unless it is to be left to itself or is nothing to AWS."""
        at_aws = resource.custom and resource.type != PROVIDER_TYPE and not resource.retain_on_delete
        if at_aws and not self._progress.preview:
            self._providers.client(resource.provider).delete(resource)

    def _import(self, target: Resource, import_id: str) -> Resource:
        client = self._providers.client(target.provider)
        resource_id, inputs, outputs = client.read(target.urn, import_id)
        self._progress.changes.append(Change("import", target.urn))
        return replace(target, id=resource_id, inputs=inputs, outputs=outputs)

    def _create(
        self,
        target: Resource,
        old: Resource | None,
        options: Options,
        operation: Operation,
        paths: tuple[str, ...] = (),
    ) -> None:
        client = self._providers.client(target.provider)
        wanted = ignore_changes(target.inputs, old.inputs, options.ignore_changes) if old else target.inputs
        target = replace(target, inputs=client.check(target.urn, wanted, {}, _seed(target.urn, old)))
        try:
            resource_id, outputs = client.create(target, options.secret_outputs, self._progress.preview)
        except InitializationError as error:
            made = replace(target, id=error.resource_id, outputs=error.properties, incomplete=True)
            self._progress.record(operation, made, old, paths)
            raise
        self._progress.record(operation, replace(target, id=resource_id, outputs=outputs), old, paths)

    def _change(self, target: Resource, old: Resource, options: Options) -> None:
        client = self._providers.client(target.provider)
        wanted = ignore_changes(target.inputs, old.inputs, options.ignore_changes)
        inputs = client.check(target.urn, wanted, old.inputs, _seed(target.urn, old))
        difference = client.diff(old, inputs)
        changed = replace(target, id=old.id, inputs=inputs, outputs=old.outputs)
        if _replaces(difference, options) or _instance(old.provider) != _instance(target.provider):
            self._replace(target, old, options, difference)
        elif difference.paths or old.incomplete:
            outputs = client.update(old, inputs, options.secret_outputs, self._progress.preview)
            self._progress.record("update", replace(changed, outputs=outputs), old, difference.paths)
        else:
            self._progress.record("same", changed, old)

    def _replace(self, target: Resource, old: Resource, options: Options, difference: Difference) -> None:
        if old.protect:
            raise DeploymentError("it is protected and would have to be replaced")
        first = options.delete_before_replace
        if difference.delete_before_replace if first is None else first:
            self._make_room(old)
            self._create(target, old, options, "replace", difference.paths)
            return
        try:
            self._create(target, old, options, "replace", difference.paths)
        finally:
            if self._progress.is_settled(old):
                self._progress.doomed.append(old)

    def _make_room(self, old: Resource) -> None:
        """Deletes the old resource before its successor is made, and first what cannot outlive it."""
        for resource in reversed([old, *self._cannot_outlive(old)]):
            self.delete(resource)
            self._progress.record_deletion(resource)

    def _cannot_outlive(self, old: Resource) -> Iterator[Resource]:
        """The resources that would be replaced if what they take from replaced ones changed, in order."""
        replaced = {old.urn}
        for other in self._progress.left:
            fed = {key for key, urns in other.property_dependencies.items() if not replaced.isdisjoint(urns)}
            if fed and other.custom and other.type != PROVIDER_TYPE:
                inputs = {key: wire.UNKNOWN if key in fed else value for key, value in other.inputs.items()}
                if self._providers.client(other.provider).diff(other, inputs).replaces:
                    replaced.add(other.urn)
                    yield other


def _replaces(difference: Difference, options: Options) -> bool:
    asked = any(
        path in ("*", changed) or changed.startswith((f"{path}.", f"{path}["))
        for path in options.replace_on_changes
        for changed in difference.paths
    )
    return difference.replaces or asked


def _instance(reference: str) -> str:
    """The ID in a provider's reference: it stays when the provider is renamed."""
    return reference.rpartition("::")[2]


def _seed(urn: str, old: Resource | None) -> bytes:
    """What a name is made of: another one for a successor, but the same one each time it is tried."""
    return hashlib.sha256(f"{urn} {old.id if old else ''}".encode()).digest()
