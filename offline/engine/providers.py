"""The providers of a deployment: the default one, of the stack's configuration, and the program's own."""

import uuid
from collections.abc import Mapping
from dataclasses import replace

from offline.engine.provider_client import ProviderClient, ProviderFactory
from offline.engine.state import Progress, Resource
from offline.engine.urns import Namer
from offline.provider.catalogue import VERSION

PROVIDER_TYPE = "pulumi:providers:aws"


class Providers:
    """Provider resources and what they stand for."""

    def __init__(
        self, progress: Progress, new_provider: ProviderFactory, namer: Namer, config: Mapping[str, str]
    ) -> None:
        self._progress = progress
        self._new_provider = new_provider
        self._clients: dict[str, ProviderClient] = {}
        inputs = {key.removeprefix("aws:"): value for key, value in config.items() if key.startswith("aws:")}
        urn = namer.urn(PROVIDER_TYPE, f"default_{VERSION.replace('.', '_')}")
        self._default = Resource(urn, PROVIDER_TYPE, custom=True, inputs=inputs)

    def settle(self, target: Resource, old: Resource | None) -> None:
        """Configures a provider; it keeps its ID for as long as the resource exists."""
        self._configure(target)
        resource_id = old.id if old else str(uuid.uuid5(uuid.NAMESPACE_URL, target.urn))
        settled = replace(target, id=resource_id, outputs=target.inputs)
        if old is None:
            self._progress.record("create", settled, old)
        else:
            self._progress.record("same" if old.inputs == target.inputs else "update", settled, old)

    def default(self) -> str:
        """The reference of the provider for all that names none, which the first of them brings to life."""
        urn = self._default.urn
        if urn not in self._progress.resources:
            self.settle(self._default, self._progress.find_old([urn]))
        return self._progress.resources[urn].reference

    def client(self, reference: str) -> ProviderClient:
        """The provider of a reference; one that only the old state knows is configured as it was then."""
        urn, _, _ = reference.rpartition("::")
        if urn not in self._clients:
            self._configure(self._progress.old.resources[urn])
        return self._clients[urn]

    def _configure(self, resource: Resource) -> None:
        client = ProviderClient(self._new_provider())
        client.configure(resource.urn, resource.inputs)
        self._clients[resource.urn] = client
