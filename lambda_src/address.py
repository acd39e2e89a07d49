"""E-mail addresses as envelopes carry them, in the form in which they are compared.

SES compares domains without case and gives `user@example.com` what comes for `user+label@example.com`
(SES Developer Guide, recipient conditions). It does not say how it compares local parts; no mail system
in use tells `Info@` from `info@`, so neither does this one [inferred].
"""

import unicodedata
from typing import NamedTuple

from lambda_src.fields import syntax

#: RFC 5322 §3.2.3, and the dot anywhere: some providers give away `a..b@` and `a.@`.
_ATEXT = r"[!#-'*+\--9=?A-Z^-~]"
_LOCAL = rf'(?:{_ATEXT}+|"(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*")'
_DOMAIN = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*"
_LITERAL = r"\[[A-Za-z0-9.:-]+\]"

ADDRESS = syntax(
    rf"(?!.{{321}}){_LOCAL}@(?:{_DOMAIN}|{_LITERAL})",
    "must be an address like user@example.com in ASCII, an internationalised domain as A-labels (xn--…)",
)


class Address(NamedTuple):
    """An address, and the parts by which it is compared.

    Attributes:
        text: As the envelope had it, without angle brackets; what SES knows the recipient by.
        local: The local part in lower case, label included.
        base: `local` without its `+label`; the same as `local` when there is none.
        domain: The domain as lower-case A-labels.
        names: What a list may hold it under: `local@domain`, then `base@domain` if that differs.
    """

    text: str
    local: str
    base: str
    domain: str
    names: tuple[str, ...]


def parse(text: str) -> Address | None:
    """Read an envelope address, or None where no bounce could name it in a DSN.

    SES does not speak SMTPUTF8 (SES API reference, `Destination`), so a local part outside ASCII is refused;
    a domain outside ASCII is turned into A-labels.
    """
    text = text.strip(" <>")
    if not text.isascii():
        local, at, domain = text.rpartition("@")
        text = f"{local}{at}{a_labels(domain)}"
    if not ADDRESS.pattern.fullmatch(text):
        return None
    full = text.lower()
    local, _, domain = full.rpartition("@")
    base = local.partition("+")[0] or local
    return Address(text, local, base, domain, (full,) if base == local else (full, f"{base}@{domain}"))


def a_labels(domain: str) -> str:
    """`domain` in lower case, each label outside ASCII as its A-label (RFC 5890 §2.3.2.1).

    Only for comparison: labels that IDNA 2008 forbids are encoded like any others. The standard library's
    codec is not used because it is IDNA 2003, which turns `straße` into another domain, `strasse`.
    """
    if domain.isascii() or len(domain) > 253:
        return domain.lower()
    labels = unicodedata.normalize("NFKC", domain).lower().replace("。", ".").split(".")
    return ".".join(
        label if label.isascii() else "xn--" + unicodedata.normalize("NFC", label).encode("punycode").decode()
        for label in labels
    )
