"""Events, configurations and requests for the tests of the functions."""

from datetime import UTC, datetime, timedelta
from typing import Any

from lambda_src import event, settings
from lambda_src.decision import Decision, decide

RECEIVED = datetime(2026, 1, 1, tzinfo=UTC)
NOW = RECEIVED + timedelta(minutes=1)
REGION = "eu-west-1"

PASSING = {"spf": "PASS", "dkim": "PASS", "dmarc": "PASS", "spam": "PASS", "virus": "PASS"}


def ses_event(
    *recipients: str,
    sender: object = "alice@sender.example",
    headers: dict[str, str] | None = None,
    verdicts: dict[str, object] | None = None,
    **mail: object,
) -> dict[str, Any]:
    """An event as SES writes it for a Lambda action; `mail` overrides members of the mail object."""
    verdicts = {**PASSING, **(verdicts or {})}
    policy = verdicts.pop("dmarcPolicy", None)
    receipt: dict[str, Any] = {
        "timestamp": "2026-01-01T00:00:00.500Z",
        "processingTimeMillis": 500,
        "recipients": list(recipients),
        "action": {"type": "Lambda", "functionArn": "arn:aws:lambda:…", "invocationType": "RequestResponse"},
        **{f"{name}Verdict": {"status": status} for name, status in verdicts.items()},
    }
    if policy is not None:
        receipt["dmarcPolicy"] = policy
    ses = {
        "mail": {
            "timestamp": "2026-01-01T00:00:00.000Z",
            "source": sender,
            "messageId": "d6iitobk75ur44p8kdnnp7g2n800",
            "destination": list(recipients),
            "headersTruncated": False,
            "headers": [{"name": name, "value": value} for name, value in (headers or {}).items()],
            "commonHeaders": {},
            **mail,
        },
        "receipt": receipt,
    }
    return {"Records": [{"eventSource": "aws:ses", "eventVersion": "1.0", "ses": ses}]}


def configuration(**keys: object) -> dict[str, Any]:
    """A configuration for example.com."""
    return {"domain": "example.com", **keys}


def rule(**keys: object) -> dict[str, Any]:
    """A rule that bounces everybody, unless `keys` say otherwise."""
    return {"action": "bounce", "bounceType": "DoesNotExist", **keys}


def decided(
    raw: dict[str, Any],
    existing: frozenset[str] = frozenset(),
    now: datetime = NOW,
    **keys: object,
) -> Decision:
    """The decision on an event under a configuration, by default one that bounces everybody."""
    keys = keys or {"otherwise": rule()}
    return decide(event.parse(raw), settings.read(configuration(**keys)), existing, now, REGION)


def reasons(decision: Decision) -> list[tuple[str, str]]:
    """Outcome and reason, for each recipient once."""
    return [(one.outcome, one.reason) for one in decision.outcomes for _ in one.recipients]


def request_document(message_id: str = "message-1", **members: object) -> dict[str, Any]:
    """A small SendBounce request."""
    return {
        "OriginalMessageId": message_id,
        "BounceSender": "mailer-daemon@example.com",
        "BouncedRecipientInfoList": [{"Recipient": "nobody@example.com", "BounceType": "DoesNotExist"}],
        **members,
    }
