"""What SES decides during SMTP: whether any account takes mail for a recipient."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from moto.ses.models import ses_backends

from offline.receiving import inferred
from offline.receiving.conditions import matching
from offline.ses.addresses import split
from offline.ses.models import SESBackend


@dataclass(frozen=True)
class Reply:
    """An SMTP reply to RCPT TO."""

    code: int
    text: str

    @property
    def positive(self) -> bool:
        """Whether the recipient is accepted."""
        return self.code < 400


ACCEPTED = Reply(250, "2.1.5 Ok")


def accepts(region: str, recipient: str, client_address: str, *, tls: bool) -> Reply:
    """SES's reply to a recipient.

    Args:
        region: The Region whose inbound server is asked.
        recipient: The address in RCPT TO.
        client_address: The client's IP address.
        tls: Whether the connection is encrypted.
    """
    takers = [backend for backend in receiving_accounts(region) if any(rules_for(backend, (recipient,)))]
    if not takers:
        return Reply(*inferred.NO_SUCH_MAILBOX)
    admitting = [backend for backend in takers if backend.admits(client_address)]
    if not admitting:
        return Reply(*inferred.CLIENT_BLOCKED)
    if not tls and all(_insists_on_tls(backend, recipient) for backend in admitting):
        return Reply(*inferred.TLS_REQUIRED)
    return ACCEPTED


def receiving_accounts(region: str) -> Iterator[SESBackend]:
    """SES of every account that has an active rule set in the Region, by account ID.

    Several accounts may verify one domain: the rules of each are applied (DG, "Creating receipt rules").
    """
    for _, backend_region, backend in sorted(ses_backends.iter_backends(), key=itemgetter(0)):
        if backend_region == region and backend.describe_active_receipt_rule_set():
            yield backend


def rules_for(
    backend: SESBackend, recipients: tuple[str, ...]
) -> Iterator[tuple[Mapping[str, Any], tuple[str, ...]]]:
    """The enabled rules of the active set that match, in order, each with the recipients it matches."""
    own = tuple(address for address in recipients if backend.covering_domain(split(address)[1]))
    active = backend.describe_active_receipt_rule_set()
    for rule in active.rules if active else ():
        matched = matching(rule["Recipients"], own)
        if rule["Enabled"] and matched:
            yield rule, matched


def _insists_on_tls(backend: SESBackend, recipient: str) -> bool:
    return any(rule["TlsPolicy"] == "Require" for rule, _ in rules_for(backend, (recipient,)))
