"""The operations on queues that moto's own backend does otherwise."""

from collections.abc import Callable
from copy import copy
from time import monotonic
from typing import Any

import time_machine
from moto.sqs import models, urls
from moto.sqs.exceptions import SQSException


class SQSBackend(models.SQSBackend):  # type: ignore[misc] # moto is not followed by mypy
    """moto's SQS over queues of the kind above."""

    _url_module = urls

    def receive_message(
        self,
        queue_name: str,
        count: int,
        wait_seconds_timeout: int,
        visibility_timeout: int,
        message_attribute_names: list[str] | None = None,
    ) -> list[models.Message]:
        queue = self.get_queue(queue_name)
        end = monotonic() + (0 if time_machine.escape_hatch.is_travelling() else wait_seconds_timeout)
        messages = queue.receive(count, visibility_timeout)
        while not messages and monotonic() < end:
            queue.wait_for_messages(1)
            messages = queue.receive(count, visibility_timeout)
        answer = [copy(message) for message in messages]
        for message in answer:
            models._filter_message_attributes(message, message_attribute_names or [])
        return answer

    def change_message_visibility(
        self, queue_name: str, receipt_handle: str, visibility_timeout: int
    ) -> None:
        self.get_queue(queue_name).change_visibility(receipt_handle, int(visibility_timeout))

    def change_message_visibility_batch(
        self, queue_name: str, entries: list[dict[str, Any]]
    ) -> tuple[list[str], list[dict[str, Any]]]:
        queue = self.get_queue(queue_name)
        return _for_each(
            entries, lambda e: queue.change_visibility(e["ReceiptHandle"], int(e["VisibilityTimeout"]))
        )

    def delete_message_batch(
        self, queue_name: str, receipts: list[dict[str, Any]]
    ) -> tuple[list[str], list[dict[str, Any]]]:
        queue = self.get_queue(queue_name)
        return _for_each(receipts, lambda e: queue.delete_message(e["ReceiptHandle"]))

    def purge_queue(self, queue_name: str) -> None:
        self.get_queue(queue_name).purge()


def _for_each(
    entries: list[dict[str, Any]], action: Callable[[dict[str, Any]], None]
) -> tuple[list[str], list[dict[str, Any]]]:
    """What a batch call answers: the IDs that succeeded, and an error entry for each that failed."""
    successful, failed = [], []
    for entry in entries:
        try:
            action(entry)
        except SQSException as error:
            failed.append(
                {"Id": entry["Id"], "SenderFault": True, "Code": error.code, "Message": error.message}
            )
        else:
            successful.append(entry["Id"])
    return successful, failed
