"""What AWS would refuse about a configuration, or never apply, and the schema alone cannot see."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from components import grants, identities, receiving, regions, schema
from lambda_src import settings
from lambda_src.errors import ConfigurationError

_RECEIVING_KEYS = frozenset(
    {
        "mailboxes",
        "mailboxTable",
        "rules",
        "otherwise",
        "deliver",
        "staticBounces",
        "ruleSet",
        "activate",
        "bounceSenderArn",
        "recipientArns",
    }
)


def receives(raw: Mapping[str, Any]) -> bool:
    """Whether mail is received here; an identity owner's stack has grants and no key about receiving."""
    said = {key for key, value in raw.items() if value is not None and value is not False}
    return "grants" not in raw or bool(_RECEIVING_KEYS & said)


def decision(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The part of the configuration by which the functions decide: their `configuration.json`."""
    return {key: raw[key] for key in settings.KEYS if key in raw}


def accepts(raw: Mapping[str, Any]) -> bool:
    """Whether there is mail that the functions neither bounce nor drop."""
    if raw.get("mode") == "observe" or raw.get("mailboxes") or "mailboxTable" in raw:
        return True
    otherwise = raw.get("otherwise", {"action": "bounce" if "mailboxes" in raw else "accept"})
    return any(one["action"] == "accept" for one in (otherwise, *raw.get("rules", ())))


def errors(raw: Mapping[str, Any], region: str | None) -> list[ConfigurationError]:
    """Every mistake in the configuration; what hangs on a mistaken value is not looked at.

    Args:
        raw: the configuration, keys as in Pulumi.<environment>.yaml.
        region: where it is deployed to; None while that is not known.
    """
    found = [error for error in schema.errors(raw) if _key(error) not in settings.KEYS]
    try:
        decided = settings.read(decision(raw))
    except ConfigurationError as error:
        return [*found, error]
    wrong = {_key(error) for error in found}
    sound = {key: value for key, value in raw.items() if key not in wrong}
    found += identity_errors(decided, region)
    found += _combinations(sound, decided)
    found += _regions(sound, region)
    found += receiving.errors(sound, decided)
    found += grants.errors(decided.domain, sound.get("grants", []), decided.bounce_sender)
    return found


def _key(error: ConfigurationError) -> str:
    return re.split(r"[.\[]", error.path)[0]


def identity_errors(decided: settings.Settings, region: str | None) -> Iterator[ConfigurationError]:
    """Identities that could not authorise what they are named for, as SES would only say at run time."""
    sender = decided.bounce_sender
    if decided.bounce_sender_arn is None and not identities.covers(decided.domain, sender):
        yield ConfigurationError(
            "bounceSender",
            sender,
            f"must be an address of {decided.domain}, unless bounceSenderArn names the identity it is of",
        )
    arns = {f"recipientArns.{subject}": (subject, arn) for subject, arn in decided.recipient_arns.items()}
    if decided.bounce_sender_arn is not None:
        arns["bounceSenderArn"] = (sender, decided.bounce_sender_arn)
    for path, (subject, arn) in arns.items():
        identity = identities.parse(arn)
        if identity is None or not identities.covers(identity.identity, subject):
            yield ConfigurationError(
                path, arn, f"must be the ARN of {subject}, its domain or a parent of that domain"
            )
        elif region and identity.region != region:
            yield ConfigurationError(path, arn, f"must be in {region}: SES authorises within one Region")


def _combinations(raw: Mapping[str, Any], decided: settings.Settings) -> Iterator[ConfigurationError]:
    if raw.get("createMailboxTable") and decided.mailbox_table is None:
        yield ConfigurationError("createMailboxTable", True, "needs mailboxTable, the name of the table")
    if "replaceActive" in raw and not raw.get("activate"):
        yield ConfigurationError("replaceActive", raw["replaceActive"], "goes with activate: true only")
    mail_from = raw.get("mailFromDomain")
    if mail_from and not identities.below(decided.domain, mail_from):
        yield ConfigurationError("mailFromDomain", mail_from, f"must be a subdomain of {decided.domain}")
    deliver = raw.get("deliver")
    if deliver is not None:
        if not deliver.keys() & {"bucket", "topicArn", "functionArn"}:
            yield ConfigurationError("deliver", deliver, "must name a bucket, topicArn or functionArn")
        if "prefix" in deliver and "bucket" not in deliver:
            yield ConfigurationError("deliver.prefix", deliver["prefix"], "goes with bucket only")


def _regions(raw: Mapping[str, Any], region: str | None) -> Iterator[ConfigurationError]:
    if region is None:
        return
    if receives(raw) and region not in regions.RECEIVING:
        fix = f"SES does not receive in this Region; it does in {', '.join(sorted(regions.RECEIVING))}"
        yield ConfigurationError("aws:region", region, fix)
    deliver = raw.get("deliver", {})
    arns = {
        "deliver.topicArn": deliver.get("topicArn"),
        "deliver.functionArn": deliver.get("functionArn"),
        "alarmTopicArn": raw.get("alarmTopicArn"),
        "powertoolsLayerArn": raw.get("powertoolsLayerArn"),
    }
    for path, arn in arns.items():
        if arn is not None and arn.split(":")[3] != region:
            yield ConfigurationError(path, arn, f"must be in {region}, where it is used")
