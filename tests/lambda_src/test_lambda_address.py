"""Addresses are compared as SES compares them, and nothing that could end a header line is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_src import address


@pytest.mark.parametrize(
    ("text", "local", "domain"),
    [
        ("User@Example.COM", "user", "example.com"),
        ("<user@example.com>", "user", "example.com"),
        ("user@bücher.example", "user", "xn--bcher-kva.example"),
        ("user@BÜCHER.example", "user", "xn--bcher-kva.example"),
        ("user@straße.example", "user", "xn--strae-oqa.example"),
        ("user@例え。テスト", "user", "xn--r8jz45g.xn--zckzah"),
        ('"john doe"@example.com', '"john doe"', "example.com"),
        ('"a@b"@example.com', '"a@b"', "example.com"),
        ("user@[192.0.2.1]", "user", "[192.0.2.1]"),
        ("a..b.@example.com", "a..b.", "example.com"),
    ],
)
def test_domain_is_compared_as_lower_case_a_labels(text: str, local: str, domain: str) -> None:
    found = address.parse(text)
    assert found is not None
    assert (found.local, found.domain) == (local, domain)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "user",
        "@example.com",
        "user@",
        "user@-example.com",
        "user name@example.com",
        "usér@example.com",
        "user@example.com\r\nBcc: all@example.com",
        "user\x00@example.com",
        "user@exam ple.com",
        f"{'a' * 310}@example.com",
        f"user@{'ü' * 5000}.example",
        '"a\nb"@example.com',
    ],
)
def test_what_a_dsn_could_not_name_is_no_address(text: str) -> None:
    assert address.parse(text) is None


def test_label_is_left_aside_and_kept() -> None:
    found = address.parse("User+Tag@example.com")
    assert found is not None
    assert found.text == "User+Tag@example.com"
    assert found.names == ("user+tag@example.com", "user@example.com")


def test_address_without_label_has_one_name() -> None:
    found = address.parse("+tag@example.com")
    assert found is not None
    assert found.names == ("+tag@example.com",)


@given(st.text())
def test_every_address_is_printable_ascii_of_at_most_320_characters(text: str) -> None:
    found = address.parse(text)
    assert found is None or (
        found.text.isascii() and found.text.isprintable() and len(found.text) <= 320 and "@" in found.text
    )


@given(st.text())
def test_a_labels_are_stable(domain: str) -> None:
    once = address.a_labels(domain)
    assert address.a_labels(once) == once or not once.isascii()
