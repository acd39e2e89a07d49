"""The DNS records a domain needs to receive through SES and to send bounces that are believed."""

import pulumi

from components import regions

Record = dict[str, pulumi.Input[str]]
"""`name`, `type` and `value` as DNS has them, and `purpose`: what does not work while the record is
missing."""

_SPF = "v=spf1 include:amazonses.com ~all"
_DMARC = "v=DMARC1; p=none"
"""The policy that only observes: the domain's owner tightens it."""
_DKIM_TOKENS = 3
"""How many keys Easy DKIM uses:
https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dkim-easy.html"""


def receiving(
    domain: pulumi.Input[str], region: pulumi.Output[str], *, subdomains: bool
) -> dict[str, Record]:
    """The MX records that bring the domain's mail to SES, by a name for each."""
    exchanger = region.apply(lambda known: f"10 {regions.inbound_host(known)}")
    records = {"mx": _record(domain, "MX", exchanger, "receiving")}
    if subdomains:
        records["subdomains-mx"] = _record(pulumi.Output.concat("*.", domain), "MX", exchanger, "receiving")
    return records


def dkim(
    domain: pulumi.Input[str], region: pulumi.Output[str], tokens: pulumi.Output[list[str]]
) -> dict[str, Record]:
    """The CNAME records of Easy DKIM, which verify the identity and sign what it sends, by a name for
    each."""
    zone = region.apply(regions.dkim_zone)
    return {
        f"dkim-{index + 1}": _record(
            pulumi.Output.concat(tokens[index], "._domainkey.", domain),
            "CNAME",
            pulumi.Output.concat(tokens[index], ".", zone),
            "DKIM",
        )
        for index in range(_DKIM_TOKENS)
    }


def sending(
    domain: pulumi.Input[str], region: pulumi.Output[str], mail_from_domain: pulumi.Input[str]
) -> dict[str, Record]:
    """SPF and DMARC of the domain, and the records of its custom MAIL FROM domain, by a name for each."""
    feedback = region.apply(lambda known: f"10 {regions.feedback_host(known)}")
    return {
        "spf": _record(domain, "TXT", _SPF, "SPF"),
        "dmarc": _record(pulumi.Output.concat("_dmarc.", domain), "TXT", _DMARC, "DMARC"),
        "mail-from-mx": _record(mail_from_domain, "MX", feedback, "MAIL FROM"),
        "mail-from-spf": _record(mail_from_domain, "TXT", _SPF, "MAIL FROM"),
    }


def _record(name: pulumi.Input[str], kind: str, value: pulumi.Input[str], purpose: str) -> Record:
    return {"name": name, "type": kind, "value": value, "purpose": purpose}
