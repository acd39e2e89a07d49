"""The receipt rule set: what SES bounces by itself, what the handler decides, where accepted mail goes."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
from pulumi_aws import ses

from components import delivery, lookup, receiving, schema
from components.delivery import Delivery
from components.errors import refuse
from components.inputs import derive, resolved, shape
from components.lookup import Location, location
from components.naming import outputs
from components.permissions import allow_receipt_rule, receipt_rule_arn
from lambda_src.errors import ConfigurationError


class ReceiptRulesArgs(TypedDict):
    rule_set: pulumi.Input[str]
    """Name of the receipt rule set to make: 1 to 64 letters, digits, `_`, `-` and `.`."""
    function_arn: pulumi.Input[str]
    """The function that decides about a message: BounceHandler's handlerFunctionArn."""
    recipients: pulumi.Input[list[pulumi.Input[str]]]
    """Recipient conditions of the function's rule: addresses, `example.com`, or `.example.com` (all its
    subdomains). SES refuses mail for others. More than 500 are split over several rules, if they are known at
    preview."""
    bounce_sender: NotRequired[pulumi.Input[str]]
    """From address of the static bounces; required when there are any."""
    static_bounces: NotRequired[list[pulumi.Input[dict[str, Any]]]]
    """Bounces that SES sends by itself, before the function is asked: objects of recipients, smtpReplyCode,
    statusCode and message."""
    static_bounces_enabled: NotRequired[pulumi.Input[bool]]
    """Whether SES acts on the static bounces. Default: true."""
    deliver: NotRequired[dict[str, Any]]
    """Where accepted mail goes: an object of bucket, prefix, topicArn, functionArn and attachPolicies."""
    tls_policy: NotRequired[pulumi.Input[str]]
    """`Require` refuses mail that does not come by TLS. Default: `Optional`."""
    activate: NotRequired[bool]
    """Whether the rule set becomes the active one of the account and Region. Default: false."""
    replace_active: NotRequired[pulumi.Input[str]]
    """Name of the rule set, now active, that this one may replace. Another one is never replaced."""


class ReceiptRules(pulumi.ComponentResource):
    """A receipt rule set that asks a function about every message, with all the permissions SES needs."""

    rule_set_name: pulumi.Output[str]
    """Name of the rule set."""
    rule_names: pulumi.Output[list[str]]
    """Names of its rules, in order: rules of your own go `after` the last."""

    def __init__(self, name: str, args: ReceiptRulesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ses-bounce:index:ReceiptRules", name, None, opts)
        self._name, self._args = name, args
        bounces = shape("staticBounces", args.get("static_bounces", []))
        derive(_refuse_malformed, "staticBounces", bounces)
        deliver = shape("deliver", args.get("deliver", {}))
        if deliver:
            derive(_refuse_malformed, "deliver", deliver)
        derive(_refuse_malformed, "ruleSet", args["rule_set"])
        rule_set_name = args["rule_set"]
        if args.get("activate"):
            rule_set_name = derive(self._may_activate, rule_set_name, args.get("replace_active"))
        self._rule_set = ses.ReceiptRuleSet(
            f"{name}-rule-set", rule_set_name=rule_set_name, opts=pulumi.ResourceOptions(parent=self)
        )
        self._rules: list[ses.ReceiptRule] = []
        for number, bounce in enumerate(bounces, 1):
            self._add_static_bounce(f"static-bounce-{number}", bounce)
        self._add_handler(location(self), deliver)
        if args.get("activate"):
            ses.ActiveReceiptRuleSet(
                f"{name}-active",
                rule_set_name=self._rule_set.rule_set_name,
                opts=pulumi.ResourceOptions(parent=self, depends_on=self._rules),
            )
        self.rule_set_name = self._rule_set.rule_set_name
        self.rule_names = pulumi.Output.all(*(rule.name for rule in self._rules))
        self.register_outputs(outputs(self))

    def _add_static_bounce(self, rule_name: str, bounce: pulumi.Input[Mapping[str, Any]]) -> None:
        action = derive(_bounce_action, bounce, self._args.get("bounce_sender"))
        recipients = derive(lambda known: known["recipients"], bounce)
        for part, some in _parts(rule_name, recipients):
            enabled = self._args.get("static_bounces_enabled", True)
            self._add(part, some, {"bounce_actions": [action]}, enabled=enabled)

    def _add_handler(self, place: Location, deliver: Mapping[str, Any]) -> None:
        """The rule that asks the function, once SES may invoke it for exactly that rule."""
        parts = _parts("bounce-handler", self._args["recipients"])
        arns = [receipt_rule_arn(place, self._args["rule_set"], part) for part, _ in parts]
        child = pulumi.ResourceOptions(parent=self)
        function = self._args["function_arn"]
        then = delivery.create(f"{self._name}-deliver", deliver, arns, place.account, self)
        for (part, some), arn in zip(parts, arns, strict=True):
            permission = allow_receipt_rule(
                f"{self._name}-{part}-permission", function, arn, place.account, child
            )
            ask = {"function_arn": function, "invocation_type": "RequestResponse"}
            self._add(part, some, _in_order(ask, then), depends_on=[permission, *then.permissions])

    def _add(
        self,
        rule_name: str,
        recipients: pulumi.Input[Sequence[pulumi.Input[str]]],
        actions: Mapping[str, Any],
        *,
        enabled: pulumi.Input[bool] = True,
        depends_on: Sequence[pulumi.Resource] = (),
    ) -> None:
        rule = ses.ReceiptRule(
            f"{self._name}-{rule_name}",
            rule_set_name=self._rule_set.rule_set_name,
            name=rule_name,
            after=self._rules[-1].name if self._rules else None,
            recipients=recipients,
            enabled=enabled,
            scan_enabled=True,
            tls_policy=self._args.get("tls_policy", "Optional"),
            **actions,
            opts=pulumi.ResourceOptions(parent=self, depends_on=depends_on),
        )
        self._rules.append(rule)

    def _may_activate(self, rule_set: str, replaceable: str | None) -> str:
        """The name of our rule set, unless it would push out one that nobody said it may."""
        active = lookup.active_rule_set(self)
        if active not in {None, rule_set, replaceable}:
            fix = f"{active} receives mail in this account and Region: replaceActive: {active} says it may go"
            refuse([ConfigurationError("activate", True, fix)])
        return rule_set


def _parts(rule_name: str, recipients: Any) -> list[tuple[str, Any]]:
    """Names and recipient conditions of as many rules as SES's quota asks for."""
    if not resolved(recipients):
        return [(rule_name, derive(receiving.within_one_rule, recipients))]
    parts = receiving.split(recipients)
    return [
        (rule_name if number == 1 else f"{rule_name}-{number}", part) for number, part in enumerate(parts, 1)
    ]


def _in_order(first: Mapping[str, Any], then: Delivery) -> dict[str, list[dict[str, Any]]]:
    """The rule's actions by property, each with its position: the handler's first."""
    actions: dict[str, list[dict[str, Any]]] = {"lambda_actions": [{**first, "position": 1}]}
    for position, (kind, action) in enumerate(then.actions.items(), 2):
        actions.setdefault(kind, []).append({**action, "position": position})
    return actions


def _refuse_malformed(key: str, value: Any) -> None:
    refuse(schema.key_errors(key, value))


def _bounce_action(bounce: Mapping[str, Any], sender: str | None) -> dict[str, Any]:
    if sender is None:
        refuse([ConfigurationError("bounceSender", None, "is required: static bounces need a From address")])
    return {
        "smtp_reply_code": str(int(bounce["smtpReplyCode"])),
        "status_code": bounce.get("statusCode"),
        "message": bounce["message"],
        "sender": sender,
        "position": 1,
    }
