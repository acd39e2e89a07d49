"""`ses-bounce audit`: options, exit codes, and one line for bad input."""

import json
import sys
from pathlib import Path

import pytest

from cli.main import main

IDENTITY = "arn:aws:ses:us-east-1:222222222222:identity/example.com"
STATEMENT = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111111111111:role/mailer"},
    "Action": "ses:SendEmail",
    "Resource": IDENTITY,
}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})
TRUST = '[trust.partners]\n111111111111 = "Mailing house"\n'


@pytest.fixture(autouse=True)
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("policy.json").write_text(POLICY, encoding="utf-8")


def audit(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["ses-bounce", "audit", *arguments])
    with pytest.raises(SystemExit) as exited:
        main()
    return int(exited.value.code or 0)


AUDITED = ("--file", "policy.json", "--identity", IDENTITY)


def test_a_finding_makes_the_exit_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit(monkeypatch, *AUDITED, "--json") == 1
    assert [finding["id"] for finding in json.loads(capsys.readouterr().out)["findings"]] == ["SB007"]


def test_only_findings_grave_enough_make_the_exit_1(monkeypatch: pytest.MonkeyPatch) -> None:
    assert audit(monkeypatch, *AUDITED, "--fail-on", "critical") == 0


@pytest.mark.parametrize("arguments", [("--trust", "known.toml"), ()])
def test_a_trusted_account_is_clean(monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    Path("known.toml" if arguments else "ses-bounce.toml").write_text(TRUST, encoding="utf-8")
    assert audit(monkeypatch, *AUDITED, *arguments) == 0


@pytest.mark.parametrize("form", ["table", "json", "sarif", "markdown"])
def test_every_form_can_go_to_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    assert audit(monkeypatch, *AUDITED, "--format", form, "--output", "report") == 1
    assert capsys.readouterr().out == ""
    assert "SB007" in Path("report").read_text(encoding="utf-8")


def test_what_was_not_read_is_not_clean(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit(monkeypatch, *AUDITED, "--file", "missing.json", "--json") == 2
    captured = capsys.readouterr()
    assert json.loads(captured.out)["unread"] == [
        {"source": "missing.json", "reason": "No such file or directory"}
    ]
    assert captured.err == "ses-bounce: not read: missing.json: No such file or directory\n"


def test_a_finding_is_explained(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit(monkeypatch, "--explain", "SB007") == 0
    assert capsys.readouterr().out.startswith("SB007 (high): An unknown account may use the identity\n")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "give at least one --file"),
        (("--file", "policy.json", "--identity", "example.com"), "is no ARN"),
        ((*AUDITED, "--trust", "missing.toml"), "missing.toml"),
        ((*AUDITED, "--trust", "policy.json"), "no TOML"),
        ((*AUDITED, "--output", "no/where"), "No such file or directory"),
        ((*AUDITED, "--fail-on", "never"), "never"),
        (("--explain", "SB999"), "there is no such finding"),
    ],
)
def test_bad_input_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    complaint: str,
) -> None:
    assert audit(monkeypatch, *arguments) == 2
    complaint_line = capsys.readouterr().err
    assert complaint in complaint_line
    assert complaint_line.count("\n") == 1
