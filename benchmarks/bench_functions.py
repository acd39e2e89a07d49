"""The functions: cold start against boto3's, time per event, calls per message, the pace over a backlog.

Times are the processor's own, so that whatever else the machine does is not counted.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import Mock

from benchmarks.figure import Figure
from lambda_src import event, settings
from lambda_src.bounce_sender import send_batch
from lambda_src.decision import decide
from lambda_src.ledger import Standing
from lambda_src.pacing import Pace
from lambda_src.queue_message import QueueMessage
from lambda_src.receipt_handler import receive, send_message
from lambda_src.sending import Sender
from lambda_src.telemetry import logger

ROOT = Path(__file__).parent.parent
RECEIVED = datetime(2026, 1, 1, tzinfo=UTC)
REGION = "eu-west-1"
CONFIGURATION = {
    "domain": "example.com",
    "mailboxes": ["info@example.com", "sales-*@example.com"],
    "rules": [
        {"name": "spam", "verdicts": {"spam": "FAIL"}, "action": "drop"},
        {
            "name": "old",
            "recipients": ["old-*@example.com"],
            "action": "bounce",
            "bounceType": "ContentRejected",
        },
    ],
}
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "POWERTOOLS_SERVICE_NAME": "bench",
    "PYTHONDONTWRITEBYTECODE": "",  # compiling is not importing
    "QUEUE_URL": f"https://sqs.{REGION}.amazonaws.com/111111111111/bench.fifo",
}
BASELINE = "import boto3; boto3.client('sqs')"
HANDLER = "from lambda_src import receipt_handler; receipt_handler._collaborators()"


def measure() -> Iterator[Figure]:
    """Figures of one run."""
    yield Figure.at_most("cold start, against boto3 and one client", cold_start(), "x", 1.35)
    yield Figure.at_most("warm event, 1 recipient", warm(1) * 1e3, "ms", 1)
    yield Figure.at_most("warm event, 500 recipients", warm(500) * 1e3, "ms", 3)
    yield Figure("decisions of the pure core, 1 recipient each", 1 / decision(), "/s")
    yield Figure.at_most("AWS calls for a message of 500 recipients", calls(500), "", 1)
    yield Figure.at_least("bounces over a backlog of 1,000", throughput(1000), "/s", 0.99)


def cold_start(rounds: int = 7) -> float:
    """Import and wiring of the receipt handler, as a multiple of `import boto3` and one client."""
    with TemporaryDirectory() as folder:
        archive = Path(folder)
        (archive / "lambda_src").symlink_to(ROOT / "lambda_src")
        (archive / "configuration.json").write_text(json.dumps(CONFIGURATION), "utf-8")
        pairs = [(_process(HANDLER, archive), _process(BASELINE, archive)) for _ in range(rounds)]
    return min(handler for handler, _ in pairs) / min(baseline for _, baseline in pairs)


def warm(recipients: int) -> float:
    """Seconds from event to answer, but for the network."""
    handle, _ = _handler(recipients)
    with contextlib.redirect_stdout(io.StringIO()):
        return _best(handle, 200)


def calls(recipients: int) -> int:
    """How many AWS calls a message makes the handler do."""
    handle, client = _handler(recipients)
    with contextlib.redirect_stdout(io.StringIO()):
        handle()
    return len(client.mock_calls)


def decision() -> float:
    """Seconds that the decision on a message of one recipient takes."""
    rules, message = settings.read(CONFIGURATION), event.parse(ses_event(1))
    return _best(lambda: decide(message, rules, frozenset(), RECEIVED, REGION), 2000)


def throughput(requests: int) -> float:
    """Bounces a second that the sender makes of a backlog, on a virtual clock, SES answering at once."""
    clock = [0.0]

    def sleep(seconds: float) -> None:
        clock[0] += seconds

    ledger: Any = Mock(begin=lambda _: Standing.NEW)
    ses: Any = Mock(send_bounce=lambda **_: {"MessageId": "bounce"})
    body = json.dumps(
        {
            "OriginalMessageId": "message",
            "BounceSender": "mailer-daemon@example.com",
            "BouncedRecipientInfoList": [{"Recipient": "a@example.com", "BounceType": "DoesNotExist"}],
        }
    )
    with contextlib.redirect_stdout(io.StringIO()):
        for start in range(0, requests, 10):
            pace = Pace(lambda: clock[0], sleep)
            sender = Sender(ses, Mock(), "", ledger, pace, lambda: RECEIVED + timedelta(seconds=clock[0]))
            batch = [QueueMessage(str(start + n), "", 1, RECEIVED, body) for n in range(10)]
            assert not send_batch(batch, sender, Mock(), lambda: 120.0)
    return requests / clock[0]


def ses_event(recipients: int) -> dict[str, Any]:
    """An event as SES sends it, with the headers of an ordinary mail."""
    passed = {"status": "PASS"}
    verdicts = ("spamVerdict", "virusVerdict", "spfVerdict", "dkimVerdict", "dmarcVerdict")
    mail = {
        "timestamp": "2026-01-01T00:00:00.000Z",
        "source": "alice@sender.example",
        "messageId": "d6iitobk75ur44p8kdnnp7g2n800",
        "headersTruncated": False,
        "headers": [{"name": f"X-Header-{number}", "value": "value " * 10} for number in range(30)],
    }
    receipt = {
        "recipients": [f"user{number}@example.com" for number in range(recipients)],
        **dict.fromkeys(verdicts, passed),
    }
    return {"Records": [{"eventSource": "aws:ses", "ses": {"mail": mail, "receipt": receipt}}]}


def _handler(recipients: int) -> tuple[Callable[[], object], Mock]:
    """What the handler does with an event, and the SQS client it does it with."""
    rules, raw, client = settings.read(CONFIGURATION), ses_event(recipients), Mock(spec=["send_message"])
    for handler in logger.handlers:
        handler.setStream(io.StringIO())  # type: ignore[attr-defined]

    def handle() -> object:
        return receive(raw, rules, lambda _: frozenset(), enqueue, RECEIVED, REGION)

    def enqueue(*request: Any) -> None:
        send_message(client, "", *request)

    return handle, client


def _best(work: Callable[[], object], rounds: int) -> float:
    """The fewest seconds of processor time in so many rounds: the others were disturbed."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def _process(program: str, folder: Path) -> float:
    """Seconds of processor time that a fresh Python needs for a program."""
    command = [sys.executable, "-c", f"{program}; import time; print(time.process_time())"]
    environment = {**os.environ, **ENVIRONMENT}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)
