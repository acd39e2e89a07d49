"""What came of an offline run: `report.json` and the bounces as `.eml` files.

Every recipient of a delivery has one outcome. SES tells of those it refused; the receipt handler's log tells
how it decided the others, by which rule and why; what no handler saw was accepted by the receipt rules.
"""

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from offline.deliveries import Delivery
from offline.receiving.record import Entry, Refused
from offline.ses.bounces import SentBounce

DECIDED = "decided"  # the message of the receipt handler's log line about a decision


@dataclass(frozen=True)
class Outcome:
    """What became of one recipient.

    Attributes:
        address: The recipient as the envelope named it.
        outcome: `accepted`, `bounced`, `dropped` or `refused`.
        rule: The configured rule that decided, or None.
        reason: Why, in a word.
    """

    address: str
    outcome: str
    rule: str | None
    reason: str


@dataclass(frozen=True)
class Arrived:
    """A delivery and SES's ID for it, empty when SES refused every recipient."""

    delivery: Delivery
    message_id: str


@dataclass(frozen=True)
class Delivered:
    """A delivery and all that came of it.

    Attributes:
        eml: The mail's path as given.
        message_id: SES's ID for it; None when SES refused it.
        disposition: What the handler told SES; None when no handler saw the message.
        recipients: What became of each recipient.
        request: The SendBounce request that SES took, in its JSON; None without a bounce.
        bounce_message_id: SES's ID of the bounce.
        bounce: The bounce's file, relative to the report.
        raw: The bounce itself.
    """

    eml: str
    message_id: str | None
    disposition: str | None
    recipients: tuple[Outcome, ...]
    request: Mapping[str, Any] | None
    bounce_message_id: str | None
    bounce: str | None
    raw: bytes | None

    def to_json(self) -> dict[str, Any]:
        """The delivery as report.json has it."""
        return {
            "eml": self.eml,
            "messageId": self.message_id,
            "disposition": self.disposition,
            "recipients": [asdict(one) for one in self.recipients],
            "request": self.request,
            "bounceMessageId": self.bounce_message_id,
            "bounce": self.bounce,
        }


def delivered(
    arrivals: Sequence[Arrived],
    log: Iterable[Entry],
    bounces: Iterable[SentBounce],
    function_logs: Iterable[str],
) -> list[Delivered]:
    """Put together what came of each delivery.

    Args:
        arrivals: The deliveries with SES's message IDs.
        log: What SES noted while receiving.
        bounces: The bounces that SES sent.
        function_logs: What the functions wrote, an invocation each.
    """
    refused = {(entry.message_id, entry.recipient): entry for entry in log if isinstance(entry, Refused)}
    decisions = {line["messageId"]: line for line in _decisions(function_logs)}
    sent: dict[str, list[SentBounce]] = {}
    for bounce in bounces:
        sent.setdefault(bounce.original_message_id, []).append(bounce)
    return [
        _delivered(
            arrived, name, refused, decisions.get(arrived.message_id), sent.get(arrived.message_id, [])
        )
        for arrived, name in zip(arrivals, _file_names(arrivals), strict=True)
    ]


def _decisions(function_logs: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The log lines about a decision; what else functions write is no concern of the report."""
    for log in function_logs:
        for line in log.splitlines():
            if f'"{DECIDED}"' in line:
                with suppress(ValueError):
                    found = json.loads(line)
                    if isinstance(found, dict) and found.get("message") == DECIDED:
                        yield found


def _file_names(arrivals: Iterable[Arrived]) -> Iterator[str]:
    """A name for each delivery's bounce: the mail's own, numbered where mails share it."""
    taken: Counter[str] = Counter()
    for arrived in arrivals:
        stem = Path(arrived.delivery.eml).stem
        taken[stem] += 1
        yield f"bounces/{stem}.eml" if taken[stem] == 1 else f"bounces/{stem}-{taken[stem]}.eml"


def _delivered(
    arrived: Arrived,
    bounce_file: str,
    refused: Mapping[tuple[str, str], Refused],
    decision: Mapping[str, Any] | None,
    sent: Sequence[SentBounce],
) -> Delivered:
    bounce = sent[0] if sent else None
    decided = {
        address: (group["outcome"], group["rule"], group["reason"])
        for group in (decision or {}).get("recipients", ())
        for address in group["addresses"]
    }
    by_ses = {address for one in sent if one.request is None for address in one.bounced}
    outcomes = []
    for address in arrived.delivery.rcpt_to:
        if entry := refused.get((arrived.message_id, address)):
            outcomes.append(Outcome(address, "refused", None, f"{entry.code} {entry.text}"))
        elif address in by_ses:
            outcomes.append(Outcome(address, "bounced", None, "bounced by a receipt rule of its own"))
        else:
            outcome, rule, reason = decided.get(address, ("accepted", None, "no handler saw it"))
            outcomes.append(Outcome(address, outcome, rule, reason))
    return Delivered(
        eml=arrived.delivery.eml,
        message_id=arrived.message_id or None,
        disposition=decision["disposition"] if decision else None,
        recipients=tuple(outcomes),
        request=bounce.request if bounce else None,
        bounce_message_id=bounce.message_id if bounce else None,
        bounce=bounce_file if bounce else None,
        raw=bounce.raw if bounce else None,
    )


def as_json(report: Mapping[str, Any], indent: int | None = None) -> str:
    """The report as JSON text; the times in requests as the AWS CLI takes them."""
    return json.dumps(report, indent=indent, ensure_ascii=False, default=datetime.isoformat)


def write(folder: Path, report: Mapping[str, Any], deliveries: Iterable[Delivered]) -> None:
    """Write `report.json` and the bounces; an earlier report in `folder` is replaced as a whole.

    Raises:
        OSError: If the folder cannot be written; what was there is then untouched, or replaced altogether.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".report-") as fresh:
        new = Path(fresh)
        (new / "bounces").mkdir()
        for one in deliveries:
            if one.bounce and one.raw is not None:
                (new / one.bounce).write_bytes(one.raw)
        (new / "report.json").write_text(as_json(report, indent=2) + "\n", encoding="utf-8")
        shutil.rmtree(folder / "bounces", ignore_errors=True)
        for part in ("bounces", "report.json"):
            (new / part).replace(folder / part)
