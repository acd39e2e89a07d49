"""Hostile mail: no unhandled error, and not one header injected into a DSN.

A few thousand events in every run; many more with the number in the environment, `HOSTILE_EVENTS=100000`.
"""

import json
import os
from email import message_from_string
from email.policy import SMTP
from typing import Any

from hostile_events import events
from lambda_builders import NOW, REGION, configuration

from lambda_src import event, settings
from lambda_src.decision import decide
from lambda_src.errors import MalformedEvent
from lambda_src.receipt_handler import receive
from lambda_src.request import parse

NUMBER = int(os.environ.get("HOSTILE_EVENTS", "4000"))
EVERY_NAME = "{recipient} {domain} {sender} {messageId} {receivedAt} {rule}"
IGNORING = dict.fromkeys(settings.GUARDS, "ignore")
DSN = {
    "Action": "failed",
    "Status": "5.1.1",
    "DiagnosticCode": f"smtp; 550 5.1.1 {EVERY_NAME}",
    "ExtensionFields": [{"Name": "X-All", "Value": EVERY_NAME}],
}
CONFIGURATION: dict[str, Any] = configuration(
    mailboxes=["user0@example.com"],
    rules=[
        {"name": "kind", "headers": {"X-Kind": "*a*user*"}, "action": "drop"},
        {"name": "typed", "recipients": ["user1@example.com"], "action": "bounce", "bounceType": "Undefined"},
    ],
    otherwise={"action": "bounce", "dsn": DSN, "explanation": EVERY_NAME},
    messageDsn={"extensionFields": [{"name": "X-Message", "value": "{sender} {messageId} {receivedAt}"}]},
)


def per_recipient(one: dict[str, Any]) -> str:
    """The fields that SES writes about a recipient into a message/delivery-status part."""
    fields = one.get("RecipientDsnFields", {})
    lines = [
        f"Final-Recipient: rfc822; {fields.get('FinalRecipient', one['Recipient'])}",
        f"Action: {fields.get('Action', 'failed')}",
        f"Diagnostic-Code: {fields.get('DiagnosticCode', 'x')}",
        *(f"{field['Name']}: {field['Value']}" for field in fields.get("ExtensionFields", ())),
    ]
    return "\r\n".join(lines)


def test_no_hostile_event_is_an_error_or_injects_a_header() -> None:
    rules = settings.read({**CONFIGURATION, "guards": IGNORING})
    requests = 0
    for raw in events(NUMBER, seed=2026):
        try:
            message = event.parse(raw)
        except MalformedEvent as error:
            assert str(error).isprintable()  # noqa: PT017
            continue
        decision = decide(message, rules, frozenset(), NOW, REGION)
        if decision.request is None:
            continue
        requests += 1
        body = json.dumps(decision.request.to_json())
        assert parse(json.loads(body)) == decision.request
        document = json.loads(body)
        allowed = ["Final-Recipient", "Action", "Diagnostic-Code", "X-All"]
        for one in document["BouncedRecipientInfoList"]:
            parsed = message_from_string(per_recipient(one), policy=SMTP)
            assert parsed.keys() == allowed[: len(parsed.keys())]
            assert not parsed.get_payload()
            assert not parsed.defects
        said = [
            document.get("Explanation", ""),
            *(f["Value"] for f in document["MessageDsn"]["ExtensionFields"]),
        ]
        assert all(text.isascii() and text.isprintable() for text in said)
    assert requests > NUMBER / 20


def test_every_hostile_event_gets_a_disposition_and_its_log_can_be_written(printed: Any) -> None:
    rules = settings.read(CONFIGURATION)
    for raw in events(NUMBER // 8, seed=42):
        answer = receive(raw, rules, lambda _: frozenset[str](), lambda *_: None, NOW, REGION)
        assert answer["disposition"] in ("CONTINUE", "STOP_RULE_SET")
        text = json.dumps(printed()[-1], ensure_ascii=False)
        assert text.isascii()
