"""Recipient conditions, in the words of the SES Developer Guide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline.receiving.conditions import matching


def matches(condition: str, recipient: str) -> bool:
    return matching([condition], [recipient]) == (recipient,)


@pytest.mark.parametrize(
    ("condition", "recipient", "expected"),
    [
        ("user@example.com", "user@example.com", True),
        ("user@example.com", "user+label@example.com", True),
        ("user@example.com", "user+a+b@example.com", True),
        ("user@example.com", "user2@example.com", False),
        ("user@example.com", "user@sub.example.com", False),
        ("user+label@example.com", "user+label@example.com", True),
        ("user+label@example.com", "user@example.com", False),
        ("user+label@example.com", "user+other@example.com", False),
        ("example.com", "any+one@example.com", True),
        ("example.com", "user@sub.example.com", False),
        ("example.com", "user@notexample.com", False),
        (".example.com", "user@sub.example.com", True),
        (".example.com", "user@a.b.example.com", True),
        (".example.com", "user@example.com", False),
        (".example.com", "user@notexample.com", False),
        ("User@Example.COM", "uSER+X@eXAMPLE.com", True),
        ("user@bücher.example", "user@XN--BCHER-KVA.example", True),
        (".BÜCHER.example", "user@mail.bücher.example", True),
        ('"a@b"@example.com', '"a@b"@example.com', True),
    ],
)
def test_a_condition_matches(condition: str, recipient: str, expected: bool) -> None:
    assert matches(condition, recipient) is expected


def test_without_conditions_every_recipient_matches() -> None:
    recipients = ("a@example.com", "b@example.org")
    assert matching([], recipients) == recipients
    assert matching(["example.org", "a@example.org"], recipients) == ("b@example.org",)


LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
DOMAINS = st.lists(LABELS, min_size=1, max_size=3).map(".".join)
LOCALS = st.from_regex(r"[A-Za-z0-9._-]{1,10}", fullmatch=True)


@given(local=LOCALS, label=LOCALS, domain=DOMAINS, sub=LABELS)
def test_conditions_of_one_address(local: str, label: str, domain: str, sub: str) -> None:
    address, labelled = f"{local}@{domain}", f"{local}+{label}@{domain}"
    below = f"{local}@{sub}.{domain}"
    for condition in (address, address.swapcase(), domain):
        assert matches(condition, address)
        assert matches(condition, labelled)
        assert not matches(condition, below)
    assert matches(labelled, labelled)
    assert not matches(labelled, address)
    assert matches(f".{domain}", below)
    assert not matches(f".{domain}", address)


@given(condition=st.text(max_size=20), recipient=st.text(max_size=20))
def test_nothing_breaks_the_comparison(condition: str, recipient: str) -> None:
    assert matches(condition, recipient) in (True, False)


@given(recipient=LOCALS, domain=DOMAINS, others=st.lists(DOMAINS, max_size=5))
def test_more_conditions_never_match_less(recipient: str, domain: str, others: list[str]) -> None:
    address = f"{recipient}@{domain}"
    assert matching([*others, domain], (address,)) == (address,)
    if matching(others, (address,)) and others:
        assert domain in others
