"""`ses-bounce send` beside `aws ses send-bounce`: same options, same request, one line for a mistake."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli import aws_options, aws_output
from cli.errors import BadInput

RECIPIENT = {"Recipient": "gone@example.com", "BounceType": "DoesNotExist"}
OPTIONS = ["--original-message-id", "abc123", "--bounce-sender", "mailer-daemon@example.com"]
WHOLE: dict[str, Any] = {
    "OriginalMessageId": "abc123",
    "BounceSender": "mailer-daemon@example.com",
    "Explanation": "Gone, sorry.",
    "MessageDsn": {
        "ReportingMta": "dns; mx.example.com",
        "ArrivalDate": "2026-01-01T00:00:00Z",
        "ExtensionFields": [{"Name": "X-Ticket", "Value": "42"}],
    },
    "BouncedRecipientInfoList": [
        {
            "Recipient": "gone@example.com",
            "RecipientArn": "arn:aws:ses:us-east-1:222222222222:identity/example.com",
            "RecipientDsnFields": {
                "FinalRecipient": "gone@example.com",
                "Action": "failed",
                "RemoteMta": "dns; inner.example.com",
                "Status": "5.1.1",
                "DiagnosticCode": "smtp; 550 5.1.1 gone",
                "LastAttemptDate": "2026-01-01T00:00:00Z",
                "ExtensionFields": [{"Name": "X-Reason", "Value": "left, last year"}],
            },
        },
        RECIPIENT,
    ],
    "BounceSenderArn": "arn:aws:ses:us-east-1:333333333333:identity/example.com",
}


def request(*arguments: str) -> dict[str, Any]:
    return aws_options.request(aws_options.read(arguments))


def test_shorthand_and_json_say_the_same() -> None:
    first, second = WHOLE["BouncedRecipientInfoList"]
    shorthand = request(
        *OPTIONS,
        *("--explanation", "Gone, sorry."),
        *(
            "--message-dsn",
            "ReportingMta=dns; mx.example.com,ArrivalDate=2026-01-01T00:00:00Z,"
            "ExtensionFields=[{Name=X-Ticket,Value=42}]",
        ),
        "--bounced-recipient-info-list",
        "Recipient=gone@example.com,"
        "RecipientArn=arn:aws:ses:us-east-1:222222222222:identity/example.com,"
        "RecipientDsnFields={FinalRecipient=gone@example.com,Action=failed,RemoteMta=dns; inner.example.com,"
        "Status=5.1.1,DiagnosticCode=smtp; 550 5.1.1 gone,LastAttemptDate=2026-01-01T00:00:00Z,"
        'ExtensionFields=[{Name=X-Reason,Value="left, last year"}]}',
        "Recipient=gone@example.com,BounceType=DoesNotExist",
        *("--bounce-sender-arn", "arn:aws:ses:us-east-1:333333333333:identity/example.com"),
    )
    as_json = request(
        *OPTIONS,
        *("--explanation", "Gone, sorry."),
        *("--message-dsn", json.dumps(WHOLE["MessageDsn"])),
        *("--bounced-recipient-info-list", json.dumps([first, second])),
        *("--bounce-sender-arn", str(WHOLE["BounceSenderArn"])),
    )
    assert shorthand == as_json == WHOLE


@pytest.mark.parametrize("option", ["--cli-input-json", "--cli-input-yaml"])
def test_a_whole_request_is_read_from_a_file_and_overridden_by_options(tmp_path: Path, option: str) -> None:
    path = tmp_path / "request"
    path.write_text(json.dumps(WHOLE))
    assert request(option, f"file://{path}") == WHOLE
    assert request(option, f"file://{path}", "--explanation", "Other")["Explanation"] == "Other"


def test_dates_in_yaml_stay_text() -> None:
    assert request("--cli-input-yaml", "MessageDsn: {ArrivalDate: 2026-01-01T00:00:00Z}") == {
        "MessageDsn": {"ArrivalDate": "2026-01-01T00:00:00Z"}
    }


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--cli-input-json", "{"], "--cli-input-json: "),
        (["--cli-input-json", "[]"], "expected an object"),
        (["--cli-input-json", "{}", "--cli-input-yaml", "{}"], "exclude each other"),
        (["--cli-input-json", "file:///no/such/file"], "cannot be read"),
        (["--message-dsn", "ReportingMta"], "--message-dsn: expected a key"),
        (["--bounced-recipient-info-list", "[{]"], "--bounced-recipient-info-list: "),
        (["--bounce-sender"], "expected one argument"),
        (["--output", "xml"], "invalid choice"),
        (["--original"], "unrecognized arguments"),
    ],
)
def test_a_mistake_is_named_in_one_line(arguments: list[str], complaint: str) -> None:
    with pytest.raises(BadInput) as error:
        request(*arguments)
    assert complaint in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("kind", ["input", "yaml-input"])
def test_the_skeleton_has_every_field_of_the_seed(kind: str) -> None:
    option = "--cli-input-json" if kind == "input" else "--cli-input-yaml"
    found = request(option, aws_output.skeleton(kind))
    whole_recipient = WHOLE["BouncedRecipientInfoList"][0]
    assert set(found) == set(WHOLE)
    assert set(found["MessageDsn"]) == set(WHOLE["MessageDsn"])
    assert set(found["BouncedRecipientInfoList"][0]) == {*whole_recipient, "BounceType"}
    dsn = found["BouncedRecipientInfoList"][0]["RecipientDsnFields"]
    assert set(dsn) == set(whole_recipient["RecipientDsnFields"])


@pytest.mark.parametrize(
    ("output", "query", "shown"),
    [
        ("json", None, '{\n    "MessageId": "id-1"\n}\n'),
        ("json", "MessageId", '"id-1"\n'),
        ("text", None, "id-1\n"),
        ("yaml", None, "MessageId: id-1\n"),
    ],
)
def test_answers_are_printed_as_the_aws_cli_prints_them(
    capsys: pytest.CaptureFixture[str], output: str, query: str | None, shown: str
) -> None:
    aws_output.show({"MessageId": "id-1"}, output, query, "SendBounce")
    assert capsys.readouterr().out == shown


def test_a_query_that_is_no_expression_is_bad_input() -> None:
    with pytest.raises(BadInput, match="--query"):
        aws_output.show({}, "json", "][", "SendBounce")
