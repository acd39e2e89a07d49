"""Deliveries files and mails: what they say, and what is said of bad ones."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline.deliveries import DeliveryError, from_file, from_mail

MAIL = b"From: A <a@example.net>\r\nTo: b@example.com\r\nCc: C <c@example.com>\r\n\r\nHello\r\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mail.eml").write_bytes(MAIL)
    return tmp_path


def lines(folder: Path, *texts: str) -> Path:
    path = folder / "deliveries.jsonl"
    path.write_text("\n".join(texts))
    return path


def test_the_envelope_comes_from_the_header_when_the_line_names_none(folder: Path) -> None:
    (delivery,) = from_file(lines(folder, '{"eml": "mail.eml"}'))
    assert (delivery.mail_from, delivery.rcpt_to) == ("a@example.net", ("b@example.com", "c@example.com"))
    assert delivery.raw == MAIL
    assert from_mail(folder / "mail.eml").rcpt_to == delivery.rcpt_to


def test_every_member_of_a_line_is_read(folder: Path) -> None:
    line = {
        "eml": "mail.eml",
        "mailFrom": "<>",
        "rcptTo": ["x@example.com"],
        "verdicts": {"spf": "FAIL"},
        "dmarcPolicy": "reject",
        "at": "2026-01-01T00:00:00Z",
    }
    (delivery,) = from_file(lines(folder, "", json.dumps(line)))
    assert delivery.mail_from == ""
    assert delivery.rcpt_to == ("x@example.com",)
    assert delivery.verdicts == {"spf": "FAIL"}
    assert delivery.dmarc_policy == "reject"
    assert delivery.at == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "not JSON"),
        ("[]", 'expected an object with "eml"'),
        ('{"eml": "mail.eml", "rcpt": []}', "'rcpt' is not a member of a delivery"),
        ('{"eml": "gone.eml"}', "No such file"),
        ('{"eml": "mail.eml", "rcptTo": []}', "rcptTo: expected at least one recipient"),
        ('{"eml": "mail.eml", "rcptTo": "x@example.com"}', "rcptTo: expected at least one recipient"),
        ('{"eml": "mail.eml", "mailFrom": null}', "mailFrom: expected an address"),
        ('{"eml": "mail.eml", "verdicts": {"spf": "pass"}}', "verdicts.spf: 'pass' is not one of PASS"),
        ('{"eml": "mail.eml", "verdicts": {"arc": "PASS"}}', "'arc' is not a verdict"),
        ('{"eml": "mail.eml", "dmarcPolicy": "discard"}', "dmarcPolicy: 'discard' is not one of none"),
        ('{"eml": "mail.eml", "at": "yesterday"}', "at: 'yesterday' is not a time"),
        ('{"eml": "mail.eml", "at": "2026-01-01T00:00:00"}', "has no time zone"),
    ],
)
def test_a_bad_line_is_named_with_its_place_and_reason(folder: Path, line: str, complaint: str) -> None:
    path = lines(folder, '{"eml": "mail.eml"}', line)
    with pytest.raises(DeliveryError) as error:
        list(from_file(path))
    assert str(error.value).startswith(f"{path}:2: ")
    assert complaint in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_does_not_begin_with_a_header_field_is_no_mail(tmp_path: Path) -> None:
    path = tmp_path / "picture.eml"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(DeliveryError, match="not a mail"):
        from_mail(path)


@given(body=st.binary(max_size=200))
def test_any_bytes_after_a_header_field_are_a_delivery_or_refused(
    tmp_path_factory: pytest.TempPathFactory, body: bytes
) -> None:
    path = tmp_path_factory.mktemp("mail") / "any.eml"
    path.write_bytes(b"To: b@example.com\r\n" + body)
    assert from_mail(path).rcpt_to[0] == "b@example.com"
