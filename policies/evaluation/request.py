"""One call to authorise."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from policies.evaluation.carried_keys import never_carried
from policies.evaluation.principals import ABSENT, Principal


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
