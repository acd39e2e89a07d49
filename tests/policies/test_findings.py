"""What must hold for findings of any policies, and what a single policy cannot show."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from findings_corpus import IDENTITY, OWNER, PARTNER, UNKNOWN, allow
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.evaluation import PolicySet, Request, compile_policy, decide, parse_principal
from policies.findings import RULES, Document, Finding, Subject, Trust, audit
from policies.findings.pages import document as page_of_all

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TRUST = Trust(partners={PARTNER: "Mailing house"})
LETS_IN = {"SB001", "SB002", "SB003", "SB004", "SB005", "SB006", "SB007"}
ANYTHING = compile_policy(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)

ACTIONS = ["ses:SendBounce", "ses:SendEmail", "ses:Send*", "ses:*", "ses:PutIdentityPolicy"]
OPERATORS = ["StringEquals", "StringLike", "StringNotEquals", "StringNotLike"]
OPERATORS += ["StringEqualsIfExists", "ForAllValues:StringEquals", "ForAnyValue:StringLike"]
KEYS = ["ses:FromAddress", "ses:Recipients", "aws:PrincipalOrgID", "aws:PrincipalAccount", "aws:UserAgent"]
VALUES = ["*", "a@example.com", "*@example.com", "o-1", UNKNOWN, PARTNER]
STRANGERS = ["444444444444", UNKNOWN, f"arn:aws:iam::{UNKNOWN}:role/r", "arn:aws:iam::444444444444:user/u"]
PRINCIPALS: list[Any] = ["*", {"AWS": PARTNER}, {"AWS": UNKNOWN}, {"AWS": [PARTNER, UNKNOWN]}]
PRINCIPALS += [{"AWS": f"arn:aws:iam::{UNKNOWN}:role/r"}, {"AWS": [OWNER, "*"]}]

conditions = st.dictionaries(
    st.sampled_from(OPERATORS),
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), min_size=1, max_size=2),
    max_size=2,
)


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "Effect": draw(st.sampled_from(["Allow", "Allow", "Allow", "Deny"])),
        draw(st.sampled_from(["Principal", "Principal", "NotPrincipal"])): draw(st.sampled_from(PRINCIPALS)),
        "Action": draw(st.sampled_from(ACTIONS)),
        "Resource": IDENTITY,
        "Condition": draw(conditions),
    }


contexts = st.fixed_dictionaries(
    {},
    optional={
        key: st.sampled_from([("a@example.com",), ("o-1",), ("b@example.org",), ("*",)])
        for key in KEYS
        if key != "aws:PrincipalAccount"
    },
)
requests = st.builds(
    lambda principal, action, context: Request(parse_principal(principal), action, IDENTITY, OWNER, context),
    st.sampled_from(STRANGERS),
    st.sampled_from(["ses:SendBounce", "ses:SendEmail", "ses:PutIdentityPolicy"]),
    contexts,
)


def found(*policies: list[dict[str, Any]], trust: Trust = TRUST) -> list[Finding]:
    documents = [
        Document(f"p{number}", {"Version": "2012-10-17", "Statement": policy})
        for number, policy in enumerate(policies)
    ]
    findings, unread = audit(Subject(IDENTITY, tuple(documents)), trust, NOW)
    assert not unread
    return findings


def ids(findings: list[Finding]) -> list[str]:
    return [finding.rule.id for finding in findings]


@settings(max_examples=150, deadline=None)
@given(st.lists(statements(), min_size=1, max_size=3), st.lists(requests, min_size=1, max_size=8))
def test_whoever_lets_a_stranger_in_hears_of_it(policy: list[dict[str, Any]], asked: list[Request]) -> None:
    compiled = compile_policy({"Version": "2012-10-17", "Statement": policy})
    around = PolicySet(identity=(ANYTHING,), resource=(compiled,))
    if any(decide(request, around).decision == "allowed" for request in asked):
        assert LETS_IN & set(ids(found(policy)))


@settings(max_examples=75, deadline=None)
@given(st.lists(statements(), min_size=1, max_size=2))
def test_a_corrected_statement_lets_no_stranger_in(policy: list[dict[str, Any]]) -> None:
    for finding in found(policy):
        if finding.rule.id in LETS_IN and finding.place and finding.fix:
            corrected = [*policy]
            corrected[finding.place.index] = dict(finding.fix)
            again = [
                other
                for other in found(corrected)
                if other.place and other.place.index == finding.place.index
            ]
            assert not LETS_IN & set(ids(again))


def test_a_deny_in_another_policy_of_the_identity_counts() -> None:
    public, denied = allow(Principal="*", Condition=None), allow(Effect="Deny", Principal="*", Condition=None)
    assert ids(found([public], [denied])) == ["SB019"]


def test_policies_of_one_name_are_told_apart() -> None:
    content = {"Version": "2012-10-17", "Statement": [allow(Principal="*", Condition=None)]}
    other = {"Version": "2012-10-17", "Statement": [allow()]}
    findings, _ = audit(Subject(IDENTITY, (Document("p", other), Document("p", content))), TRUST, NOW)
    assert [finding.document.content for finding in findings] == [content]


def test_an_own_account_is_no_stranger() -> None:
    policy = [allow(Principal={"AWS": UNKNOWN})]
    assert ids(found(policy)) == ["SB007"]
    assert ids(found(policy, trust=Trust(own=frozenset({UNKNOWN})))) == []


def test_every_account_of_one_statement_is_judged() -> None:
    [finding] = found([allow(Principal={"AWS": [PARTNER, UNKNOWN, "555555555555"]})])
    assert (UNKNOWN in finding.message, PARTNER in finding.message) == (True, False)
    assert "555555555555" in finding.message
    assert finding.fix is not None
    assert finding.fix["Principal"] == {"AWS": PARTNER}


def test_ses_keeps_twenty_policies() -> None:
    policies = [[allow(Sid=str(number), Condition=None)] for number in range(19)]
    assert "SB024" in ids(found(*policies))
    assert "SB024" not in ids(found(*policies[:18]))


def test_a_statement_says_where_it_stands() -> None:
    single = Document(
        "p", {"Version": "2012-10-17", "Statement": allow(Sid="Mail", Principal={"AWS": UNKNOWN})}
    )
    [finding], _ = audit(Subject(IDENTITY, (single,)), TRUST, NOW)
    assert finding.place is not None
    assert (finding.place.sid, finding.place.pointer) == ("Mail", "/Statement")
    assert finding.message.startswith("Statement Mail lets account 333333333333")


def test_a_malformed_policy_is_unread_and_the_others_are_judged() -> None:
    bad = Document("bad", '{"Statement": [{}]}', "policies.jsonl", 7)
    anonymous = Document("role's", {"Statement": allow(Principal=None)})
    good = Document("good", {"Version": "2012-10-17", "Statement": [allow(Principal="*", Condition=None)]})
    findings, unread = audit(Subject(IDENTITY, (bad, anonymous, good)), TRUST, NOW)
    assert ids(findings) == ["SB001"]
    assert [item.source for item in unread] == [
        f"policies.jsonl:7: policy 'bad' of {IDENTITY}",
        f'policy "role\'s" of {IDENTITY}',
    ]
    assert unread[0].reason == "/Statement/0: Effect must be Allow or Deny"


def test_the_documentation_says_what_the_table_says() -> None:
    root = Path(__file__).parents[2]
    assert (root / "docs" / "findings.md").read_text(encoding="utf-8") == page_of_all()
    printed = subprocess.run(
        [sys.executable, "-m", "policies.findings"], cwd=root, capture_output=True, text=True, check=True
    )
    assert printed.stdout == page_of_all()


def test_ids_are_stable() -> None:
    assert list(RULES) == [f"SB{number:03}" for number in range(1, len(RULES) + 1)]
