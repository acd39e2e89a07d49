"""Who makes a request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache


class Kind(Enum):
    """What sort of principal makes the request."""

    ACCOUNT = "account root user"
    USER = "IAM user"
    ROLE = "role"
    SESSION = "role session"
    FEDERATED_USER = "federated user"
    IDENTITY_PROVIDER = "identity provider"
    SERVICE = "AWS service"
    ANONYMOUS = "anonymous"


ABSENT: tuple[str, ...] = ()
_ARN = re.compile(r"arn:(aws[a-z-]*):(iam|sts)::(\d{12}|cloudfront):(.+)")
_ACCOUNT = re.compile(r"\d{12}")
_UNIQUE_ID = re.compile(r"A(?:IDA|ROA)[A-Z0-9]{12,}")
_SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_WEB_PROVIDERS = frozenset(
    {"accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"}
)
_KINDS = {
    "user": Kind.USER,
    "role": Kind.ROLE,
    "assumed-role": Kind.SESSION,
    "federated-user": Kind.FEDERATED_USER,
    "saml-provider": Kind.IDENTITY_PROVIDER,
    "oidc-provider": Kind.IDENTITY_PROVIDER,
}
_SERVICE_OF_KIND = {Kind.SESSION: "sts", Kind.FEDERATED_USER: "sts"}
_PRINCIPAL_TYPES = {
    Kind.ACCOUNT: "Account",
    Kind.USER: "User",
    Kind.ROLE: "AssumedRole",
    Kind.SESSION: "AssumedRole",
    Kind.FEDERATED_USER: "FederatedUser",
    Kind.ANONYMOUS: "Anonymous",
}


@dataclass(frozen=True)
class Principal:
    """Who makes a request; made by `parse_principal`.

    A role's ARN stands for a session of that role under a name that no policy mentions.

    Attributes:
        kind: What sort of principal.
        name: The ARN, the service's name, or `*`; an account's root user has the ARN `…:root`.
        account: The twelve digits; None for services, identity providers and anonymous callers.
        partition: `aws`, `aws-cn`, …
    """

    kind: Kind
    name: str
    account: str | None = None
    partition: str = "aws"

    @property
    def is_service_linked(self) -> bool:
        """Whether it is a service-linked role, which neither SCPs nor RCPs limit."""
        return self.role is not None and self.role.startswith("AWSServiceRoleFor")

    @cached_property
    def role(self) -> str | None:
        """The friendly name of the role behind a role or session, unique in its account."""
        if self.kind is Kind.ROLE:
            return self.name.rpartition("/")[2]
        return self.name.split("/")[1] if self.kind is Kind.SESSION else None

    @property
    def arn(self) -> str:
        """The value of aws:PrincipalArn: for a session the ARN of its role.

        A session's own ARN leaves out the role's path: where there is one, the request gives the key itself.
        """
        if self.kind is Kind.SESSION:
            return f"arn:{self.partition}:iam::{self.account}:role/{self.role}"
        return self.name

    @cached_property
    def implied_keys(self) -> dict[str, tuple[str, ...]]:
        """The condition keys that this principal settles, in lower case; `()` for those it never carries.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        """
        last = self.name.rpartition("/")[2]
        keys = {
            "aws:username": (last,) if self.kind is Kind.USER else ABSENT,
            "aws:principalisawsservice": ("true" if self.kind is Kind.SERVICE else "false",),
            "aws:principalservicename": (self.name,) if self.kind is Kind.SERVICE else ABSENT,
        }
        if self.kind in _PRINCIPAL_TYPES:
            keys["aws:principaltype"] = (_PRINCIPAL_TYPES[self.kind],)
        if self.kind is Kind.IDENTITY_PROVIDER:
            return keys
        if self.account is None:
            keys |= dict.fromkeys(("aws:principalarn", "aws:principalaccount", "aws:principalorgid"), ABSENT)
        else:
            keys |= {"aws:principalarn": (self.arn,), "aws:principalaccount": (self.account,)}
        if self.kind is Kind.ANONYMOUS:
            keys |= {"aws:principalaccount": ("anonymous",), "aws:userid": ("anonymous",)}
            keys["aws:principalisawsservice"] = ABSENT
        elif self.kind is Kind.ACCOUNT and self.account:
            keys["aws:userid"] = (self.account,)
        elif self.kind is Kind.FEDERATED_USER:
            keys["aws:userid"] = (f"{self.account}:{last}",)
        return keys


@lru_cache(maxsize=4096)
def parse_principal(text: str) -> Principal:
    """The principal that an ARN, an account ID, a service's name or `*` stands for.

    Raises:
        ValueError: It is none of them, or a deleted principal (AIDA…, AROA…), which makes no requests.
    """
    if text == "*":
        return Principal(Kind.ANONYMOUS, text)
    if _ACCOUNT.fullmatch(text):
        return Principal(Kind.ACCOUNT, f"arn:aws:iam::{text}:root", text)
    if match := _ARN.fullmatch(text):
        partition, service, account, resource = match.groups()
        if (service, resource) == ("iam", "root"):
            return Principal(Kind.ACCOUNT, text, account, partition)
        word, _, name = resource.partition("/")
        kind = _KINDS.get(word)
        complete = name.count("/") == 1 and not name.startswith("/") if kind is Kind.SESSION else True
        if kind and name.rpartition("/")[2] and complete and _SERVICE_OF_KIND.get(kind, "iam") == service:
            provider = kind is Kind.IDENTITY_PROVIDER
            return Principal(kind, text, None if provider else account, partition)
    elif text in _WEB_PROVIDERS:
        return Principal(Kind.IDENTITY_PROVIDER, text)
    elif _SERVICE.fullmatch(text):
        return Principal(Kind.SERVICE, text)
    if _UNIQUE_ID.fullmatch(text):
        raise ValueError(f"{text} is the ID of a deleted principal, which makes no requests")
    raise ValueError(f"{text!r} is no principal: an ARN of IAM or STS, an account ID, a service or *")
