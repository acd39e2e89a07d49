"""`offline run`: deploy the program, deliver mail, wait until all is settled, report."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from offline import snapshot, stacks
from offline.cloud import Cloud
from offline.deliveries import Delivery
from offline.faults import Faults
from offline.receiving import InboundMail
from offline.report import Arrived, Delivered, delivered
from offline.stacks import PROGRAM, Deployed, Engine, Stack
from offline.timeline import Activity

START = datetime(2026, 1, 1, tzinfo=UTC)  # any fixed moment: the same run gives the same report

PACE = timedelta(seconds=1)  # between deliveries that do not say when they arrive

Progress = Callable[[str, int, int], None]  # what is done, how many of how many


@dataclass(frozen=True)
class Plan:
    """What to run.

    Attributes:
        stacks: The first receives the mail; the others are deployed before it, last to first.
        deliveries: The mail, in order.
        real_time: Whether to run by the wall clock.
        faults: What goes wrong, and when.
        engine: What deploys the stacks.
    """

    stacks: tuple[Stack, ...]
    deliveries: tuple[Delivery, ...]
    real_time: bool = False
    faults: Faults = field(default_factory=Faults)
    engine: Engine = Engine.EMBEDDED


@dataclass(frozen=True)
class Outcome:
    """What came of a run: `report` is report.json's content, `deliveries` has the bounces too."""

    report: dict[str, Any]
    deliveries: list[Delivered]


def run(plan: Plan, progress: Progress) -> Outcome:
    """Run a plan in an offline cloud of its own.

    Raises:
        StackError: If a stack cannot be deployed.
    """
    receiving = plan.stacks[0]
    with Cloud(receiving.region, start=_start(plan), real_time=plan.real_time, faults=plan.faults) as cloud:
        deployed = list(_deployed(plan, cloud.endpoint, progress))
        arrivals = _deliver(cloud, plan.deliveries, progress)
        found = delivered(
            arrivals,
            cloud.receiving.log,
            snapshot.sent_bounces(),
            (invocation.log for invocation in cloud.functions.invocations),
        )
        report = {
            "deployment": {"stacks": deployed},
            "deliveries": [one.to_json() for one in found],
            "deadLetters": _dead_letters(receiving, deployed[0]["outputs"]),
            "calls": [call.to_json() for call in cloud.calls],
        }
        return Outcome(report, found)


def _start(plan: Plan) -> datetime:
    return min((one.at for one in plan.deliveries if one.at), default=START)


def _deployed(plan: Plan, endpoint: str, progress: Progress) -> list[dict[str, Any]]:
    """Deploy the stacks, last to first; returns what report.json says of each, first to last."""
    found = []
    for number, stack in enumerate(reversed(plan.stacks)):
        progress(f"deploying {stack.name}", number, len(plan.stacks))
        found.append(_as_json(stack, stacks.deploy(stack, PROGRAM, endpoint, plan.engine)))
    progress("deployed", len(plan.stacks), len(plan.stacks))
    return found[::-1]


def _as_json(stack: Stack, result: Deployed) -> dict[str, Any]:
    return {
        "stack": stack.name,
        "account": stack.account,
        "region": stack.region,
        "resources": result.resources,
        "outputs": dict(result.outputs),
        "warnings": list(result.warnings),
    }


def _deliver(cloud: Cloud, deliveries: Sequence[Delivery], progress: Progress) -> list[Arrived]:
    """Deliver the mail, each message at its time, and wait until nothing is left to happen."""
    arrivals: dict[int, Arrived] = {}
    done = itertools.count(1)

    began = cloud.timeline.now()

    def one(number: int, delivery: Delivery) -> Activity[None]:
        due = delivery.at or began + number * PACE
        yield cloud.timeline.env.timeout(max(0.0, (due - began).total_seconds()))
        message = cloud.receiving.accept(_inbound(delivery))
        arrivals[number] = Arrived(delivery, message.message_id if message else "")
        if message:
            yield from cloud.receiving.process(message)
        progress("delivering", next(done), len(deliveries))

    for number, delivery in enumerate(deliveries):
        cloud.timeline.env.process(one(number, delivery))
    cloud.timeline.run_until_settled()
    return [arrivals[number] for number in range(len(deliveries))]


def _inbound(delivery: Delivery) -> InboundMail:
    return InboundMail(
        raw=delivery.raw,
        mail_from=delivery.mail_from,
        rcpt_to=delivery.rcpt_to,
        verdicts=delivery.verdicts,
        dmarc_policy=delivery.dmarc_policy,
    )


def _dead_letters(stack: Stack, outputs: Mapping[str, Any]) -> list[dict[str, str]]:
    """The requests that the stack's sender gave up."""
    queue = outputs.get("deadLetterQueueName")
    return list(snapshot.queue_messages(stack.account, stack.region, queue)) if queue else []
