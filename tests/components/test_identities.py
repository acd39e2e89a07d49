"""Identities: what a verified domain or address stands for."""

import pytest

from components import identities
from components.identities import IdentityArn

ARN = "arn:aws:ses:us-east-1:111111111111:identity/example.com"


@pytest.mark.parametrize("subject", ["example.com", "a@example.com", "a@sub.Example.com", "sub.example.com"])
def test_a_domain_stands_for_its_addresses_and_all_below_it(subject: str) -> None:
    assert identities.covers("Example.com", subject)


@pytest.mark.parametrize("subject", ["notexample.com", "a@notexample.com", "com", "a@example.com.evil.net"])
def test_a_domain_does_not_stand_for_one_that_looks_alike(subject: str) -> None:
    assert not identities.covers("example.com", subject)


def test_an_address_stands_for_itself_only() -> None:
    assert identities.covers("a@example.com", "A@example.com")
    assert not identities.covers("a@example.com", "b@example.com")
    assert not identities.covers("a@example.com", "example.com")


def test_an_arn_is_read_and_written() -> None:
    assert identities.parse(ARN) == IdentityArn("us-east-1", "111111111111", "example.com")
    assert str(identities.parse(ARN)) == ARN


@pytest.mark.parametrize("text", ["", "example.com", f"{ARN}/x", ARN.replace("example.com", "*"), f" {ARN}"])
def test_what_is_no_arn_of_one_identity_is_not_read(text: str) -> None:
    assert identities.parse(text) is None
