"""What the embedded engine knows: the resources of a stack, and what a deployment does to them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from offline.provider.wire import Json

Operation = Literal["same", "create", "update", "replace", "delete", "import"]


@dataclass(frozen=True)
class Resource:
    """One resource of a stack. Secrets among its properties are in Pulumi's wire form."""

    urn: str
    type: str
    custom: bool
    """Whether a provider keeps it; a component only groups others."""
    parent: str = ""
    id: str = ""
    inputs: Json = field(default_factory=dict)
    outputs: Json = field(default_factory=dict)
    provider: str = ""
    """The reference of its provider."""
    dependencies: frozenset[str] = frozenset()
    property_dependencies: Mapping[str, frozenset[str]] = field(default_factory=dict)
    protect: bool = False
    retain_on_delete: bool = False
    incomplete: bool = False
    """It was made, but not as asked: the next deployment updates it in any case."""

    @property
    def reference(self) -> str:
        """How others refer to it, when it is a provider."""
        return f"{self.urn}::{self.id}"


@dataclass(frozen=True)
class Change:
    """What happened, or in a preview would happen, to one resource."""

    operation: Operation
    urn: str
    paths: tuple[str, ...] = ()
    """The properties that differ, in an update or a replacement."""


@dataclass
class State:
    """The resources of a stack by URN, each after those that it depends on."""

    resources: dict[str, Resource] = field(default_factory=dict)
    doomed: list[Resource] = field(default_factory=list)
    """Those that have been replaced and are still to be deleted."""


@dataclass
class Progress:
    """A deployment under way, from an old state to a new one."""

    old: State
    preview: bool
    resources: dict[str, Resource] = field(default_factory=dict)
    """Those that are as the program says, by URN, in the order in which it said it."""
    doomed: list[Resource] = field(init=False)
    changes: list[Change] = field(default_factory=list)
    _settled: set[str] = field(default_factory=set)
    _deleted: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.doomed = list(self.old.doomed)

    def find_old(self, urns: Iterable[str]) -> Resource | None:
        """The first old resource under one of the names whose place nothing has taken yet."""
        known = self.old.resources.keys() - self._settled
        return next((self.old.resources[urn] for urn in urns if urn in known), None)

    def record(
        self, operation: Operation, resource: Resource, old: Resource | None, paths: tuple[str, ...] = ()
    ) -> None:
        """``resource`` is what there is now, in the place of ``old``."""
        self.resources[resource.urn] = resource
        self.changes.append(Change(operation, resource.urn, paths))
        if old:
            self._settled.add(old.urn)

    def record_deletion(self, resource: Resource) -> None:
        """An old resource is gone."""
        self._deleted.add(resource.urn)

    def is_deleted(self, old: Resource) -> bool:
        """Whether an old resource is gone already, to make room for its successor."""
        return old.urn in self._deleted

    def is_settled(self, old: Resource) -> bool:
        """Whether another resource, be it the same unchanged, has the place of an old one."""
        return old.urn in self._settled

    @property
    def gone(self) -> list[Resource]:
        """The old resources that were deleted and have no successor, in the order of deletion."""
        over = self._deleted - self._settled
        return [old for urn, old in reversed(self.old.resources.items()) if urn in over]

    @property
    def left(self) -> list[Resource]:
        """The old resources that are there and whose place nothing has taken yet, in order."""
        over = self._settled | self._deleted
        return [old for urn, old in self.old.resources.items() if urn not in over]

    @property
    def state(self) -> State:
        """What there is at this moment, whatever stops the deployment."""
        return State(self.resources | {old.urn: old for old in self.left}, self.doomed)
