"""Patterns of addresses, domains and header values, in which `*` stands for any run of characters.

No other character is special: `?`, `[` and `{` may stand in a local part (RFC 5322 §3.2.3). Matching takes
time linear in the text per `*`-separated piece, so that no mail, however written, can make it slow.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lambda_src.address import Address, a_labels
from lambda_src.fields import syntax

ADDRESS_PATTERN = syntax(
    r"(?=.{1,320}\Z)(?:[^\s\x00-\x1f\x7f-\U0010ffff@]+@)?\.?[\w*][\w*.-]*",
    "must be user@example.com, example.com, .example.com (all subdomains), or any of these with *",
)


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern over plain text, compared as it stands: bring both sides into one case first.

    Attributes:
        head: What the text begins with, up to the first `*`.
        middle: What follows in this order, between two `*` each.
        tail: What it ends with, after the last `*`; None without any `*`.
    """

    head: str
    middle: tuple[str, ...]
    tail: str | None

    @classmethod
    def of(cls, pattern: str) -> "Glob":
        """The glob written `pattern`."""
        head, *rest = pattern.split("*")
        return cls(head, tuple(rest[:-1]), rest[-1] if rest else None)

    def matches(self, text: str) -> bool:
        """Whether the whole of `text` is described."""
        if self.tail is None:
            return text == self.head
        if not (text.startswith(self.head) and text.endswith(self.tail)):
            return False
        position, end = len(self.head), len(text) - len(self.tail)
        for piece in self.middle:
            found = text.find(piece, position, end)
            if found < 0:
                return False
            position = found + len(piece)
        return position <= end


@dataclass(frozen=True, slots=True)
class AddressGlob:
    """A pattern with `*`; like any other it leaves labels aside unless it names one."""

    local: Glob
    domain: Glob
    labelled: bool

    def matches(self, address: Address) -> bool:
        """Whether the address is described."""
        if not self.domain.matches(address.domain):
            return False
        if self.local.matches(address.local):
            return True
        return not self.labelled and address.base != address.local and self.local.matches(address.base)


@dataclass(frozen=True)
class AddressPatterns:
    """A set of address patterns, written and understood as SES's recipient conditions are, and with `*`.

    `user@example.com` also describes `user+label@example.com`, a pattern with a label only that label;
    `example.com` describes the domain without its subdomains; `.example.com` the subdomains without it.
    """

    exact: frozenset[str]
    domains: frozenset[str]
    parents: frozenset[str]
    globs: tuple[AddressGlob, ...]

    @classmethod
    def of(cls, patterns: Iterable[str]) -> "AddressPatterns":
        """The set of these patterns; each must have the form of `ADDRESS_PATTERN`."""
        exact: set[str] = set()
        domains: set[str] = set()
        parents: set[str] = set()
        globs: list[AddressGlob] = []
        for pattern in patterns:
            local, at, domain = pattern.lower().rpartition("@")
            domain = a_labels(domain)
            if "*" in pattern:
                globs.append(AddressGlob(Glob.of(local if at else "*"), Glob.of(domain), "+" in local))
            elif at:
                exact.add(f"{local}@{domain}")
            elif domain.startswith("."):
                parents.add(domain)
            else:
                domains.add(domain)
        return cls(frozenset(exact), frozenset(domains), frozenset(parents), tuple(globs))

    def match(self, address: Address) -> bool:
        """Whether a pattern describes the address."""
        if address.domain in self.domains or not self.exact.isdisjoint(address.names):
            return True
        if self.parents and any(map(address.domain.endswith, self.parents)):
            return True
        return any(glob.matches(address) for glob in self.globs) if self.globs else False
