"""Every call is listed: who asked for what, and what was decided."""

import urllib.request
from datetime import UTC, datetime

from authorized_cloud import HERE, REGION, Cloud, allow, refusal
from werkzeug import Response

from offline.authorization.gateway import Gateway
from offline.authorization.log import Call, CallLog

QUEUE = f"arn:aws:sqs:{REGION}:{HERE}:bounces"
ROLE = f"arn:aws:sts::{HERE}:assumed-role/caller/offline"


def test_allowed_and_denied_calls_with_their_reasons(cloud: Cloud) -> None:
    url = cloud.queue()
    sqs = cloud.client("sqs", cloud.role(allow("sqs:SendMessage", QUEUE)))
    listed = len(list(cloud.gateway.calls))
    sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "x"}])
    refusal(sqs.receive_message, QueueUrl=url)
    sent, received = list(cloud.gateway.calls)[listed:]
    assert (sent.service, sent.action, sent.resource) == ("sqs", "SendMessage", QUEUE)
    assert (sent.principal, sent.decision) == (ROLE, "allowed")
    assert (received.action, received.decision) == ("ReceiveMessage", "denied")
    assert received.reason == "because no identity-based policy allows the sqs:receivemessage action"


def test_the_report_lists_service_action_principal_and_decision() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    call = Call(at, "ses", "SendBounce", "arn", ROLE, "denied", "because")
    assert call.to_json() == {
        "at": "2026-01-01T00:00:00+00:00",
        "service": "ses",
        "action": "SendBounce",
        "resource": "arn",
        "principal": ROLE,
        "decision": "denied",
        "reason": "because",
    }


def test_only_the_newest_calls_are_kept() -> None:
    log = CallLog(limit=2)
    for action in ("SendBounce", "SendEmail", "SendRawEmail"):
        log.append(Call(datetime.now(UTC), "ses", action, "*", ROLE, "allowed", ""))
    assert [call.action for call in log] == ["SendEmail", "SendRawEmail"]


def test_the_time_is_the_clouds_own(cloud: Cloud) -> None:
    then = datetime(2001, 2, 3, tzinfo=UTC)
    gateway = Gateway(Response("served"), now=lambda: then)
    assert Response.from_app(gateway, {**_unsigned_environ()}).status_code == 403
    assert [call.at for call in gateway.calls] == [then]


def test_motos_own_pages_are_no_calls(cloud: Cloud) -> None:
    with urllib.request.urlopen(f"{cloud.endpoint}/moto-api/data.json") as page:
        assert page.status == 200
    assert not list(cloud.gateway.calls)


def test_a_bucket_that_is_named_like_motos_pages_is_none(cloud: Cloud) -> None:
    s3 = cloud.client("s3", cloud.role())
    assert refusal(s3.get_object, Bucket="static-mail", Key="1")[0] == "AccessDenied"


def _unsigned_environ() -> dict[str, object]:
    from werkzeug.test import EnvironBuilder

    return EnvironBuilder(path="/bucket/key").get_environ()
