"""SQS as moto has it, completed: what consumers rely on, and what ten thousand messages need.

moto forgets a deduplication ID with its message, can return a FIFO group out of order once visibility
timeouts have passed, limits the age of a message instead of its visibility, long-polls for ever when time
stands still, hands messages to Lambda by itself, and each call takes as long as the queue is.
"""

from functools import cache

from moto.sqs import models

from offline.sqs.backend import SQSBackend
from offline.sqs.queue import Queue

__all__ = ["Queue", "install"]


def install() -> None:
    """Make moto use these queues; a first installation begins with no queues."""
    if models.sqs_backends.backend is not SQSBackend:
        models.Queue = Queue
        # Of the names of a queue's attributes, for each call and each attribute.
        models.camelcase_to_underscores = cache(models.camelcase_to_underscores)
        models.sqs_backends.backend = SQSBackend
        models.sqs_backends.clear()
