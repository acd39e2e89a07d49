"""Templates: a short list of names, and nothing of a stranger's value that could be more than text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_src import template
from lambda_src.template import MAX_TEXT, MAX_VALUE, MESSAGE_NAMES, RECIPIENT_NAMES, clean

VALUES = dict.fromkeys(RECIPIENT_NAMES, "value")


def test_names_are_replaced() -> None:
    text = "No {recipient} at {domain} for {sender} ({messageId}, {receivedAt}, {rule}) {{}}"
    assert template.parse(text, RECIPIENT_NAMES).render({name: name.upper() for name in RECIPIENT_NAMES}) == (
        "No RECIPIENT at DOMAIN for SENDER (MESSAGEID, RECEIVEDAT, RULE) {}"
    )


@pytest.mark.parametrize(
    "text",
    [
        "{unknown}",
        "{Recipient}",
        "{}",
        "{0}",
        "{recipient.text}",
        "{recipient[0]}",
        "{recipient!r}",
        "{recipient:>99999999}",
        "{",
        "}",
        "{recipient",
        "{{recipient}",
        "a" * (MAX_TEXT + 1),
    ],
)
def test_anything_else_between_braces_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        template.parse(text, RECIPIENT_NAMES)


def test_text_about_the_message_cannot_name_one_recipient() -> None:
    with pytest.raises(ValueError, match="may name only"):
        template.parse("{recipient}", MESSAGE_NAMES)


@given(st.text())
def test_whatever_is_accepted_can_be_rendered(text: str) -> None:
    try:
        found = template.parse(text, RECIPIENT_NAMES)
    except ValueError:
        return
    assert len(found.render(VALUES)) <= MAX_TEXT
    assert not found.constant or found.render({}) == found.render(VALUES)


@given(st.text())
def test_a_cleaned_value_is_printable_ascii_cut_to_length(value: str) -> None:
    cleaned = clean(value)
    assert cleaned.isascii()
    assert cleaned.isprintable()
    assert len(cleaned) == min(len(value), MAX_VALUE)


def test_a_rendered_text_is_cut_to_the_limit_of_ses() -> None:
    found = template.parse("{recipient}" * 10, RECIPIENT_NAMES)
    assert len(found.render({"recipient": "a" * MAX_VALUE})) == MAX_TEXT
