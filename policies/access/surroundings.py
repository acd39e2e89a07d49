"""What else must hold for what policies say to show in a decision."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from policies.evaluation.parsing import compile_policy
from policies.evaluation.policy_set import PolicySet
from policies.evaluation.principals import Kind
from policies.evaluation.request import Request
from policies.evaluation.statements import Policy


@dataclass(frozen=True)
class Surroundings:
    """Other policies that apply to a request, beside those whose effect is asked for.

    Attributes:
        words: What they do, to follow a statement; empty where there are none.
        others: The other policies.
        resource_based: Whether the policies in question are resource-based.
    """

    words: str
    others: PolicySet
    resource_based: bool

    def including(self, policies: tuple[Policy, ...]) -> PolicySet:
        """The policies in question together with the others."""
        if self.resource_based:
            return replace(self.others, resource=policies + self.others.resource)
        return replace(self.others, identity=policies + self.others.identity)


def surroundings(request: Request, *, resource_based: bool) -> Iterator[Surroundings]:
    """Surroundings in which policies can make a difference for this request, the plainest first."""
    yield Surroundings("", PolicySet(), resource_based)
    if not resource_based:
        yield Surroundings(
            "where another policy allows it", PolicySet(identity=(_allowing(),)), resource_based
        )
        return
    # A federated user has no permissions without a session policy.
    session = (_allowing(),) if request.principal.kind is Kind.FEDERATED_USER else ()
    own = PolicySet(identity=(_allowing(),), session=session)
    yield Surroundings("where the caller's own account allows it", own, resource_based)
    others = replace(own, resource=(_allowing(request.resource, Principal="*"),))
    yield Surroundings("where another policy of the resource allows it", others, resource_based)
    limited = PolicySet(session=(_allowing("arn:aws:none:::none"),))
    yield Surroundings("even where the session's own policy does not allow it", limited, resource_based)


def _allowing(resource: str = "*", **elements: str) -> Policy:
    statement = {"Effect": "Allow", "Action": "*", "Resource": resource, **elements}
    return compile_policy({"Version": "2012-10-17", "Statement": statement}, name="another policy")
