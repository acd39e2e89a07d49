"""Patterns: SES's recipient conditions, and `*`."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_src import address
from lambda_src.patterns import ADDRESS_PATTERN, AddressPatterns, Glob


def matches(pattern: str, text: str) -> bool:
    found = address.parse(text)
    assert found is not None
    assert ADDRESS_PATTERN.pattern.fullmatch(pattern)
    return AddressPatterns.of([pattern]).match(found)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("user@example.com", "user@example.com"),
        ("user@example.com", "USER+label@EXAMPLE.com"),
        ("user+label@example.com", "user+label@example.com"),
        ("example.com", "anyone+x@example.com"),
        (".example.com", "user@a.b.example.com"),
        ("*", "anyone@anywhere.example"),
        ("sales-*@example.com", "sales-emea+x@example.com"),
        ("*@*.example.com", "user@a.example.com"),
        ("*.example.com", "user@a.example.com"),
        ("*+spam@example.com", "user+spam@example.com"),
        ("user@bücher.example", "user@xn--bcher-kva.example"),
        ("bücher.example", "user@xn--bcher-kva.example"),
        ("*old@example.com", "old+label@example.com"),
    ],
)
def test_described(pattern: str, text: str) -> None:
    assert matches(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("user@example.com", "users@example.com"),
        ("user+label@example.com", "user@example.com"),
        ("user+label@example.com", "user+other@example.com"),
        ("user+l*@example.com", "user@example.com"),
        ("example.com", "user@a.example.com"),
        (".example.com", "user@example.com"),
        (".example.com", "user@badexample.com"),
        ("*@*.example.com", "user@example.com"),
        ("a*a@example.com", "a@example.com"),
        ("us?r@example.com", "user@example.com"),
        ("*foo@bar*", '"foo@bar"@example.com'),
    ],
)
def test_not_described(pattern: str, text: str) -> None:
    assert not matches(pattern, text)


@pytest.mark.parametrize(
    "pattern", ["", "a b@example.com", "a@b@example.com", "user@", "ü@example.com", "a\n"]
)
def test_no_pattern(pattern: str) -> None:
    assert not ADDRESS_PATTERN.pattern.fullmatch(pattern)


@given(st.text("ab*"), st.text("ab"))
def test_star_stands_for_any_run(pattern: str, text: str) -> None:
    expression = ".*".join(map(re.escape, pattern.split("*")))
    assert Glob.of(pattern).matches(text) == bool(re.fullmatch(expression, text, re.DOTALL))


def test_hostile_text_cannot_make_a_glob_slow() -> None:
    glob = Glob.of("*a" * 40 + "*b")
    start = time.process_time()
    assert not glob.matches("a" * 50_000 + "c")
    assert time.process_time() - start < 0.1
