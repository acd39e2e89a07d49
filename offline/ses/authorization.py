"""Which identities a call uses, and which policies their owners attached: for those who authorize calls."""

from collections.abc import Mapping
from typing import Any

from moto.ses.models import ses_backends

from offline.ses.addresses import normalise
from offline.ses.models import SESBackend

# The parameters of the v1 API that name an address to send from, each with the one that names its identity.
_SENDERS = {"BounceSender": "BounceSenderArn", "Source": "SourceArn"}


def required_authorizations(
    account_id: str, region: str, parameters: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """The identities whose use a sending call needs, each with the account that owns it.

    Without an ARN it is the caller's own identity that covers the sender: the address, else its domain,
    else a domain above; that AWS takes the most specific one, and the address itself when none is verified,
    is inferred.

    Args:
        account_id: The caller's account.
        region: Where it calls.
        parameters: The call's parameters as in boto3, of SendBounce, SendEmail or SendRawEmail.
    """
    backend: SESBackend = ses_backends[account_id][region]
    arns = [
        parameters.get(arn) or _own_identity(backend, parameters[sender])
        for sender, arn in _SENDERS.items()
        if sender in parameters
    ]
    recipients = parameters.get("BouncedRecipientInfoList", [])
    arns += [info["RecipientArn"] for info in recipients if "RecipientArn" in info]
    return [(arn, owner(arn)) for arn in dict.fromkeys(arns)]


def owner(identity_arn: str) -> str:
    """The account in an identity's ARN; empty if it is no ARN."""
    fields = identity_arn.split(":", 5)
    return fields[4] if len(fields) == 6 else ""


def identity_policies(identity_arn: str) -> list[tuple[str, str]]:
    """The names and documents of an identity's sending authorization policies; none if it does not exist."""
    fields = identity_arn.split(":", 5)
    if len(fields) != 6 or fields[3] not in ses_backends[fields[4]]:
        return []
    backend: SESBackend = ses_backends[fields[4]][fields[3]]
    identity = backend.email_identities.get(normalise(fields[5].removeprefix("identity/")))
    return list(identity.policies.items()) if identity else []


def _own_identity(backend: SESBackend, sender: str) -> str:
    identity = backend.covering_identity(sender)
    return backend.identity_arn(identity.email_identity if identity else normalise(sender))
