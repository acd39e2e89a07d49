"""Compiled policies and their statements: which of them apply to a request."""

from dataclasses import dataclass, field
from functools import cached_property

from policies.evaluation.conditions import AnyCondition
from policies.evaluation.logic import Truth, either, negate
from policies.evaluation.patterns import Matcher, glob_matcher
from policies.evaluation.principal_elements import PrincipalElement, Reach
from policies.evaluation.principals import Principal
from policies.evaluation.templates import (
    Lookup,
    Pattern,
    Template,
    Unresolved,
    Variable,
    resolve,
    variables_of,
)


@dataclass(frozen=True)
class Resources:
    """A compiled Resource or NotResource element.

    Attributes:
        texts: Its patterns as written.
        inverted: Whether it is a NotResource.
        matcher: Whether one of the patterns without variables fits.
        patterns: The patterns without variables.
        templates: The patterns with variables.
    """

    texts: tuple[str, ...]
    inverted: bool
    matcher: Matcher = field(compare=False, repr=False)
    patterns: tuple[Pattern, ...] = ()
    templates: tuple[Template, ...] = ()

    def cover(self, resource: str, lookup: Lookup) -> Truth:
        """Whether the element takes in the resource."""
        matched: Truth = self.matcher(resource)
        for template in self.templates:
            pattern = resolve(template, lookup)
            if isinstance(pattern, tuple):
                matched = either(matched, glob_matcher(pattern)(resource))
            elif pattern is Unresolved.UNKNOWN:
                matched = either(matched, None)
            elif self.inverted:
                return False  # what a NotResource leaves out must be known for it to take in the rest
        return negate(matched) if self.inverted else matched


@dataclass(frozen=True)
class Statement:
    """A compiled statement; two are equal when they say the same, wherever they stand.

    Attributes:
        index: Its place in the policy, from 0.
        sid: Its Sid, if any.
        allows: Whether its Effect is Allow; else Deny.
        actions: Its Action or NotAction as written.
        not_action: Whether it has a NotAction.
        covers_action: Whether it takes in an action, given in lower case.
        resources: Its Resource or NotResource; None where the element is missing, as in trust policies.
        principal: Its Principal or NotPrincipal; None in identity-based policies.
        not_principal: Whether it has a NotPrincipal.
        conditions: All of them must hold.
    """

    index: int = field(compare=False)
    sid: str | None = field(compare=False)
    allows: bool
    actions: tuple[str, ...]
    not_action: bool
    covers_action: Matcher = field(compare=False, repr=False)
    resources: Resources | None
    principal: PrincipalElement | None
    not_principal: bool
    conditions: tuple[AnyCondition, ...]

    @property
    def path(self) -> str:
        """Its place in the policy as a JSON pointer."""
        return f"/Statement/{self.index}"

    @property
    def effect(self) -> str:
        """`Allow` or `Deny`."""
        return "Allow" if self.allows else "Deny"

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """The policy variables in its resources and conditions."""
        templates = self.resources.templates if self.resources else ()
        in_resources = tuple(variable for template in templates for variable in variables_of(template))
        return in_resources + tuple(variable for test in self.conditions for variable in test.variables)

    @cached_property
    def resource_keys(self) -> frozenset[str]:
        """The keys that its resources hold as variables."""
        templates = self.resources.templates if self.resources else ()
        return frozenset(variable.key for template in templates for variable in variables_of(template))

    @cached_property
    def keys(self) -> frozenset[str]:
        """All condition keys it depends on, in lower case."""
        return self.resource_keys.union(*(test.keys for test in self.conditions))

    def covers_resource(self, resource: str, lookup: Lookup) -> Truth:
        """Whether its Resource or NotResource takes in this resource."""
        return True if self.resources is None else self.resources.cover(resource, lookup)

    def is_about(self, resource: str) -> bool:
        """Whether its only Resource is this very ARN, as SES demands of a sending authorization policy.

        https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policies.html
        """
        return (
            self.resources is not None and not self.resources.inverted and self.resources.texts == (resource,)
        )

    def applies(self, resource: str, lookup: Lookup) -> Truth:
        """Whether it takes in the resource and all its conditions hold."""
        truth = self.covers_resource(resource, lookup)
        for condition in self.conditions:
            if truth is False:
                return False
            held = condition.holds(lookup)
            truth = False if held is False else truth and held
        return truth

    def reach(self, principal: Principal) -> Reach:
        """How directly its Principal or NotPrincipal takes in this principal."""
        if self.principal is None:
            return Reach.DIRECT
        if not self.not_principal:
            return self.principal.reach(principal)
        spared = self.principal.reach(principal) if self.allows else self.principal.exempts(principal)
        return Reach.NONE if spared else Reach.DIRECT


@dataclass(frozen=True)
class Policy:
    """A compiled policy; made by `compile_policy`.

    Attributes:
        name: What answers call it; may be empty.
        version: `2012-10-17` or `2008-10-17`.
        statements: Its statements in order.
    """

    name: str
    version: str
    statements: tuple[Statement, ...]
