"""The actions of receipt rules, done on one message.

An action that SES cannot do raises ActionFailedError: SES then applies the whole rule set again later.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import inf
from typing import Any, Literal, Protocol, cast

from offline.receiving import event, inferred
from offline.receiving.message import Message
from offline.ses import targets
from offline.ses.bounce_request import BOUNCE_TYPES, BounceReply
from offline.ses.models import SESBackend
from offline.ses.targets import RuleReference
from offline.timeline import Activity, Timeline

FUNCTION_TIMEOUT = timedelta(seconds=30)  # DG, "Invoke Lambda function action"
SIZE_LIMITS = {"S3Action": 40 * 1024 * 1024, "SNSAction": 150 * 1024}  # DG, "Quotas"; larger mail bounces
SUBJECT = "Amazon SES Email Receipt Notification"


class Disposition(StrEnum):
    """What a function, or an action, says of what shall follow."""

    CONTINUE = "CONTINUE"
    STOP_RULE = "STOP_RULE"
    STOP_RULE_SET = "STOP_RULE_SET"


class ActionFailedError(Exception):
    """SES could not do an action and will try again."""


class InvokeResult(Protocol):
    """What came of an invocation: the function's payload, or the error that it or Lambda ended with."""

    @property
    def payload(self) -> bytes: ...

    @property
    def error(self) -> str | None: ...


InvocationType = Literal["RequestResponse", "Event"]
Invoke = Callable[[str, bytes, InvocationType], Activity[InvokeResult]]
"""Invokes a function: its ARN, the event, and `RequestResponse` or `Event`."""


@dataclass(frozen=True)
class Outcome:
    """What came of an action.

    Attributes:
        summary: In a few words, for people.
        disposition: How to go on.
        message: The message, if the action changed it.
    """

    summary: str
    disposition: Disposition = Disposition.CONTINUE
    message: Message | None = None


@dataclass(frozen=True)
class Step:
    """One rule applied to one message.

    Attributes:
        timeline: The clock.
        invoke: Invokes functions.
        backend: SES of the rule's account.
        reference: The rule, as other services know it.
        recipients: The recipients it matches.
        message: The message, with what rules have added so far.
    """

    timeline: Timeline
    invoke: Invoke
    backend: SESBackend
    reference: RuleReference
    recipients: tuple[str, ...]
    message: Message

    def told(self, kind: str, settings: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The `mail` and `receipt` objects that tell of an action."""
        action = event.action_object(kind, settings, self.message.message_id)
        receipt = event.receipt_object(self.message, self.recipients, action, self.timeline.now())
        return event.mail_object(self.message), receipt


def perform(step: Step, kind: str, settings: Mapping[str, str]) -> Activity[Outcome]:
    """Do one action, and tell its topic if it has one.

    Raises:
        ActionFailedError: If SES could not.
    """
    if len(step.message.mail.raw) > SIZE_LIMITS.get(kind, inf):
        return _bounce(step, inferred.OWN_SENDER, BOUNCE_TYPES["MessageTooLarge"])
    if kind == "LambdaAction":
        outcome = yield from _invoke(step, settings)
    else:
        outcome = _ACTIONS.get(kind, _not_emulated)(step, settings)
    if "TopicArn" in settings and kind != "SNSAction":
        _publish(step, settings["TopicArn"], event.notification(*step.told(kind, settings)))
    return outcome


def _invoke(step: Step, settings: Mapping[str, str]) -> Activity[Outcome]:
    arn = settings["FunctionArn"]
    kind: InvocationType = "Event" if settings["InvocationType"] == "Event" else "RequestResponse"
    if not targets.may_invoke(arn, step.reference):
        raise ActionFailedError(f"not permitted to invoke {arn}")
    told = event.lambda_event(*step.told("LambdaAction", settings))
    env = step.timeline.env
    invocation = env.process(step.invoke(arn, json.dumps(told).encode(), kind))
    if kind == "Event":
        return Outcome("invoked")
    limit = env.timeout(FUNCTION_TIMEOUT.total_seconds())
    yield invocation | limit
    if not invocation.triggered:
        raise ActionFailedError(f"no answer from {arn} within {FUNCTION_TIMEOUT.total_seconds():.0f} seconds")
    env.cancel(limit)
    result = cast("InvokeResult", invocation.value)
    if result.error is not None:
        raise ActionFailedError(result.error)
    disposition = _disposition(result.payload)
    return Outcome(disposition, disposition)


def _disposition(payload: bytes) -> Disposition:
    """The disposition that a function returned; anything else counts as CONTINUE."""
    try:
        return Disposition(json.loads(payload)["disposition"])
    except (ValueError, TypeError, KeyError):
        return Disposition.CONTINUE


def _store(step: Step, settings: Mapping[str, str]) -> Outcome:
    name, content = step.message.message_id, step.message.content()
    if not targets.put(settings, name, content, step.reference):
        raise ActionFailedError(f"not permitted to write to bucket {settings['BucketName']}")
    return Outcome(f"s3://{settings['BucketName']}/{settings.get('ObjectKeyPrefix', '')}{name}")


def _publish_content(step: Step, settings: Mapping[str, str]) -> Outcome:
    content = step.message.content()
    in_base64 = settings["Encoding"] == "Base64"
    text = base64.b64encode(content).decode() if in_base64 else content.decode("utf-8", "replace")
    _publish(step, settings["TopicArn"], event.notification(*step.told("SNSAction", settings), text))
    return Outcome(settings["TopicArn"])


def _publish(step: Step, topic_arn: str, message: Mapping[str, Any]) -> None:
    if not targets.may_publish(topic_arn, step.reference):
        raise ActionFailedError(f"not permitted to publish to {topic_arn}")
    targets.publish(topic_arn, json.dumps(message), SUBJECT)


def _bounce_with_reply(step: Step, settings: Mapping[str, str]) -> Outcome:
    status = settings.get("StatusCode", f"{settings['SmtpReplyCode'][0]}.0.0")
    reply = BounceReply(settings["SmtpReplyCode"], status, settings["Message"])
    return _bounce(step, settings["Sender"], reply)


def _bounce(step: Step, sender: str, reply: BounceReply) -> Outcome:
    if not step.message.mail.mail_from:
        return Outcome("no bounce: null return path")  # RFC 5321 §6.1
    bounce = step.backend.send_rule_bounce(step.message.remembered(), step.recipients, sender, reply)
    return Outcome(bounce.message_id)


def _add_header(step: Step, settings: Mapping[str, str]) -> Outcome:
    message = step.message.with_header(settings["HeaderName"], settings["HeaderValue"])
    return Outcome(settings["HeaderName"], message=message)


def _stop(_: Step, __: Mapping[str, str]) -> Outcome:
    return Outcome(Disposition.STOP_RULE_SET, Disposition.STOP_RULE_SET)


def _not_emulated(_: Step, __: Mapping[str, str]) -> Outcome:
    """WorkMail and Connect."""
    return Outcome("not emulated")


_ACTIONS: Mapping[str, Callable[[Step, Mapping[str, str]], Outcome]] = {
    "AddHeaderAction": _add_header,
    "BounceAction": _bounce_with_reply,
    "S3Action": _store,
    "SNSAction": _publish_content,
    "StopAction": _stop,
}
