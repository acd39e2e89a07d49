"""Every known answer of SES to a probe, and what it shows."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from policies.probe import IMPOSSIBLE_MESSAGE_ID, Standing, classify, probe, request

OWNER_ARN = "arn:aws:ses:us-east-1:222222222222:identity/example.org"


def error(code: str, text: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": text}}, "SendBounce")


@pytest.mark.parametrize(
    ("code", "text", "standing", "basis"),
    [
        (
            "AccessDenied",
            f"User `arn:…' is not authorized to perform `ses:SendBounce' on resource `{OWNER_ARN}'",
            Standing.REFUSED,
            "documented",
        ),
        ("AccessDeniedException", "", Standing.REFUSED, "documented"),
        ("MessageRejected", "Email address is not verified. The following …", Standing.REFUSED, "documented"),
        ("Throttling", "Maximum sending rate exceeded.", Standing.UNKNOWN, "documented"),
        (
            "ExpiredToken",
            "The security token included in the request is expired",
            Standing.UNKNOWN,
            "documented",
        ),
        ("InvalidParameterValue", "Invalid ARN", Standing.UNKNOWN, "inferred"),
        ("MessageRejected", "Original message not found", Standing.AUTHORIZED, "inferred"),
        ("InvalidParameterValue", "Could not find the message with ID x", Standing.AUTHORIZED, "inferred"),
        ("Teapot", "short and stout", Standing.UNKNOWN, "inferred"),
    ],
)
def test_each_answer_has_its_reading(code: str, text: str, standing: Standing, basis: str) -> None:
    verdict = classify(code, text)
    assert (verdict.standing, verdict.basis) == (standing, basis)
    assert (verdict.code, verdict.text) == (code, text)


def test_the_request_names_a_message_that_never_was_and_both_identities() -> None:
    assert request("m@example.org", "p@example.org", OWNER_ARN, OWNER_ARN) == {
        "OriginalMessageId": IMPOSSIBLE_MESSAGE_ID,
        "BounceSender": "m@example.org",
        "BouncedRecipientInfoList": [
            {"Recipient": "p@example.org", "BounceType": "DoesNotExist", "RecipientArn": OWNER_ARN}
        ],
        "BounceSenderArn": OWNER_ARN,
    }


def answering(*errors: ClientError) -> tuple[list[dict[str, Any]], Any]:
    asked: list[dict[str, Any]] = []
    answers: Iterator[ClientError] = iter(errors)

    def send_bounce(**parameters: Any) -> None:
        asked.append(parameters)
        raise next(answers)

    return asked, send_bounce


def test_a_throttled_probe_is_asked_once_more_after_a_second() -> None:
    asked, send_bounce = answering(error("Throttling", "rate"), error("AccessDenied", "no"))
    waits: list[float] = []
    verdict = probe(send_bounce, {"BounceSender": "a"}, waits.append)
    assert verdict.standing is Standing.REFUSED
    assert len(asked) == 2
    assert len(waits) == 1
    assert waits[0] >= 1


def test_a_probe_throttled_twice_knows_nothing() -> None:
    _, send_bounce = answering(error("Throttling", "rate"), error("Throttling", "rate"))
    assert probe(send_bounce, {}, lambda _: None).standing is Standing.UNKNOWN
