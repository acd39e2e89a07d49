"""Receiving with Amazon SES: rule sets, rules, the active set (the SES API v1)."""

from collections.abc import Mapping

from offline.provider.aws import Aws
from offline.provider.errors import ProviderError
from offline.provider.kinds import Boolean, Integer, ListOf, Object, String
from offline.provider.mapping import from_api, to_api
from offline.provider.schema import Autoname, Function, Property, ResourceType
from offline.provider.wire import Json

_NAME = String(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?")
"""Names of rules and rule sets: 64 of letters, digits, ``_``, ``.``, ``-``, at the ends letters or digits."""

_ARN = String(r"arn:.+")

_ACTIONS: Mapping[str, tuple[str, Mapping[str, Property]]] = {
    "addHeaderActions": (
        "AddHeaderAction",
        {
            "headerName": Property(String(r"[A-Za-z0-9-]{1,50}"), required=True),
            "headerValue": Property(String(r"[^\r\n]{0,2048}"), required=True),
        },
    ),
    "bounceActions": (
        "BounceAction",
        {
            "message": Property(required=True),
            "sender": Property(required=True),
            "smtpReplyCode": Property(required=True),
            "statusCode": Property(),
            "topicArn": Property(_ARN),
        },
    ),
    "lambdaActions": (
        "LambdaAction",
        {
            "functionArn": Property(_ARN, required=True),
            "invocationType": Property(String(allowed=("Event", "RequestResponse")), default="Event"),
            "topicArn": Property(_ARN),
        },
    ),
    "s3Actions": (
        "S3Action",
        {
            "bucketName": Property(required=True),
            "iamRoleArn": Property(_ARN),
            "kmsKeyArn": Property(_ARN),
            "objectKeyPrefix": Property(),
            "topicArn": Property(_ARN),
        },
    ),
    "snsActions": (
        "SNSAction",
        {
            "encoding": Property(String(allowed=("UTF-8", "Base64")), default="UTF-8"),
            "topicArn": Property(_ARN, required=True),
        },
    ),
    "stopActions": (
        "StopAction",
        {
            "scope": Property(String(allowed=("RuleSet",)), required=True),
            "topicArn": Property(_ARN),
        },
    ),
}
"""AWS's name and the properties of each kind of action; their ``position`` is the order in AWS's one list."""

_POSITION = Property(Integer(minimum=1), required=True)

_RULE: Mapping[str, Property] = {
    "name": Property(_NAME, replaces=True, autoname=Autoname()),
    "enabled": Property(Boolean(), default=False),
    "recipients": Property(ListOf(String(), ordered=False)),
    "scanEnabled": Property(Boolean(), default=False),
    "tlsPolicy": Property(String(allowed=("Optional", "Require")), computed=True),
}


def _rule_to_api(inputs: Json) -> Json:
    actions = [
        (action["position"], {api: to_api(fields, action)})
        for key, (api, fields) in _ACTIONS.items()
        for action in inputs.get(key, [])
    ]
    ordered = [action for _, action in sorted(actions, key=lambda each: each[0])]
    return {**to_api(_RULE, inputs), "Actions": ordered}


def _rule_from_api(rule: Json) -> Json:
    found = from_api(_RULE, rule)
    for position, action in enumerate(rule.get("Actions", []), start=1):
        for key, (api, fields) in _ACTIONS.items():
            if api in action:
                found.setdefault(key, []).append({**from_api(fields, action[api]), "position": position})
    return found


def _create_rule(aws: Aws, inputs: Json) -> str:
    after = {"After": inputs["after"]} if "after" in inputs else {}
    aws.client("ses").create_receipt_rule(
        RuleSetName=inputs["ruleSetName"], Rule=_rule_to_api(inputs), **after
    )
    return str(inputs["name"])


def _read_rule(aws: Aws, resource_id: str, known: Json) -> Json:
    rule_set = known["ruleSetName"]
    answer = aws.client("ses").describe_receipt_rule(RuleSetName=rule_set, RuleName=resource_id)
    arn = aws.arn("ses", f"receipt-rule-set/{rule_set}:receipt-rule/{resource_id}")
    return {**_rule_from_api(answer["Rule"]), "ruleSetName": rule_set, "arn": arn}


def _update_rule(aws: Aws, resource_id: str, olds: Json, news: Json) -> None:
    ses = aws.client("ses")
    ses.update_receipt_rule(RuleSetName=news["ruleSetName"], Rule=_rule_to_api(news))
    if olds.get("after") != news.get("after"):
        after = {"After": news["after"]} if "after" in news else {}
        ses.set_receipt_rule_position(RuleSetName=news["ruleSetName"], RuleName=resource_id, **after)


def _import_rule(import_id: str) -> tuple[str, Json]:
    rule_set, separator, name = import_id.partition(":")
    if not separator:
        raise ProviderError(f"the import ID of a receipt rule is <rule set>:<rule>, not {import_id!r}")
    return name, {"ruleSetName": rule_set}


def _create_rule_set(aws: Aws, inputs: Json) -> str:
    aws.client("ses").create_receipt_rule_set(RuleSetName=inputs["ruleSetName"])
    return str(inputs["ruleSetName"])


def _read_rule_set(aws: Aws, resource_id: str, _: Json) -> Json:
    aws.client("ses").describe_receipt_rule_set(RuleSetName=resource_id)
    return {"ruleSetName": resource_id, "arn": aws.arn("ses", f"receipt-rule-set/{resource_id}")}


def _activate(aws: Aws, inputs: Json) -> str:
    aws.client("ses").set_active_receipt_rule_set(RuleSetName=inputs["ruleSetName"])
    return str(inputs["ruleSetName"])


def _read_active(aws: Aws, *_: object) -> Json | None:
    name = aws.client("ses").describe_active_receipt_rule_set().get("Metadata", {}).get("Name")
    return {"ruleSetName": name, "arn": aws.arn("ses", f"receipt-rule-set/{name}")} if name else None


def _get_active(aws: Aws, _: Json) -> Json:
    active = _read_active(aws)
    if active is None:
        raise ProviderError("reading SES Active Receipt Rule Set: empty result")
    return {**active, "id": active["ruleSetName"]}


RESOURCES = (
    ResourceType(
        "aws:ses/receiptRuleSet:ReceiptRuleSet",
        {"ruleSetName": Property(_NAME, required=True, replaces=True)},
        create=_create_rule_set,
        read=_read_rule_set,
        delete=lambda aws, resource_id, _: aws.client("ses").delete_receipt_rule_set(RuleSetName=resource_id),
        outputs=("arn",),
    ),
    ResourceType(
        "aws:ses/receiptRule:ReceiptRule",
        {
            **_RULE,
            **{
                key: Property(ListOf(Object({**fields, "position": _POSITION}), ordered=False))
                for key, (_, fields) in _ACTIONS.items()
            },
            "after": Property(unread=True),
            "ruleSetName": Property(_NAME, required=True, replaces=True),
        },
        create=_create_rule,
        read=_read_rule,
        update=_update_rule,
        delete=lambda aws, resource_id, state: aws.client("ses").delete_receipt_rule(
            RuleSetName=state["ruleSetName"], RuleName=resource_id
        ),
        from_import_id=_import_rule,
        outputs=("arn",),
    ),
    # Like pulumi-aws', it turns receiving off when it is deleted, whichever set is active by then.
    ResourceType(
        "aws:ses/activeReceiptRuleSet:ActiveReceiptRuleSet",
        {"ruleSetName": Property(_NAME, required=True)},
        create=_activate,
        read=_read_active,
        update=lambda aws, _, __, news: _activate(aws, news),
        delete=lambda aws, *_: aws.client("ses").set_active_receipt_rule_set(),
        outputs=("arn",),
    ),
)

FUNCTIONS = (Function("aws:ses/getActiveReceiptRuleSet:getActiveReceiptRuleSet", _get_active),)
