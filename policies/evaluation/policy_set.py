"""The policies that apply to a request, each kind in its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from policies.evaluation.errors import PolicyError
from policies.evaluation.statements import Policy, Statement

Source = Literal["identity", "resource", "boundary", "session", "scp", "rcp"]
"""The kind of policy a statement stands in."""


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
