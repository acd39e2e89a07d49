"""What a resource type is: its properties under pulumi-aws' names, and the AWS calls that keep it.

A new type is one :class:`ResourceType` in the file of its service. What is not declared is refused, so that
no property is ever silently ignored; a test compares names, types and required properties with the installed
pulumi-aws.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from offline.provider.aws import Aws
from offline.provider.kinds import Kind, MapOf, String
from offline.provider.wire import Json

DEFAULTS = "__defaults"
"""The input that lists the properties whose value is not the program's, as pulumi-aws keeps it."""


@dataclass(frozen=True)
class Autoname:
    """How pulumi-aws names what the program does not: the resource's name, ``-`` and seven hex digits."""

    fifo: str = ""
    """The property that, when true, makes AWS demand the ending ``.fifo``."""


@dataclass(frozen=True)
class Property:
    """One property of a resource type."""

    kind: Kind = field(default_factory=String)
    required: bool = False
    replaces: bool = False
    """AWS has no call that changes it, so another value is another resource."""
    computed: bool = False
    """AWS chooses a value when the program does not, and its choice is no drift."""
    unread: bool = False
    """AWS does not tell it, or it is of no concern to AWS: the program's word stands."""
    default: Any = None
    autoname: Autoname | None = None
    api: str = ""
    """AWS's name of it, when that is not the property's own with a capital first letter."""


Tags = Mapping[str, str]

_REGION = Property(replaces=True, computed=True)
_TAGS = Property(MapOf())


@dataclass(frozen=True)
class ResourceType:
    """A resource type and the functions, its only way to AWS, that keep its resources.

    A function gets inputs as checked, with the provider's default tags among ``tags``.
    """

    token: str
    properties: Mapping[str, Property]
    create: Callable[[Aws, Json], str]
    """Makes a resource from its inputs and returns its ID."""
    read: Callable[[Aws, str, Json], Json | None]
    """All that AWS tells of the resource with an ID and the properties known so far, unless it is gone."""
    delete: Callable[[Aws, str, Json], object]
    """Deletes the resource with an ID and properties."""
    update: Callable[[Aws, str, Json, Json], object] | None = None
    """Makes new inputs of old ones; without it, every property but the tags replaces."""
    retag: Callable[[Aws, str, Json, Tags, list[str]], object] | None = None
    """Sets tags and removes keys of the resource with an ID and properties; without it there are no tags."""
    from_import_id: Callable[[str], tuple[str, Json]] | None = None
    """The ID and the properties in an import ID, for the types whose import ID says more than the ID."""
    outputs: tuple[str, ...] = ()
    """Properties that only AWS gives a value."""
    volatile: tuple[str, ...] = ()
    """Outputs that an update may change."""
    settings_after_create: bool = False
    """Creating takes more than one call: ``update`` is called after it, from no inputs to all."""
    regional: bool = True

    @cached_property
    def inputs(self) -> Mapping[str, Property]:
        """All that a program may say, with what every type of its kind has: ``region``, ``tags``."""
        common = {"region": _REGION} if self.regional else {}
        if self.retag:
            common["tags"] = _TAGS
        return {**self.properties, **common}

    @cached_property
    def computed(self) -> tuple[str, ...]:
        """All that is known only after AWS has made the resource, if the program does not say it."""
        chosen = tuple(name for name, prop in self.inputs.items() if prop.computed and name != "region")
        return self.outputs + chosen


@dataclass(frozen=True)
class Function:
    """A function of the provider, which a program invokes."""

    token: str
    call: Callable[[Aws, Json], Json]
    properties: Mapping[str, Property] = field(default_factory=dict)
    regional: bool = True

    @cached_property
    def inputs(self) -> Mapping[str, Property]:
        """All that a program may say."""
        return {**self.properties, "region": _REGION} if self.regional else self.properties
