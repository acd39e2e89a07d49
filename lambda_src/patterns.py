"""Patterns of addresses, domains and header values, in which `*` stands for any run of characters.

No other character is special: `?`, `[` and `{` may stand in a local part (RFC 5322 §3.2.3). Matching takes
time linear in the text per `*`-separated piece, so that no mail, however written, can make it slow.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lambda_src.address import Address, a_labels
from lambda_src.fields import syntax

ADDRESS_PATTERN = syntax(
    r"(?!.{321})(?:[!-?A-~]+@)?\.?[\w*][\w*.-]*",
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


@dataclass(frozen=True)
class AddressPatterns:
    """A set of address patterns, written and understood as SES's recipient conditions are, and with `*`.

    `user@example.com` also describes `user+label@example.com`, a pattern with a label only that label;
    `example.com` describes the domain without its subdomains; `.example.com` the subdomains without it.

    Attributes:
        exact: Addresses without `*`.
        domains: Domains of which every address is described.
        globs: Addresses with `*` in the local part only: the domain stands fixed at their end.
        wide: Local part and domain of all others.
    """

    exact: frozenset[str]
    domains: frozenset[str] = frozenset()
    globs: tuple[Glob, ...] = ()
    wide: tuple[tuple[Glob, Glob], ...] = ()

    @classmethod
    def of(cls, patterns: Iterable[str]) -> "AddressPatterns":
        """The set of these patterns; each must have the form of `ADDRESS_PATTERN`."""
        exact, domains = set[str](), set[str]()
        globs, wide = list[Glob](), list[tuple[Glob, Glob]]()
        for pattern in patterns:
            local, _, domain = pattern.lower().rpartition("@")
            domain = a_labels(domain)
            if domain.startswith(".") or "*" in domain:
                wide.append((Glob.of(local or "*"), Glob.of(f"*{domain}" if domain[0] == "." else domain)))
            elif not local:
                domains.add(domain)
            elif "*" in local:
                globs.append(Glob.of(f"{local}@{domain}"))
            else:
                exact.add(f"{local}@{domain}")
        return cls(frozenset(exact), frozenset(domains), tuple(globs), tuple(wide))

    def match(self, address: Address) -> bool:
        """Whether a pattern describes the address, with or without its label."""
        if address.domain in self.domains or not self.exact.isdisjoint(address.names):
            return True
        for glob in self.globs:  # no `any`: this runs for every recipient and rule, and takes half the time
            for name in address.names:
                if glob.matches(name):
                    return True
        return bool(self.wide) and any(
            domain.matches(address.domain) and (local.matches(address.local) or local.matches(address.base))
            for local, domain in self.wide
        )
