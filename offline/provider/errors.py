"""What the provider answers instead of a result."""

from offline.provider.wire import Json


class ProviderError(Exception):
    """The request cannot be carried out; the text is for the person who ran the deployment."""


class InitializationError(ProviderError):
    """A resource was made, but not as asked: it belongs in the state, to be repaired by the next update."""

    def __init__(self, resource_id: str, inputs: Json, properties: Json, reason: str) -> None:
        super().__init__(reason)
        self.resource_id = resource_id
        self.inputs = inputs
        self.properties = properties
