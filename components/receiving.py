"""Which mail a receipt rule takes, and how the rules fit SES's quotas.

https://docs.aws.amazon.com/ses/latest/dg/receiving-email-receipt-rules-console-walkthrough.html#receiving-email-recipient-conditions
https://docs.aws.amazon.com/ses/latest/dg/quotas.html
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from components.errors import refuse
from lambda_src.address import a_labels
from lambda_src.errors import ConfigurationError
from lambda_src.settings import Settings

MAX_RULES = 200
"""Rules in one rule set."""
MAX_RECIPIENTS = 500
"""Recipient conditions of one rule."""


_RELEVANT = ("domain", "subdomains", "mode", "mailboxes", "mailboxTable", "rules", "otherwise")


def relevant(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a configuration on which the recipient conditions hang."""
    return {key: configuration[key] for key in _RELEVANT if key in configuration}


def conditions(configuration: Mapping[str, Any]) -> list[str]:
    """The recipient conditions of the handler's rule.

    When every address that matters is listed in full, they are those addresses, and SES itself refuses all
    others during SMTP: no bounce, no backscatter. Otherwise, and in observe mode (which must refuse nothing),
    they are the domain, and the handler decides.
    """
    listed = _listed(configuration)
    if listed is not None:
        return listed
    domain = a_labels(configuration["domain"])
    return [domain, f".{domain}"] if configuration.get("subdomains") else [domain]


def _listed(configuration: Mapping[str, Any]) -> list[str] | None:
    """Every address that exists or that a rule speaks of; None when they cannot all be listed."""
    if configuration.get("mode") == "observe" or configuration.keys() & {"mailboxTable", "otherwise"}:
        return None
    rules = configuration.get("rules", ())
    addresses = [
        *configuration.get("mailboxes", ()),
        *(a for rule in rules for a in rule.get("recipients", ())),
    ]
    if not configuration.get("mailboxes") or not all("@" in a and "*" not in a for a in addresses):
        return None
    return sorted(
        {f"{local}@{a_labels(domain)}" for local, _, domain in (a.rpartition("@") for a in addresses)}
    )


def decided_by_ses(static_bounces: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rule that keeps the handler from deciding on recipients whom a static bounce has answered already.

    SES goes on to the next rule after a bounce action, and its stop action would stop for the other
    recipients too.
    """
    recipients = [recipient for bounce in static_bounces for recipient in bounce["recipients"]]
    return [{"name": "staticBounces", "recipients": recipients, "action": "drop"}] if recipients else []


def errors(raw: Mapping[str, Any], decided: Settings) -> Iterator[ConfigurationError]:
    """What SES would refuse about the rule set."""
    bounces = raw.get("staticBounces", ())
    for number, bounce in enumerate(bounces):
        for index, condition in enumerate(bounce["recipients"]):
            if "*" in condition or not decided.owns(_some_domain(condition)):
                yield ConfigurationError(
                    f"staticBounces[{number}].recipients[{index}]",
                    condition,
                    f"must be {decided.domain} or its address or, with subdomains: true, the like below it",
                )
    rules = sum(
        len(split(recipients)) for recipients in (conditions(raw), *(b["recipients"] for b in bounces))
    )
    if rules > MAX_RULES:
        quota = f"SES takes {MAX_RULES} in a set; mailboxTable has no such limit"
        yield ConfigurationError("mailboxes", f"{rules} receipt rules of {MAX_RECIPIENTS} recipients", quota)


def _some_domain(condition: str) -> str:
    domain = a_labels(condition.rpartition("@")[2])
    return f"any{domain}" if domain.startswith(".") else domain


def split(recipients: Sequence[str]) -> list[list[str]]:
    """The recipient conditions, split into as few rules as SES's quota allows."""
    return [
        list(recipients[start : start + MAX_RECIPIENTS])
        for start in range(0, len(recipients), MAX_RECIPIENTS)
    ]


def within_one_rule(recipients: Sequence[str]) -> Sequence[str]:
    """The recipient conditions, if one rule takes them; they were not known when the rules were planned."""
    if len(recipients) > MAX_RECIPIENTS:
        fix = f"SES takes {MAX_RECIPIENTS} in a rule; more are split over several if known at preview"
        refuse([ConfigurationError("mailboxes", f"{len(recipients)} recipients", fix)])
    return recipients
