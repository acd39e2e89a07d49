"""The mail an offline run delivers: `.eml` files, and the lines of a file that say how they arrive."""

import email
import email.policy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path
from typing import Any

VERDICTS = ("spf", "dkim", "dmarc", "spam", "virus")
STATUSES = ("PASS", "FAIL", "GRAY", "PROCESSING_FAILED")
DMARC_POLICIES = ("none", "quarantine", "reject")
KEYS = ("eml", "mailFrom", "rcptTo", "verdicts", "dmarcPolicy", "at")
HEADER_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")  # RFC 5322 §2.2: printable ASCII but the colon


class DeliveryError(ValueError):
    """A mail or a deliveries file cannot be used; says which, where and why."""


@dataclass(frozen=True)
class Delivery:
    """One message as it arrives by SMTP.

    Attributes:
        eml: The file's path as the user gave it.
        raw: The message's bytes.
        mail_from: The reverse-path; empty for the null sender.
        rcpt_to: The recipients of the envelope, in order.
        verdicts: SES's verdicts by name (`spf`, `dkim`, `dmarc`, `spam`, `virus`); PASS when not named.
        dmarc_policy: The sending domain's DMARC policy, or None.
        at: When it arrives, or None for as soon as it is its turn.
    """

    eml: str
    raw: bytes
    mail_from: str
    rcpt_to: tuple[str, ...]
    verdicts: Mapping[str, str] = field(default_factory=dict)
    dmarc_policy: str | None = None
    at: datetime | None = None


def from_mail(path: Path) -> Delivery:
    """A delivery whose envelope is taken from the message's own header.

    Raises:
        DeliveryError: If the file is not a mail or names no recipient.
    """
    return _delivery(str(path), path, {}, where=str(path))


def from_file(path: Path) -> Iterator[Delivery]:
    """The deliveries of a JSONL file; paths in it are relative to the file.

    Raises:
        DeliveryError: Naming the file, the line and the member at fault.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DeliveryError(f"{path}: cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            where = f"{path}:{number}"
            members = _members(line, where)
            eml = members["eml"]
            yield _delivery(eml, path.parent / eml, members, where)


def _members(line: str, where: str) -> dict[str, Any]:
    try:
        members = json.loads(line)
    except ValueError as error:
        raise DeliveryError(f"{where}: not JSON: {error}") from error
    if not isinstance(members, dict) or not isinstance(members.get("eml"), str):
        raise DeliveryError(f'{where}: expected an object with "eml", the path of a mail')
    if unknown := sorted(set(members) - set(KEYS)):
        raise DeliveryError(f"{where}: {unknown[0]!r} is not a member of a delivery: use {', '.join(KEYS)}")
    return members


def _delivery(name: str, path: Path, members: Mapping[str, Any], where: str) -> Delivery:
    raw = _mail(path, where)
    header = email.message_from_bytes(raw, policy=email.policy.compat32)
    recipients = members["rcptTo"] if "rcptTo" in members else _addresses(header, "To", "Cc")
    if (
        not isinstance(recipients, list)
        or not recipients
        or not all(isinstance(r, str) and r for r in recipients)
    ):
        raise DeliveryError(f"{where}: rcptTo: expected at least one recipient's address")
    sender = (
        members["mailFrom"]
        if "mailFrom" in members
        else (_addresses(header, "Return-Path", "From") or [""])[0]
    )
    if not isinstance(sender, str):
        raise DeliveryError(f"{where}: mailFrom: expected an address, or an empty text for the null sender")
    return Delivery(
        eml=name,
        raw=raw,
        mail_from="" if sender.strip() == "<>" else sender,
        rcpt_to=tuple(recipients),
        verdicts=_verdicts(members.get("verdicts", {}), where),
        dmarc_policy=_one_of(members.get("dmarcPolicy"), DMARC_POLICIES, f"{where}: dmarcPolicy"),
        at=_time(members.get("at"), where),
    )


def _mail(path: Path, where: str) -> bytes:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DeliveryError(f"{where}: {path}: {error.strerror}") from error
    if not HEADER_FIELD.match(raw):
        raise DeliveryError(f"{where}: {path}: not a mail: it does not begin with a header field")
    return raw


def _addresses(header: "email.message.Message[str, str] | EmailMessage", *names: str) -> list[str]:
    values = [str(value) for name in names for value in header.get_all(name, [])]
    return [address for _, address in getaddresses(values) if address]


def _verdicts(raw: Any, where: str) -> dict[str, str]:
    if not isinstance(raw, dict):
        raise DeliveryError(f'{where}: verdicts: expected an object such as {{"spf": "PASS"}}')
    for name, status in raw.items():
        if name not in VERDICTS:
            raise DeliveryError(f"{where}: verdicts: {name!r} is not a verdict: use {', '.join(VERDICTS)}")
        _one_of(status, STATUSES, f"{where}: verdicts.{name}")
    return raw


def _one_of(value: Any, allowed: tuple[str, ...], where: str) -> str | None:
    if value is None:
        return None
    if value not in allowed:
        raise DeliveryError(f"{where}: {value!r} is not one of {', '.join(allowed)}")
    return str(value)


def _time(value: Any, where: str) -> datetime | None:
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise DeliveryError(f"{where}: at: {value!r} is not a time such as 2026-01-01T00:00:00Z") from error
    if found.tzinfo is None:
        raise DeliveryError(f"{where}: at: {value!r} has no time zone: end it with Z")
    return found
