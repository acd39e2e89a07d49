"""E-mail addresses as envelopes carry them, in the form in which they are compared.

SES compares domains without case and gives `user@example.com` what comes for `user+label@example.com`
(SES Developer Guide, recipient conditions). It does not say how it compares local parts; no mail system
in use tells `Info@` from `info@`, so neither does this one [inferred].
"""

import unicodedata
from dataclasses import dataclass

from lambda_src.fields import syntax

_ATEXT = r"[^\s\x00-\x1f\x7f-\U0010ffff@\"<>()\[\]:;,\\]"
_LOCAL = rf'(?:{_ATEXT}+|"(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*")'
_DOMAIN = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*"
_LITERAL = r"\[[A-Za-z0-9.:-]+\]"

ADDRESS = syntax(
    rf"(?=.{{3,320}}\Z){_LOCAL}@(?:{_DOMAIN}|{_LITERAL})",
    "must be an address like user@example.com in ASCII, an internationalised domain as A-labels (xn--…)",
)
DOMAIN = syntax(
    rf"(?=.{{1,253}}\Z){_DOMAIN}", "must be a domain like example.com, in A-labels if internationalised"
)


@dataclass(frozen=True, slots=True)
class Address:
    """An address, and the parts by which it is compared.

    Attributes:
        text: As the envelope had it, without angle brackets; what SES knows the recipient by.
        local: The local part in lower case, label included.
        base: `local` without its `+label`; the same as `local` when there is none.
        domain: The domain as lower-case A-labels.
    """

    text: str
    local: str
    base: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


def parse(text: str) -> Address | None:
    """Read an envelope address, or None where no bounce could name it in a DSN.

    SES does not speak SMTPUTF8 (SES API reference, `Destination`), so a local part outside ASCII is refused;
    a domain outside ASCII is turned into A-labels.
    """
    text = text.strip().removeprefix("<").removesuffix(">")
    if not text.isascii():
        local, at, domain = text.rpartition("@")
        text = f"{local}{at}{a_labels(domain)}"
    if not ADDRESS.pattern.fullmatch(text):
        return None
    local, _, domain = text.rpartition("@")
    local = local.lower()
    return Address(text, local, local.partition("+")[0] or local, domain.lower())


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
