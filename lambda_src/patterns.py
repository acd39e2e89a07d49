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
    """A pattern over plain text, compared as it stands: bring both sides into one case first."""

    pieces: tuple[str, ...]

    @classmethod
    def of(cls, pattern: str) -> "Glob":
        """The glob written `pattern`."""
        return cls(tuple(pattern.split("*")))

    def matches(self, text: str) -> bool:
        """Whether the whole of `text` is described."""
        head, *middle, tail = self.pieces if len(self.pieces) > 1 else (*self.pieces, "")
        if len(self.pieces) == 1:
            return text == head
        end = len(text) - len(tail)
        if end < len(head) or not (text.startswith(head) and text.endswith(tail)):
            return False
        position = len(head)
        for piece in middle:
            found = text.find(piece, position, end)
            if found < 0:
                return False
            position = found + len(piece)
        return True


@dataclass(frozen=True)
class AddressPatterns:
    """A set of address patterns, written and understood as SES's recipient conditions are, and with `*`.

    `user@example.com` also describes `user+label@example.com`, a pattern with a label only that label;
    `example.com` describes the domain without its subdomains; `.example.com` the subdomains without it.
    """

    exact: frozenset[tuple[str, str]]
    domains: frozenset[str]
    parents: frozenset[str]
    globs: tuple[tuple[Glob, Glob, bool], ...]

    @classmethod
    def of(cls, patterns: Iterable[str]) -> "AddressPatterns":
        """The set of these patterns; each must have the form of `ADDRESS_PATTERN`."""
        exact, domains, parents, globs = set(), set(), set(), []
        for pattern in patterns:
            local, at, domain = pattern.lower().rpartition("@")
            domain = a_labels(domain)
            if "*" in pattern:
                labelled = "+" in local
                globs.append((Glob.of(local if at else "*"), Glob.of(domain), labelled))
            elif at:
                exact.add((local, domain))
            elif domain.startswith("."):
                parents.add(domain)
            else:
                domains.add(domain)
        return cls(frozenset(exact), frozenset(domains), frozenset(parents), tuple(globs))

    def match(self, address: Address) -> bool:
        """Whether a pattern describes the address."""
        domain = address.domain
        return (
            (address.local, domain) in self.exact
            or (address.base, domain) in self.exact
            or domain in self.domains
            or any(domain.endswith(parent) for parent in self.parents)
            or any(_describes(glob, address) for glob in self.globs)
        )


def _describes(glob: tuple[Glob, Glob, bool], address: Address) -> bool:
    local, domain, labelled = glob
    return domain.matches(address.domain) and (
        local.matches(address.local) or (not labelled and local.matches(address.base))
    )
