"""`ses-bounce offline run`: bad input is one line on stderr and exit 2, and nothing is written."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.main import main
from offline.stacks import PROGRAM

MAIL = PROGRAM / "examples" / "mail"
Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    def run(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["ses-bounce", *map(str, arguments)])
        with pytest.raises(SystemExit) as exit_:
            main()
        return int(exit_.value.code or 0), capsys.readouterr().err

    return run


def config(folder: Path, name: str, account: str = "111111111111", **keys: object) -> Path:
    path = folder / f"Pulumi.{name}.yaml"
    values = {
        "aws:region": "us-east-1",
        "aws:allowedAccountIds": [account],
        "ses-bounce:domain": "example.com",
    }
    path.write_text(
        json.dumps({"config": values | {f"ses-bounce:{key}": value for key, value in keys.items()}})
    )
    return path


def bad(command: Command, folder: Path, *arguments: object) -> str:
    out = folder / "out"
    code, errors = command("offline", "run", "--out", out, *arguments)
    assert code == 2
    assert len(errors.splitlines()) == 1
    assert errors.startswith("ses-bounce: ")
    assert not out.exists()
    return errors


def test_a_missing_mail(command: Command, tmp_path: Path) -> None:
    assert "No such file" in bad(command, tmp_path, "--mail", tmp_path / "gone.eml")


def test_what_is_no_mail(command: Command, tmp_path: Path) -> None:
    (tmp_path / "no.eml").write_bytes(b"\x00\x01")
    assert "not a mail" in bad(command, tmp_path, "--mail", tmp_path / "no.eml")


def test_a_missing_deliveries_file_and_a_bad_line(command: Command, tmp_path: Path) -> None:
    assert "cannot be read" in bad(command, tmp_path, "--deliveries", tmp_path / "gone.jsonl")
    (tmp_path / "bad.jsonl").write_text("{}\n")
    assert "bad.jsonl:1: " in bad(command, tmp_path, "--deliveries", tmp_path / "bad.jsonl")


def test_a_stack_that_is_not_there(command: Command, tmp_path: Path) -> None:
    assert "Pulumi.nope.yaml" in bad(command, tmp_path, "--stack", "nope")


def test_a_file_that_is_no_configuration(command: Command, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.list.yaml").write_text("- 1\n")
    assert "Pulumi.list.yaml" in bad(command, tmp_path, "--config", tmp_path / "Pulumi.list.yaml")


def test_an_unknown_key_names_its_path_the_value_and_the_fix(command: Command, tmp_path: Path) -> None:
    errors = bad(command, tmp_path, "--config", config(tmp_path, "dev", mailboxs=["a@example.com"]))
    assert "mailboxs" in errors
    assert "did you mean mailboxes?" in errors


def test_two_stacks_on_one_account(command: Command, tmp_path: Path) -> None:
    first, second = config(tmp_path, "one"), config(tmp_path, "two")
    assert "account 111111111111 is taken" in bad(command, tmp_path, "--config", first, "--config", second)


def test_a_fault_schedule_that_cannot_be_used(command: Command, tmp_path: Path) -> None:
    (tmp_path / "faults.json").write_text('{"faults": [{"effect": {"explode": true}}]}')
    assert "faults.json" in bad(command, tmp_path, "--faults", tmp_path / "faults.json")


def test_a_folder_that_cannot_be_written_keeps_what_was_there(command: Command, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    code, errors = command("offline", "run", "--out", tmp_path / "out", "--mail", MAIL / "01-plain.eml")
    assert (code, len(errors.splitlines())) == (2, 1)
    assert (tmp_path / "out").read_text() == "a file"


def test_the_report_can_be_printed_for_machines(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "sys.argv",
        [
            "ses-bounce",
            "offline",
            "run",
            "--out",
            str(tmp_path / "o"),
            "--mail",
            str(MAIL / "01-plain.eml"),
            "--json",
        ],
    )
    with pytest.raises(SystemExit):
        main()
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((tmp_path / "o" / "report.json").read_text())
    assert printed["deliveries"][0]["recipients"][0]["outcome"] == "bounced"
