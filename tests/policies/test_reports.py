"""The reports: the form of each, and nothing in a policy's name that could steer its reader."""

import json
from datetime import UTC, datetime

import pytest
from findings_corpus import IDENTITY, allow

from policies import reports
from policies.evaluation import parse_principal
from policies.findings import RULES, Document, Severity, Subject, Trust, Unread

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOSTILE = "p\x1b[31m|<b>[bold]`\n# x"


def result(name: str = "p", line: int = 3, file: str = "a b.jsonl") -> reports.Result:
    content = {"Version": "2012-10-17", "Statement": [allow(Principal="*", Condition=None)]}
    subject = Subject(IDENTITY, (Document(name, content, file, line),))
    return reports.collect([subject, Unread("b.json", "is empty")], Trust(), NOW)


def test_the_json_report_has_the_documented_form() -> None:
    report = json.loads(reports.as_json(result()))
    assert report["read"] == {"identities": 1, "policies": 1}
    assert report["unread"] == [{"source": "b.json", "reason": "is empty"}]
    [finding] = report["findings"]
    witness = finding.pop("witness")
    assert parse_principal(witness["principal"]).account == "999999999999"
    assert finding == {
        "id": "SB001",
        "severity": "critical",
        "identity": IDENTITY,
        "policy": "p",
        "statement": {
            "sid": None,
            "index": 0,
            "pointer": "/Statement/0",
            "file": "a b.jsonl",
            "line": 3,
        },
        "message": "Statement 1 lets everyone perform ses:SendEmail.",
        "fix": allow(Principal={"AWS": "arn:aws:iam::222222222222:root"}, Condition=None),
    }


def test_sarif_refers_to_rules_and_places() -> None:
    [run] = json.loads(reports.as_sarif(result()))["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == list(RULES)
    assert all(rule["help"]["text"] for rule in run["tool"]["driver"]["rules"])
    [found] = run["results"]
    assert run["tool"]["driver"]["rules"][found["ruleIndex"]]["id"] == found["ruleId"] == "SB001"
    assert found["level"] == "error"
    assert found["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20b.jsonl"},
        "region": {"startLine": 3},
    }


def test_what_could_not_be_read_makes_the_sarif_run_unsuccessful() -> None:
    [run] = json.loads(reports.as_sarif(result()))["runs"]
    [invocation] = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "b.json: is empty"


def test_a_fingerprint_follows_the_finding_not_the_line() -> None:
    def fingerprint(of: reports.Result) -> str:
        [run] = json.loads(reports.as_sarif(of))["runs"]
        return str(run["results"][0]["partialFingerprints"]["sesBounceFinding/v1"])

    assert fingerprint(result(line=9, file="moved.json")) == fingerprint(result())
    assert fingerprint(result(name="q")) != fingerprint(result())


def test_markdown_shows_the_finding_and_its_correction() -> None:
    text = reports.as_markdown(result())
    assert "## SB001 (critical): Everyone may use the identity" in text
    assert '    {\n      "Effect": "Allow",' in text
    assert "- b.json: is empty" in text


def test_the_table_shows_findings_and_what_was_not_read() -> None:
    text = reports.as_table(result(), width=200, colour=False)
    assert "critical" in text
    assert "Name the accounts, roles or users that may." in text
    assert "Not read: b.json: is empty" in text
    assert "1 findings in 1 policies of 1 identities and roles; 1 could not be read." in text


@pytest.mark.parametrize("colour", [True, False])
def test_a_policy_cannot_steer_the_terminal(colour: bool) -> None:
    text = reports.as_table(result(HOSTILE), width=200, colour=colour)
    assert "p\x1b" not in text
    assert "[bold]" in text
    assert "\n# x" not in text


def test_a_policy_cannot_write_markdown() -> None:
    text = reports.as_markdown(result(HOSTILE))
    assert "\x1b" not in text
    assert "<b>" not in text.replace(r"\<b\>", "")
    assert "\n# x" not in text


def test_the_least_severity_decides() -> None:
    assert result().at_least(Severity.CRITICAL)
    assert not reports.collect([], Trust(), NOW).at_least(Severity.INFO)
