"""Which queues are polled: those of moto's event source mappings."""

from typing import TYPE_CHECKING

from moto.awslambda.models import EventSourceMapping, lambda_backends

from offline.functions.poller import Poller

if TYPE_CHECKING:
    from offline.functions.functions import Functions


class EventSources:
    """Keeps one poller for each mapping to a queue. Mappings may change from any thread."""

    def __init__(self, functions: "Functions") -> None:
        self._functions = functions
        self._pollers: dict[str, Poller] = {}
        for _, _, backend in lambda_backends.iter_backends():
            for mapping in backend.list_event_source_mappings("", ""):
                self.update(mapping)

    def update(self, mapping: EventSourceMapping) -> None:
        """A mapping is new, or has changed."""
        if ":sqs:" in mapping.event_source_arn:
            self._functions.timeline.call_soon_threadsafe(lambda: self._update(mapping))

    def remove(self, mapping: EventSourceMapping) -> None:
        """A mapping is deleted."""
        self._functions.timeline.call_soon_threadsafe(lambda: self._remove(mapping))

    def close(self) -> None:
        """Poll nothing any more."""
        for poller in self._pollers.values():
            poller.end()

    def _update(self, mapping: EventSourceMapping) -> None:
        if mapping.uuid in self._pollers:
            self._pollers[mapping.uuid].wake()
        else:
            self._pollers[mapping.uuid] = Poller(self._functions, mapping)

    def _remove(self, mapping: EventSourceMapping) -> None:
        poller = self._pollers.pop(mapping.uuid, None)
        if poller:
            poller.end()
