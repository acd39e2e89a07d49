"""What is decided: a request, policies, and which statements apply."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from policies.evaluation.carried_keys import never_carried
from policies.evaluation.conditions import AnyCondition
from policies.evaluation.errors import PolicyError
from policies.evaluation.logic import Truth, either, negate
from policies.evaluation.patterns import Matcher, glob_matcher
from policies.evaluation.principal_elements import PrincipalElement, Reach
from policies.evaluation.principals import ABSENT, Principal
from policies.evaluation.templates import (
    Lookup,
    Pattern,
    Template,
    Unresolved,
    Variable,
    resolve,
    variables_of,
)

Source = Literal["identity", "resource", "boundary", "session", "scp", "rcp"]
"""The kind of policy a statement stands in."""


@dataclass(frozen=True)
class Request:
    """One call to authorise.

    Attributes:
        principal: Who makes it.
        action: `service:Action`, in any case.
        resource: The resource's ARN, or `*` where the action has none.
        resource_account: The account that owns the resource; None: the one in its ARN, else the caller's.
        context: Values of condition keys; names in any case, `()` for a key known to be absent.
        complete: Whether every key that is not in `context` is absent; otherwise it is unknown, unless the
            principal implies it or AWS documents that the action never carries it.
    """

    principal: Principal
    action: str
    resource: str
    resource_account: str | None
    context: Mapping[str, tuple[str, ...]]
    complete: bool = True
    action_name: str = field(init=False, repr=False, compare=False)
    """The action in lower case, as actions are compared."""
    known_keys: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    """The keys that the context or the principal settles, in lower case."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "action_name", self.action.lower())
        known = self.principal.implied_keys.copy()
        for key, values in self.context.items():
            known[key.lower()] = values
        object.__setattr__(self, "known_keys", known)

    @property
    def service(self) -> str:
        """The action's service prefix in lower case."""
        return self.action_name.partition(":")[0]

    @property
    def owner(self) -> str | None:
        """The account that owns the resource, None where nothing says so."""
        if self.resource_account:
            return self.resource_account
        parts = self.resource.split(":", 5)
        account = parts[4] if len(parts) == 6 else ""
        return account or self.principal.account

    @property
    def is_ses_identity(self) -> bool:
        """Whether the resource is an identity of Amazon SES."""
        return self.service == "ses" and ":identity/" in self.resource

    def lookup(self, key: str) -> tuple[str, ...] | None:
        """The values of a key given in lower case: `()` when absent, None when unknown."""
        values = self.known_keys.get(key)
        if values is None and (self.complete or never_carried(self.action_name, key)):
            return ABSENT
        return values


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


@dataclass(frozen=True)
class StatementRef:
    """A statement that took part in a decision.

    Attributes:
        source: What kind of policy it stands in.
        policy: The policy's name.
        index: Its place in the policy, from 0.
        sid: Its Sid, if any.
        effect: `Allow` or `Deny`.
    """

    source: Source
    policy: str
    index: int
    sid: str | None
    effect: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A statement in the place where it counts."""

    statement: Statement
    ref: StatementRef


Level = tuple[Policy, ...]
"""The organization policies attached at one level: the root, an organizational unit, or the account."""


@dataclass(frozen=True)
class PolicySet:
    """The policies that apply to a request.

    Attributes:
        identity: Of the calling user (with its groups) or role.
        resource: Of the resource; for SES, of the identity whose ARN is passed.
        boundaries: The permissions boundary; none: no limit.
        session: Passed when the session was made; none: no limit, but for a federated user no permission.
        scps: Service control policies of the caller's account, level by level; each level must allow.
        rcps: Resource control policies of the owner's account, level by level.

    Raises:
        PolicyError: A Principal where none belongs, or none where one must stand.
    """

    identity: tuple[Policy, ...] = ()
    resource: tuple[Policy, ...] = ()
    boundaries: tuple[Policy, ...] = ()
    session: tuple[Policy, ...] = ()
    scps: tuple[Level, ...] = ()
    rcps: tuple[Level, ...] = ()
    rules: Mapping[Source, tuple[tuple[Rule, ...], ...]] = field(init=False, repr=False, compare=False)
    """All statements by source, and for organization policies by level."""

    def __post_init__(self) -> None:
        levels: dict[Source, tuple[Level, ...]] = {
            "identity": (self.identity,),
            "resource": (self.resource,),
            "boundary": (self.boundaries,),
            "session": (self.session,),
            "scp": self.scps,
            "rcp": self.rcps,
        }
        rules = {source: tuple(_rules(source, level) for level in found) for source, found in levels.items()}
        object.__setattr__(self, "rules", rules)


def _rules(source: Source, level: Level) -> tuple[Rule, ...]:
    for policy in level:
        _check(policy, names_principals=source in ("resource", "rcp"))
    return tuple(
        Rule(statement, StatementRef(source, policy.name, statement.index, statement.sid, statement.effect))
        for policy in level
        for statement in policy.statements
    )


def _check(policy: Policy, *, names_principals: bool) -> None:
    for statement in policy.statements:
        if names_principals and statement.principal is None:
            raise PolicyError(statement.path, "a resource-based policy names its principals", policy.name)
        if statement.principal is not None and not names_principals:
            raise PolicyError(statement.path, "only resource-based policies name principals", policy.name)
        if statement.resources is None and not names_principals:
            raise PolicyError(statement.path, "Resource or NotResource is missing", policy.name)
