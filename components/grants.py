"""`grants`: what the owner of an identity lets others do with it, read into policies."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from components import schema
from components.identities import IdentityArn
from lambda_src.errors import ConfigurationError
from policies.documents import SEND_BOUNCE, Grant, PolicyTooLargeError, packed

_SENDING = ("SendBounce", "SendEmail", "SendRawEmail", "SendTemplatedEmail", "SendBulkTemplatedEmail")
"""The actions that carry `ses:FromAddress`, on which every statement hangs."""
_SIDS = {"bounceSender": "BounceSender", "recipient": "BounceRecipient"}
_LONGEST_REGION = "ap-northeast-1"


def read(identity: str, grants: Sequence[Mapping[str, Any]], bounce_sender: str) -> list[list[Grant]]:
    """The grants, as many to a policy as SES takes.

    Args:
        identity: the domain or address whose owner grants.
        bounce_sender: the From address of a grant that names none.

    Raises:
        PolicyTooLargeError: they do not fit in SES's quotas.
    """
    longest_arn = str(IdentityArn(_LONGEST_REGION, "0" * 12, identity))
    return packed(longest_arn, [_grant(grant, bounce_sender) for grant in grants])


def errors(
    identity: str, grants: Sequence[Mapping[str, Any]], bounce_sender: str
) -> Iterator[ConfigurationError]:
    """What SES would refuse about the grants, and those that could never apply."""
    malformed = list(schema.key_errors("grants", grants))
    yield from malformed
    if malformed:
        return
    unusable = [
        error
        for index, grant in enumerate(grants)
        for error in _unusable(f"grants[{index}]", identity, grant)
    ]
    yield from unusable
    if not unusable:
        try:
            read(identity, grants, bounce_sender)
        except PolicyTooLargeError as error:
            yield ConfigurationError("grants", f"{len(grants)} grants", str(error))


def _grant(grant: Mapping[str, Any], bounce_sender: str) -> Grant:
    return Grant(
        principals=(grant.get("accountId") or grant["roleArn"],),
        addresses=tuple(grant.get("addresses", [bounce_sender])),
        actions=tuple(grant.get("actions", [SEND_BOUNCE])),
        sid=_SIDS[grant.get("authorizes", "bounceSender")],
    )


def _unusable(path: str, identity: str, grant: Mapping[str, Any]) -> Iterator[ConfigurationError]:
    if ("accountId" in grant) == ("roleArn" in grant):
        yield ConfigurationError(path, dict(grant), "must name either accountId or roleArn")
    for index, action in enumerate(grant.get("actions", ())):
        if not _may_apply(action):
            fix = f"can never apply: it is not among {', '.join(_SENDING)}"
            yield ConfigurationError(f"{path}.actions[{index}]", action, fix)
    if grant.get("authorizes") == "recipient":
        if "addresses" not in grant:
            yield ConfigurationError(
                f"{path}.addresses",
                None,
                "is required: say from which addresses the bounces for its recipients come",
            )
        return
    for index, pattern in enumerate(grant.get("addresses", ())):
        if not _may_send(identity, pattern):
            yield ConfigurationError(
                f"{path}.addresses[{index}]",
                pattern,
                f"can never apply: {identity} has no such address (for bounces to its recipients, say "
                "authorizes: recipient)",
            )


def _may_apply(action: str) -> bool:
    return any(overlap(action.lower(), f"ses:{sending}".lower()) for sending in _SENDING)


def _may_send(identity: str, pattern: str) -> bool:
    if "@" in identity:
        return overlap(pattern.lower(), identity.lower())
    domain = identity.lower()
    return overlap(pattern.lower(), f"*@{domain}") or overlap(pattern.lower(), f"*@*.{domain}")


def overlap(left: str, right: str) -> bool:
    """Whether some text matches both patterns, in which `*` is any text and `?` any character, as in IAM.

    From the end: `rest[j]` says it of what follows in `left` and of `right[j:]`.
    """
    rest = [not right[j:].strip("*") for j in range(len(right) + 1)]
    for one in reversed(left):
        longer = [False] * len(right) + [one == "*" and rest[-1]]
        for j, other in reversed(list(enumerate(right))):
            if "*" in (one, other):
                longer[j] = rest[j] or longer[j + 1]
            else:
                longer[j] = (one == other or "?" in (one, other)) and rest[j + 1]
        rest = longer
    return rest[0]
