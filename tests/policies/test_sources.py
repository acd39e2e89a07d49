"""Policies from files, and the trust list: what cannot be read is named."""

import io
import json
from typing import Any

import pytest
from findings_corpus import ADDRESS, IDENTITY, OWNER, PARTNER, ROLE, allow

from policies.findings import Document, Subject, Unread
from policies.sources import TrustError, is_auditable, read_trust, subjects

POLICY = {"Version": "2012-10-17", "Statement": [allow()]}


def entry(identity: str = IDENTITY, name: str = "p", policy: Any = POLICY) -> dict[str, Any]:
    return {"identity": identity, "name": name, "policy": policy}


def read(text: str, file: str = "policies.json", identity: str | None = None) -> list[Subject | Unread]:
    return list(subjects(io.StringIO(text), file, identity))


def lines(*entries: Any) -> str:
    return "".join(f"{json.dumps(item)}\n" for item in entries)


def test_lines_of_one_identity_are_one_subject() -> None:
    assert read(lines(entry(), entry(name="q"), entry(ADDRESS))) == [
        Subject(
            IDENTITY,
            (Document("p", POLICY, "policies.json", 1), Document("q", POLICY, "policies.json", 2)),
        ),
        Subject(ADDRESS, (Document("p", POLICY, "policies.json", 3),)),
    ]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_file_may_be_one_json_text(indent: int | None) -> None:
    [subject] = read(json.dumps([entry(), entry(name="q")], indent=indent))
    assert isinstance(subject, Subject)
    assert [document.name for document in subject.documents] == ["p", "q"]
    [subject] = read(json.dumps(entry(), indent=indent))
    assert subject == Subject(IDENTITY, (Document("p", POLICY, "policies.json", 1),))


def test_a_bare_policy_belongs_to_the_identity_named() -> None:
    document = Document("policies.json", POLICY, "policies.json", 1)
    assert read(json.dumps(POLICY, indent=2), identity=ROLE) == [Subject(ROLE, (document,))]


def test_the_output_of_the_aws_cli_is_read() -> None:
    """`aws ses get-identity-policies` and `aws sesv2 get-email-identity` both print policies as text."""
    text = json.dumps(POLICY)
    document = Document("p", text, "policies.json", 1)
    for printed in (
        {"Policies": {"p": text}},
        {"IdentityType": "DOMAIN", "VerifiedForSendingStatus": True, "Policies": {"p": text}},
    ):
        assert read(json.dumps(printed, indent=4), identity=IDENTITY) == [Subject(IDENTITY, (document,))]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("{", "not JSON"),
        ("7", "is no object"),
        ("{}", "is neither a policy"),
        (json.dumps(POLICY), "give --identity ARN"),
        (json.dumps({"Policies": {"p": "{}"}}), "give --identity ARN"),
        (json.dumps(entry("arn:aws:s3:::b")), "is no ARN of an SES identity or a role"),
        (json.dumps(entry(7)), "is no ARN"),  # type: ignore[arg-type]
        (json.dumps(entry(name=None)), "name: must be a string"),  # type: ignore[arg-type]
        (json.dumps(entry(policy=7)), "must be an object, or its text"),
        (json.dumps({**entry(), "polices": 1}), "and nothing else"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, reason: str) -> None:
    [unread] = read(text)
    assert isinstance(unread, Unread)
    assert unread.source.startswith("policies.json")
    assert reason in unread.reason


def test_a_bad_line_spoils_itself_only() -> None:
    text = lines(entry()) + "oops\n\n" + lines(entry(ADDRESS))
    read_on = read(text, "policies.jsonl")
    assert [item.source for item in read_on if isinstance(item, Unread)] == ["policies.jsonl:2"]
    assert [item.arn for item in read_on if isinstance(item, Subject)] == [IDENTITY, ADDRESS]


def test_an_identity_whose_lines_stand_apart_is_named() -> None:
    read_again = read(lines(entry(), entry(ADDRESS), entry(name="q")))
    assert [item.source for item in read_again if isinstance(item, Unread)] == ["policies.json:3"]


def test_lines_are_read_one_by_one() -> None:
    class Endless(io.StringIO):
        def __iter__(self) -> Any:
            return (line for _ in iter(int, 1) for line in (lines(entry()), lines(entry(ADDRESS))))

    endless = subjects(Endless(), "endless.jsonl", None)
    assert isinstance(next(endless), Subject)


@pytest.mark.parametrize(
    ("arn", "auditable"),
    [
        (IDENTITY, True),
        (ADDRESS, True),
        (ROLE, True),
        (f"{ROLE}/", False),
        ("", False),
        (f"{IDENTITY}\n", False),
    ],
)
def test_identities_and_roles_are_audited(arn: str, auditable: bool) -> None:
    assert is_auditable(arn) is auditable


def test_the_trust_list_names_own_accounts_and_partners() -> None:
    trust = read_trust(f'[trust]\nown = ["{OWNER}"]\n[trust.partners]\n{PARTNER} = "Mailing house"\n')
    assert (trust.own, trust.partners) == ({OWNER}, {PARTNER: "Mailing house"})
    assert read_trust("").own == frozenset()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", "no TOML"),
        ("trust = 1", "trust: must be"),
        ("[trust]\nowns = []", "trust: must be"),
        ('[trust]\nown = "1"', "trust.own: must be a list"),
        ("[trust]\nown = [111111111111]", "trust.own: 111111111111 is no account ID"),
        ('[trust]\nown = ["1"]', "trust.own: '1' is no account ID"),
        ("[trust]\npartners = []", "trust.partners: must be a table"),
        ("[trust.partners]\n111111111111 = 1", "trust.partners.111111111111: must be the partner's name"),
        ('[trust.partners]\nx = "X"', "trust.partners: 'x' is no account ID"),
    ],
)
def test_a_wrong_trust_list_is_refused(text: str, message: str) -> None:
    with pytest.raises(TrustError) as caught:
        read_trust(text)
    assert message in str(caught.value)
