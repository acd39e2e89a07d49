"""`ses-bounce offline serve`: the command itself, seen by SMTP clients, boto3, the AWS CLI and a browser."""

import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from offline.stacks import PROGRAM

BIN = Path(sys.executable).parent
AWS = BIN.parent / "awscli" / "bin" / "aws"
MAIL = PROGRAM / "examples" / "mail"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def served() -> Iterator[dict[str, Any]]:
    process = subprocess.Popen(
        [BIN / "ses-bounce", "offline", "serve", "--port", "0", "--smtp-port", str(free_port()), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    line = process.stdout.readline()
    try:
        yield json.loads(line) | {"process": process}
    finally:
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
        assert (process.returncode, errors) == (0, "")


@pytest.fixture
def smtp(served: dict[str, Any]) -> Iterator[smtplib.SMTP]:
    host, port = served["smtp"].split(":")
    with smtplib.SMTP(host, int(port)) as client:
        yield client


def eventually(found: Callable[[], Any]) -> Any:
    """What is found, as soon as it is: the cloud runs by the wall clock here."""
    deadline = time.monotonic() + 60
    while not (result := found()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return result


def page(served: dict[str, Any], path: str = "") -> str:
    with urllib.request.urlopen(served["page"] + path) as answer:
        return str(answer.read().decode())


def run(served: dict[str, Any], *command: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **served["environment"], "AWS_PAGER": ""}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_mail_by_smtp_becomes_a_bounce_that_the_page_shows(
    served: dict[str, Any], smtp: smtplib.SMTP
) -> None:
    smtp.sendmail("paul@example.net", ["nobody@example.com"], (MAIL / "01-plain.eml").read_bytes())
    assert eventually(lambda: "the DSN" in page(served))
    link = page(served).split("/_ses-bounce/bounces/")[1].split('"')[0]
    dsn = page(served, f"bounces/{link}")
    assert dsn.startswith("Return-Path: <>")
    assert "Final-Recipient: rfc822; nobody@example.com" in dsn


def test_a_recipient_that_no_rule_takes_is_refused_at_rcpt(
    served: dict[str, Any], smtp: smtplib.SMTP
) -> None:
    smtp.helo()
    smtp.mail("paul@example.net")
    code, text = smtp.rcpt("nobody@elsewhere.example")
    assert (code, text) == (550, b"5.1.1 Requested action not taken: mailbox unavailable")
    assert "nobody@elsewhere.example" in page(served)


def test_a_message_may_say_which_verdicts_ses_comes_to(served: dict[str, Any], smtp: smtplib.SMTP) -> None:
    raw = b"X-Offline-Verdicts: spam=FAIL\r\n" + (MAIL / "01-plain.eml").read_bytes()
    smtp.sendmail("spammer@example.net", ["nobody@example.com"], raw)
    assert eventually(lambda: "spammer@example.net" in page(served) and ">spam<" in page(served))


def test_boto3_and_the_functions_work_with_the_printed_variables(served: dict[str, Any]) -> None:
    environment = served["environment"]
    session = boto3.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=environment["AWS_SESSION_TOKEN"],
        region_name=environment["AWS_REGION"],
    )
    ses = session.client("ses", endpoint_url=served["endpoint"])
    assert ses.list_identities()["Identities"] == ["example.com"]
    function = served["outputs"]["dev"]["handlerFunctionName"]
    answer = session.client("lambda", endpoint_url=served["endpoint"]).invoke(
        FunctionName=function, Payload=b'{"Records": []}'
    )
    assert json.loads(answer["Payload"].read()) == {"disposition": "CONTINUE"}


REQUEST = {
    "OriginalMessageId": "unknown",
    "BounceSender": "mailer-daemon@example.com",
    "BouncedRecipientInfoList": [{"Recipient": "a@example.com", "BounceType": "DoesNotExist"}],
}
SHORTHAND = [
    *("--original-message-id", "unknown", "--bounce-sender", "mailer-daemon@example.com"),
    *("--bounced-recipient-info-list", "Recipient=a@example.com,BounceType=DoesNotExist"),
]


@pytest.mark.parametrize("arguments", [SHORTHAND, ["--cli-input-json", json.dumps(REQUEST)]])
def test_send_and_the_aws_cli_get_the_same_answer(served: dict[str, Any], arguments: list[str]) -> None:
    ours = run(served, BIN / "ses-bounce", "send", *arguments)
    time.sleep(1)  # SES takes one SendBounce a second
    theirs = run(served, AWS, "ses", "send-bounce", *arguments)
    time.sleep(1)
    assert ours.stderr.strip() == theirs.stderr.strip()
    assert "MessageRejected" in ours.stderr
    assert ours.returncode == 1
    assert theirs.returncode != 0


def test_both_send_the_same_bounce_of_a_received_message(served: dict[str, Any], smtp: smtplib.SMTP) -> None:
    smtp.helo()
    answers = []
    for command in ([BIN / "ses-bounce", "send"], [AWS, "ses", "send-bounce"]):
        smtp.mail("paul@example.net")
        smtp.rcpt("alice@example.com")
        _, reply = smtp.data((MAIL / "02-existing-mailbox.eml").read_bytes())
        request = json.dumps(
            {
                **REQUEST,
                "OriginalMessageId": reply.decode().split()[-1],
                "BouncedRecipientInfoList": [
                    {"Recipient": "alice@example.com", "BounceType": "ExceededQuota"}
                ],
            }
        )
        time.sleep(1)
        answer = run(served, *command, "--cli-input-json", request)
        assert answer.returncode == 0, answer.stderr
        dsn = page(served, f"bounces/{json.loads(answer.stdout)['MessageId']}")
        answers.append(
            [line for line in dsn.splitlines() if line.startswith(("Diagnostic", "Status", "From"))]
        )
    assert answers[0] == answers[1]
    assert "Status: 5.2.2" in answers[0]


def test_a_request_on_the_queue_is_sent_at_its_turn(served: dict[str, Any], smtp: smtplib.SMTP) -> None:
    smtp.helo()
    smtp.mail("queue@example.net")
    smtp.rcpt("alice@example.com")
    _, reply = smtp.data((MAIL / "02-existing-mailbox.eml").read_bytes())
    recipients = [{"Recipient": "alice@example.com", "BounceType": "ContentRejected"}]
    request = {
        **REQUEST,
        "OriginalMessageId": reply.decode().split()[-1],
        "BouncedRecipientInfoList": recipients,
    }
    queue = served["outputs"]["dev"]["queueUrl"]
    answer = run(
        served, BIN / "ses-bounce", "send", "--queue", queue, "--cli-input-json", json.dumps(request)
    )
    assert answer.returncode == 0, answer.stderr
    assert eventually(lambda: any("5.6.1" in bounce for bounce in bounces_on(served)))


def bounces_on(served: dict[str, Any]) -> list[str]:
    links = {part.split('"')[0] for part in page(served).split("/_ses-bounce/bounces/")[1:]}
    return [page(served, f"bounces/{link}") for link in links]


def test_what_is_not_there_is_404(served: dict[str, Any]) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        page(served, "bounces/none")


def test_a_taken_port_is_one_line_and_exit_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        command = [BIN / "ses-bounce", "offline", "serve", "--port", port, "--smtp-port", str(free_port())]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert len(answer.stderr.splitlines()) == 1
