"""Every policy of the corpus raises exactly its findings; witnesses are allowed, corrections correct."""

from datetime import UTC, datetime

import pytest
from findings_corpus import CASES, PARTNER, Case

from policies.evaluation import PolicySet, compile_policy, decide
from policies.findings import RULES, Document, Finding, Severity, Subject, Trust, audit

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TRUST = Trust(partners={PARTNER: "Mailing house"})
ANYTHING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
NO_CORRECTION = {"SB016", "SB018", "SB019", "SB020", "SB021", "SB022", "SB023", "SB024", "SB025"}


def document(statements: list[dict[str, object]]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": statements}


def found(subject: str, statements: list[dict[str, object]]) -> list[Finding]:
    findings, unread = audit(Subject(subject, (Document("policy", document(statements)),)), TRUST, NOW)
    assert not unread
    return findings


@pytest.mark.parametrize("case", CASES, ids=[case.about for case in CASES])
def test_a_policy_raises_its_findings_and_no_others(case: Case) -> None:
    assert (
        sorted({finding.rule.id for finding in found(case.subject, case.statements)}) == case.findings.split()
    )


@pytest.mark.parametrize("case", CASES, ids=[case.about for case in CASES])
def test_a_witness_is_allowed_by_the_evaluator(case: Case) -> None:
    policies = (compile_policy(document(case.statements)),)
    for finding in found(case.subject, case.statements):
        if finding.witness is None:
            assert finding.rule.severity <= Severity.MEDIUM
        elif ":role/" in case.subject:
            assert decide(finding.witness, PolicySet(identity=policies)).decision == "allowed"
        else:
            around = PolicySet(identity=(compile_policy(ANYTHING),), resource=policies)
            assert decide(finding.witness, around).decision == "allowed"


@pytest.mark.parametrize("case", CASES, ids=[case.about for case in CASES])
def test_a_corrected_statement_removes_its_finding(case: Case) -> None:
    for finding in found(case.subject, case.statements):
        if finding.place is None or finding.fix is None:
            continue
        corrected = list(case.statements)
        corrected[finding.place.index] = dict(finding.fix)
        left = {
            other.rule.id
            for other in found(case.subject, corrected)
            if other.place and other.place.index == finding.place.index
        }
        assert finding.rule.id not in left


def test_only_findings_without_a_right_answer_go_uncorrected() -> None:
    uncorrected = {
        finding.rule.id
        for case in CASES
        for finding in found(case.subject, case.statements)
        if finding.fix is None
    }
    assert uncorrected - {"SB009", "SB010", "SB017"} <= NO_CORRECTION


def test_every_kind_of_finding_is_in_the_corpus() -> None:
    raised = {rule for case in CASES for rule in case.findings.split()}
    assert set(RULES) - raised == {"SB024"}  # needs many policies, see test_findings.py
