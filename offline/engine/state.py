"""What the embedded engine knows: resources as they were made, and how they changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from offline.provider.wire import Json

Operation = Literal["same", "create", "update", "replace", "delete", "import"]


@dataclass(frozen=True)
class Resource:
    """One resource of a stack, secrets in it in Pulumi's wire form."""

    urn: str
    type: str
    custom: bool
    """Whether a provider keeps it; components only group others."""
    parent: str = ""
    id: str = ""
    inputs: Json = field(default_factory=dict)
    outputs: Json = field(default_factory=dict)
    provider: str = ""
    """URN and ID of its provider, joined by ``::``."""
    dependencies: frozenset[str] = frozenset()
    property_dependencies: Mapping[str, frozenset[str]] = field(default_factory=dict)
    protect: bool = False
    retain_on_delete: bool = False
    incomplete: bool = False
    """It was made, but not as asked: the next update changes it in any case."""


@dataclass(frozen=True)
class Change:
    """What happened, or would happen, to one resource."""

    operation: Operation
    urn: str
    paths: tuple[str, ...] = ()
    """The properties that differ, for an update or a replacement."""


@dataclass
class State:
    """The resources of a stack, each after those that it depends on; kept from one deployment to the next."""

    resources: dict[str, Resource] = field(default_factory=dict)
    doomed: list[Resource] = field(default_factory=list)
    """Replaced resources that are still to be deleted."""

    def dependents(self, urn: str) -> Iterator[Resource]:
        """The resources after ``urn`` that depend on it, through others too, in order."""
        affected = {urn}
        for resource in self.resources.values():
            if resource.urn not in affected and not affected.isdisjoint(resource.dependencies):
                affected.add(resource.urn)
                yield resource
