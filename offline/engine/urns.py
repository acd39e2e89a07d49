"""URNs: the names by which Pulumi knows resources, and the other names, aliases, that they once had."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pulumi.runtime.proto.alias_pb2 import Alias

STACK_TYPE = "pulumi:pulumi:Stack"


@dataclass(frozen=True)
class Namer:
    """Makes the URNs of one stack."""

    stack: str
    project: str

    def urn(self, kind: str, name: str, parent: str = "") -> str:
        """The URN of a resource of a type, with its parent's types, but the stack's, before its own."""
        ancestry = type_chain(parent) if parent else STACK_TYPE
        chain = kind if ancestry == STACK_TYPE else f"{ancestry}${kind}"
        return f"urn:pulumi:{self.stack}::{self.project}::{chain}::{name}"

    def aliases(
        self, kind: str, name: str, parent: str, aliases: Sequence[Alias], parent_aliases: Sequence[str]
    ) -> Iterator[str]:
        """Every URN that the resource may have had: its own aliases, and those that its parent's imply."""
        former = [(kind, name)]
        for alias in aliases:
            if alias.urn:
                yield alias.urn
                former.append((own_type(alias.urn), name_of(alias.urn)))
                continue
            spec = alias.spec
            was = (spec.type or kind, spec.name or name)
            former.append(was)
            namer = Namer(spec.stack or self.stack, spec.project or self.project)
            yield namer.urn(*was, "" if spec.noParent else spec.parentUrn or parent)
        for parent_alias in parent_aliases:
            for former_kind, former_name in former:
                yield self.urn(former_kind, _inherited(former_name, parent, parent_alias), parent_alias)


def _inherited(name: str, parent: str, parent_alias: str) -> str:
    """A child named after its parent was named after the parent's former name."""
    rest = name.removeprefix(name_of(parent))
    return name if rest == name else name_of(parent_alias) + rest


def type_chain(urn: str) -> str:
    """The types in a URN: the ancestors', joined by ``$``, and the resource's own."""
    return urn.split("::")[2]


def own_type(urn: str) -> str:
    """The resource's own type."""
    return type_chain(urn).rpartition("$")[2]


def name_of(urn: str) -> str:
    """The resource's name."""
    return urn.split("::", 3)[3]
