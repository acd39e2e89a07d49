"""Which DNS records are live; a real DNS server on loopback answers for the command."""

import json
import socketserver
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread

import dns.message
import dns.rrset
import pytest

from cli.dns_records import Found, Record, Standing, check
from cli.main import main

MX = Record("example.com", "MX", "10 inbound-smtp.us-east-1.amazonaws.com", "receiving")
DKIM = Record("t._domainkey.example.com", "CNAME", "t.dkim.amazonses.com", "DKIM")
SPF = Record("example.com", "TXT", "v=spf1 include:amazonses.com ~all", "SPF")
DMARC = Record("_dmarc.example.com", "TXT", "v=DMARC1; p=none", "DMARC")


def looked_up(record: Record, *answers: str) -> Found:
    def resolve(name: str, kind: str) -> Sequence[str]:
        assert (name, kind) == (record.name.replace("*.", "ses-bounce-check."), record.type)
        return answers

    return check(record, resolve)


@pytest.mark.parametrize(
    ("record", "answers", "standing"),
    [
        (MX, ["10 inbound-smtp.us-east-1.amazonaws.com."], Standing.LIVE),
        (MX, ["5 mx.example.net.", "10 INBOUND-SMTP.us-east-1.amazonaws.com."], Standing.LIVE),
        (MX, ["10 mx.example.net."], Standing.DIFFERENT),
        (MX, [], Standing.MISSING),
        (DKIM, ["t.dkim.amazonses.com."], Standing.LIVE),
        (DKIM, ["old.dkim.amazonses.com."], Standing.DIFFERENT),
        (SPF, ["google-site-verification=x"], Standing.MISSING),
        (SPF, ["v=spf1 include:_spf.example.net include:amazonses.com -all"], Standing.LIVE),
        (SPF, ["v=spf1 -all"], Standing.DIFFERENT),
        (SPF, ["v=spf1 include:amazonses.com ~all", "v=spf1 -all"], Standing.DIFFERENT),
        (DMARC, ["v=DMARC1; p=reject"], Standing.LIVE),
        (DMARC, [], Standing.MISSING),
        (Record("*.example.com", "MX", MX.value, "receiving"), [MX.value + "."], Standing.LIVE),
    ],
)
def test_a_record_is_live_missing_or_different(
    record: Record, answers: list[str], standing: Standing
) -> None:
    assert looked_up(record, *answers).standing is standing


ZONE = {
    ("example.com.", "MX"): "10 inbound-smtp.us-east-1.amazonaws.com.",
    ("example.com.", "TXT"): '"v=spf1 include:amazon" "ses.com ~all"',
}


class Answering(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        data, socket = self.request
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query)
        question = query.question[0]
        kind = dns.rdatatype.to_text(question.rdtype)
        if value := ZONE.get((str(question.name), kind)):
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, value))
        socket.sendto(answer.to_wire(), self.client_address)


@pytest.fixture
def nameserver() -> Iterator[str]:
    with socketserver.UDPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr("sys.argv", ["ses-bounce", "dns", *map(str, arguments)])
    with pytest.raises(SystemExit) as exit_:
        main()
    return int(exit_.value.code or 0)


def test_the_command_asks_a_name_server_and_exits_1_unless_all_are_live(
    nameserver: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "records.json"
    path.write_text(json.dumps([vars(MX), vars(SPF)]))
    assert run(monkeypatch, "--records", path, "--check", "--nameserver", nameserver, "--json") == 0
    assert [one["standing"] for one in json.loads(capsys.readouterr().out)] == ["live", "live"]
    path.write_text(json.dumps([vars(MX), vars(DKIM)]))
    assert run(monkeypatch, "--records", path, "--check", "--nameserver", nameserver) == 1
    assert "missing" in capsys.readouterr().out


def test_without_check_the_records_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "records.json"
    path.write_text(json.dumps([vars(MX)]))
    assert run(monkeypatch, "--records", path) == 0
    assert "inbound-smtp.us-east-1.amazonaws.com" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["{", "[1]", '[{"name": "x"}]'])
def test_what_is_no_list_of_records_is_one_line_and_exit_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    path = tmp_path / "records.json"
    path.write_text(content)
    assert run(monkeypatch, "--records", path) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
