"""A component plugin."""

from typing import TypedDict

import pulumi
from pulumi.provider.experimental import component_provider_host


class ShelfArgs(TypedDict):
    book: pulumi.Input[str]
    """What stands on it."""


class Shelf(pulumi.ComponentResource):
    """A shelf of one book."""

    label: pulumi.Output[str]
    """What is written on it."""

    def __init__(self, name: str, args: ShelfArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("shelf:index:Shelf", name, {}, opts)
        self.label = pulumi.Output.concat(name, ": ", args["book"])
        self.register_outputs({"label": self.label})


component_provider_host(name="shelf", components=[Shelf])
