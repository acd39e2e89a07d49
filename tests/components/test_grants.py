"""Grants read into policies; those that could never apply are found."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from components import grants
from components.grants import overlap
from policies.documents import Grant


def test_a_grant_is_for_the_bounce_sender_unless_it_says_otherwise() -> None:
    given_ = [
        {"accountId": "111111111111"},
        {"roleArn": "arn:aws:iam::111111111111:role/r", "authorizes": "recipient", "addresses": ["*@a.org"]},
    ]

    assert grants.read("example.com", given_, "mailer-daemon@example.com") == [
        [
            Grant(("111111111111",), ("mailer-daemon@example.com",), ("ses:SendBounce",), "BounceSender"),
            Grant(
                ("arn:aws:iam::111111111111:role/r",), ("*@a.org",), ("ses:SendBounce",), "BounceRecipient"
            ),
        ]
    ]


def test_an_address_identity_can_only_send_as_itself() -> None:
    def of(address: str) -> list[str]:
        one = [{"accountId": "111111111111", "addresses": [address]}]
        return [error.path for error in grants.errors("daemon@example.com", one, "daemon@example.com")]

    assert of("d*@example.com") == []
    assert of("Daemon@Example.com") == []
    assert of("other@example.com") == ["grants[0].addresses[0]"]


TEXT = st.text("ab@.", max_size=6)
PATTERN = st.text("ab@.*?", max_size=6)


def expression(pattern: str) -> re.Pattern[str]:
    return re.compile("".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern))


@given(PATTERN, PATTERN, TEXT)
def test_patterns_overlap_when_a_text_matches_both(left: str, right: str, text: str) -> None:
    if expression(left).fullmatch(text) and expression(right).fullmatch(text):
        assert overlap(left, right)


@given(PATTERN, TEXT)
@example("a?*", "ab")
@example("?", "")
def test_a_text_overlaps_with_what_matches_it_and_nothing_else(pattern: str, text: str) -> None:
    assert overlap(pattern, text) == bool(expression(pattern).fullmatch(text))
    assert overlap(text, pattern) == overlap(pattern, text)
