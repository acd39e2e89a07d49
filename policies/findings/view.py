"""What the rules look at: a subject's policies compiled, and what they allow, worked out once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from policies.access import Access, Grant, who_can
from policies.evaluation import Kind, Policy, PolicySet, Principal, Request, compile_policy, decide
from policies.evaluation.carried_keys import never_carried
from policies.evaluation.json_text import load
from policies.evaluation.statements import Statement
from policies.findings.actions import MANAGEMENT, covered, known
from policies.findings.model import Document, Finding, Place, Rule, Subject, Trust

_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
_ANYTHING = compile_policy(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)


@dataclass(frozen=True)
class Placed:
    """A statement where it stands.

    Attributes:
        statement: Compiled.
        written: As the policy writes it.
        document: The policy.
        policy: The policy compiled; its name is its number, which tells policies of one name apart.
    """

    statement: Statement
    written: Mapping[str, Any]
    document: Document
    policy: Policy
    place: Place

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from all other statements of the subject."""
        return self.policy.name, self.statement.index

    @property
    def label(self) -> str:
        """What a message calls it."""
        return f"statement {self.place.sid or self.place.index + 1}"


@dataclass(frozen=True)
class View:
    """A subject with all that the rules ask about it.

    Attributes:
        subject: The identity or role.
        policies: Its policies compiled, without statements whose time is over.
        statements: All statements, those too.
        trust: The accounts that are known.
        now: The time of the audit.
    """

    subject: Subject
    policies: tuple[Policy, ...]
    statements: tuple[Placed, ...]
    trust: Trust
    now: datetime

    @cached_property
    def owner(self) -> str:
        """The account of the identity or role."""
        return self.subject.arn.split(":")[4]

    @cached_property
    def name(self) -> str:
        """The identity's domain or address."""
        return self.subject.arn.rpartition("/")[2]

    @cached_property
    def allows(self) -> tuple[Placed, ...]:
        """The Allow statements."""
        return tuple(placed for placed in self.statements if placed.statement.allows)

    @cached_property
    def access(self) -> tuple[tuple[str, Access], ...]:
        """Who may, for one action of each kind that the statements tell apart."""
        return self.access_by(self.policies)

    @cached_property
    def grants(self) -> tuple[tuple[str, Grant], ...]:
        """All grants, each with its action."""
        return tuple((action, grant) for action, access in self.access for grant in access.grants)

    @cached_property
    def effective(self) -> frozenset[tuple[str, int]]:
        """The keys of the statements by which anything is granted."""
        return frozenset(placed.key for _, grant in self.grants for placed in self.placed(grant))

    def alone(self, placed: Placed) -> tuple[Access, ...]:
        """Who may by one statement, were it the only one."""
        if len(self.statements) == 1:
            return tuple(access for _, access in self.access)
        single = replace(placed.policy, statements=(placed.statement,))
        return tuple(access for _, access in self.access_by((single,)))

    def access_by(self, policies: Sequence[Policy]) -> tuple[tuple[str, Access], ...]:
        """Who may by these policies, for one action of each kind that the statements tell apart."""
        asked = (*policies, *self._markers)
        return tuple((action, who_can(asked, action, self.subject.arn)) for action in self._actions(policies))

    def placed(self, grant: Grant) -> Iterator[Placed]:
        """The statements by which something is granted."""
        for ref in grant.statements:
            yield self._by_ref[ref.policy, ref.index]

    @cached_property
    def _by_ref(self) -> dict[tuple[str, int], Placed]:
        return {placed.key: placed for placed in self.statements}

    def is_foreign(self, principal: Principal) -> bool:
        """Whether it is anybody but a service or a principal of a known account."""
        if principal.kind is Kind.SERVICE:
            return False
        account = account_of(principal)
        return account is None or not self.is_known(account)

    def is_known(self, account: str) -> bool:
        """Whether it is the owner's account or one of the trust list."""
        return account == self.owner or self.trust.knows(account)

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """All accounts that the policies mention."""
        return frozenset(_ACCOUNT.findall(str([document.content for document in self.subject.documents])))

    def lets(self, request: Request) -> bool:
        """Whether the policies allow the request once the caller's own account does too."""
        session = (_ANYTHING,) if request.principal.kind is Kind.FEDERATED_USER else ()
        around = PolicySet(identity=(_ANYTHING,), session=session, resource=self.policies)
        return decide(request, around).decision == "allowed"

    def finding(
        self,
        rule: Rule,
        placed: Placed,
        message: str,
        *,
        witness: Request | None = None,
        fix: Mapping[str, Any] | None = None,
    ) -> Finding:
        """A finding at a statement."""
        sentence = message[:1].upper() + message[1:]
        return Finding(rule, self.subject.arn, placed.document, placed.place, sentence, witness, fix)

    @cached_property
    def _markers(self) -> tuple[Policy, ...]:
        """Statements about no action, which only keep known, unknown and unmentioned accounts apart."""
        known_ones = {account for account in self.mentioned if self.is_known(account)}
        sides = [sorted(side) for side in (known_ones, self.mentioned - known_ones) if side]
        statements = [
            {
                "Effect": "Allow",
                "Principal": {"AWS": side},
                "Action": "none:None",
                "Resource": self.subject.arn,
            }
            for side in sides
        ]
        if not statements:
            return ()
        return (compile_policy({"Version": "2012-10-17", "Statement": statements}, name="marker"),)

    def _actions(self, policies: Sequence[Policy]) -> list[str]:
        statements = [statement for policy in policies for statement in policy.statements]
        taken_in = [covered(statement) for statement in statements]
        allowed = frozenset[str]().union(
            *(actions for actions, statement in zip(taken_in, statements, strict=True) if statement.allows)
        )
        keys = {key for statement in statements for key in statement.keys}
        chosen: dict[tuple[object, ...], str] = {}
        for action in known():
            if action in allowed:
                covering = tuple(action in actions for actions in taken_in)
                missing = frozenset(key for key in keys if never_carried(action.lower(), key))
                chosen.setdefault((covering, missing, action in MANAGEMENT), action)
        return list(chosen.values())


def account_of(principal: Principal) -> str | None:
    """The account of a principal, also of an identity provider; None: nobody's."""
    if principal.account is None and principal.name.startswith("arn:"):
        return principal.name.split(":")[4]
    return principal.account


def place(documents: Sequence[tuple[Document, Policy]]) -> Iterator[Placed]:
    """All statements of policies, each with its text and place."""
    for document, policy in documents:
        content = load(document.content) if isinstance(document.content, str) else document.content
        written = content["Statement"]
        listed = written if isinstance(written, list) else [written]
        for statement in policy.statements:
            pointer = statement.path if listed is written else "/Statement"
            where = Place(statement.index, statement.sid, pointer)
            yield Placed(statement, listed[statement.index], document, policy, where)
