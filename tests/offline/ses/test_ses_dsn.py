"""DSNs: like the ones that SES sent, and closed to injection."""

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline.ses.dsn import Notification, RecipientStatus, render

REAL = sorted((Path(__file__).parents[2] / "data" / "ses-bounces").glob("*.eml"))
ADDED_ON_THE_WAY = {"Received", "X-SenderID", "Authentication-Results", "DKIM-Signature"}


def skeleton(raw: bytes) -> list[object]:
    """Header names in order, and of each part: its headers, its content's fields, its blank lines."""
    message = email.message_from_bytes(raw.replace(b"\r\n", b"\n"), policy=email.policy.compat32)
    found: list[object] = [[name for name in message.keys() if name not in ADDED_ON_THE_WAY]]  # noqa: SIM118
    boundary = message.get_boundary("").encode()
    for part in raw.replace(b"\r\n", b"\n").split(b"--" + boundary)[1:-1]:
        head, _, content = part.lstrip(b"\n").partition(b"\n\n")
        found.append([head, *(_shape(line) for line in content.split(b"\n"))])
    return found


def _shape(line: bytes) -> bytes:
    return re.match(rb"[A-Za-z-]*:?", line).group()  # type: ignore[union-attr]


def same_as(real: bytes) -> Notification:
    """The notification whose values are a real one's."""
    message = email.message_from_bytes(real, policy=email.policy.compat32)
    text, status, header = message.get_payload()  # type: ignore[misc]
    message_fields, recipient, *_ = status.get_payload()
    final = recipient["Final-Recipient"].removeprefix("rfc822; ")
    return Notification(
        message_id=message["Message-ID"].partition("@")[0].lstrip("<"),
        account_id="123456789012",
        region="us-west-2",
        sender=message["From"],
        recipient=message["To"],
        sent_at=email.utils.parsedate_to_datetime(message["Date"]),
        reporting_mta=message_fields["Reporting-MTA"],
        arrived_at=datetime.strptime(message_fields["Arrival-Date"], "%a, %d %b %y %H:%M:%S UTC").replace(
            tzinfo=UTC
        ),
        recipients=(
            RecipientStatus(
                final, final, recipient["Action"], recipient["Status"], recipient["Diagnostic-Code"]
            ),
        ),
        original_header=header.get_payload().encode(),
        explanation=text.get_payload(),
    )


NOTIFICATION = same_as(REAL[0].read_bytes())


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_a_notification_is_built_like_the_one_that_ses_sent(path: Path) -> None:
    real = path.read_bytes()
    assert len(REAL) == 4
    assert skeleton(render(same_as(real))) == skeleton(real)


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_its_parts_say_the_same_word_for_word(path: Path) -> None:
    real = path.read_bytes()
    made = render(same_as(real)).replace(b"\r\n", b"\n")
    for text in (made, real):
        assert text.count(b"------=_Part_") == 4
    contents = [re.split(rb"------=_Part_[\d_.]+\n?", text)[1:-1] for text in (made, real)]
    assert contents[0] == contents[1]
    for name in (b"Date", b"From", b"To", b"Message-ID", b"Subject", b"Return-Path"):
        (line,) = re.findall(rb"^%s: .*$" % name, real.split(b"\n\n")[0], re.MULTILINE)
        assert line in made.split(b"\n\n")[0].split(b"\n")


def test_lines_end_with_crlf() -> None:
    assert b"\n" not in render(NOTIFICATION).replace(b"\r\n", b"")


def test_all_fields_stand_in_their_block() -> None:
    status = RecipientStatus(
        "a@example.com",
        "b@example.com",
        "delayed",
        "4.4.1",
        "smtp; 421 Busy",
        "dns; mx.example.com",
        datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        (("X-Reason", "one"),),
    )
    plain = RecipientStatus("c@example.com", "c@example.com", "failed", "5.1.1")
    raw = render(replace(NOTIFICATION, recipients=(status, plain), extension_fields=(("X-Queue", "q"),)))
    assert (
        b"Reporting-MTA: dns; inbound-smtp.us-west-2.amazonaws.com\r\n"
        b"Arrival-Date: Thu, 01 Oct 15 13:48:54 UTC\r\n"
        b"X-Queue: q\r\n\r\n"
        b"Action: delayed\r\n"
        b"Final-Recipient: rfc822; b@example.com\r\n"
        b"Original-Recipient: rfc822; a@example.com\r\n"
        b"Diagnostic-Code: smtp; 421 Busy\r\n"
        b"Status: 4.4.1\r\n"
        b"Remote-MTA: dns; mx.example.com\r\n"
        b"Last-Attempt-Date: Fri, 02 Jan 26 03:04:05 UTC\r\n"
        b"X-Reason: one\r\n\r\n"
        b"Action: failed\r\n"
        b"Final-Recipient: rfc822; c@example.com\r\n"
        b"Original-Recipient: rfc822; c@example.com\r\n"
        b"Status: 5.1.1\r\n\r\n"
    ) in raw


def test_text_beyond_ascii_is_sent_as_utf_8() -> None:
    raw = render(replace(NOTIFICATION, explanation="Postfach gelöscht\nMüller"))
    part = email.message_from_bytes(raw).get_payload(0)
    assert part.get_content_charset() == "utf-8"  # type: ignore[union-attr]
    assert part["Content-Transfer-Encoding"] == "8bit"  # type: ignore[index]
    assert "Postfach gelöscht\r\nMüller".encode() in raw


def test_a_value_of_2048_characters_is_folded_within_the_line_limit() -> None:
    raw = render(replace(NOTIFICATION, extension_fields=(("X-Long", "word " * 409),)))
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    status = email.message_from_bytes(raw).get_payload(1).get_payload(0)  # type: ignore[union-attr]
    assert " ".join(status["X-Long"].split()) == ("word " * 409).strip()  # type: ignore[index,union-attr]


HOSTILE = st.text(st.sampled_from("ab:-= \r\n\x00\x0b\x85\u2028é\ud800"), max_size=30)


@given(hostile=HOSTILE, header=st.binary(max_size=60))
def test_no_value_adds_a_header_field_a_part_or_a_block(hostile: str, header: bytes) -> None:
    status = RecipientStatus(
        hostile, hostile, "failed", "5.1.1", hostile, hostile, extension_fields=((f"X{hostile}", hostile),)
    )
    raw = render(
        replace(
            NOTIFICATION,
            sender=hostile,
            recipient=hostile,
            reporting_mta=hostile,
            explanation=hostile,
            recipients=(status,),
            extension_fields=((f"X{hostile}", hostile),),
            original_header=header,
        )
    )
    message = email.message_from_bytes(raw)
    assert len(message.keys()) == len(email.message_from_bytes(render(NOTIFICATION)).keys())
    parts = message.get_payload()
    assert [part.get_content_type() for part in parts] == [  # type: ignore[union-attr]
        "text/plain",
        "message/delivery-status",
        "text/rfc822-headers",
    ]
    message_fields, recipient_fields = (block for block in parts[1].get_payload() if block.keys())  # type: ignore[union-attr,index]
    assert len(message_fields.keys()) == 3  # type: ignore[union-attr]
    assert len(recipient_fields.keys()) == 7  # type: ignore[union-attr]


def test_a_boundary_in_the_content_is_not_used() -> None:
    boundary = email.message_from_bytes(render(NOTIFICATION)).get_boundary("")
    raw = render(replace(NOTIFICATION, explanation=f"--{boundary}\nContent-Type: text/html\n\nforged"))
    message = email.message_from_bytes(raw)
    assert message.get_boundary() != boundary
    assert len(message.get_payload()) == 3
