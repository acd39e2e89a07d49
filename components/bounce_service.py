"""Everything for one account: identity, receipt rules, functions, grants, monitoring."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict, cast

import pulumi

from components import checks, receiving
from components.bounce_handler import BounceHandler, BounceHandlerArgs
from components.bounce_monitoring import BounceMonitoring, BounceMonitoringArgs
from components.errors import refuse
from components.inputs import derive, resolved
from components.lookup import location
from components.naming import default_name, outputs, schema_name
from components.receipt_rules import ReceiptRules, ReceiptRulesArgs
from components.sending_authorization import SendingAuthorization
from components.verified_identity import VerifiedIdentity, VerifiedIdentityArgs
from lambda_src import settings
from lambda_src.address import a_labels


class BounceServiceArgs(TypedDict):
    domain: pulumi.Input[str]
    """The domain received for, such as `example.com`."""
    subdomains: NotRequired[bool]
    """Whether mail for every domain below it is received too. Default: false."""
    zone_id: NotRequired[pulumi.Input[str]]
    """The domain's hosted zone in Route 53, where the DNS records are made. Without it they are outputs
    only."""
    mail_from_domain: NotRequired[pulumi.Input[str]]
    """The custom MAIL FROM domain: a subdomain of the domain, used for nothing else. Default:
    `mail-from.{domain}`."""
    bounce_sender: NotRequired[pulumi.Input[str]]
    """The From address of bounces. Default: `mailer-daemon@{domain}`."""
    mode: NotRequired[pulumi.Input[str]]
    """`enforce`, or `observe`: decide and count, send nothing, refuse nothing, let every message continue.
    Default: `enforce`."""
    mailboxes: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """Addresses that exist; `*` may stand in the local part. When none has a `*`, nor any recipient in
    `rules`, they become recipient conditions, and SES refuses all other addresses during SMTP."""
    mailbox_table: NotRequired[pulumi.Input[str]]
    """Name of a DynamoDB table of addresses that exist (string key `address`)."""
    create_mailbox_table: NotRequired[bool]
    """Whether the mailbox table is made here. Default: false, it exists."""
    rules: NotRequired[pulumi.Input[list[pulumi.Input[dict[str, Any]]]]]
    """In order, the first that matches a recipient decides: objects of name, recipients, senders, headers,
    verdicts, action, bounceType or dsn, and explanation."""
    otherwise: NotRequired[pulumi.Input[dict[str, Any]]]
    """What happens to a recipient that no rule matches and no mailbox: an object of action, bounceType or
    dsn, and explanation. Default: bounce DoesNotExist when mailboxes are given, else accept."""
    explanation: NotRequired[pulumi.Input[str]]
    """The human-readable text of bounces whose rule has none."""
    guards: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """`drop` or `ignore` for each of spam, virus, unauthenticated, autoSubmitted and list. Default: all
    `drop`."""
    message_dsn: NotRequired[pulumi.Input[dict[str, Any]]]
    """Sent with every request: an object of reportingMta and extensionFields. Default: SES chooses."""
    deliver: NotRequired[dict[str, Any]]
    """Where accepted mail goes: an object of bucket, prefix, topicArn, functionArn and attachPolicies."""
    static_bounces: NotRequired[list[pulumi.Input[dict[str, Any]]]]
    """Bounces that SES sends by itself, not limited to one a second: objects of recipients, smtpReplyCode,
    statusCode and message."""
    rule_set: NotRequired[pulumi.Input[str]]
    """Name of the receipt rule set. Default: `ses-bounce-{stack}`."""
    activate: NotRequired[bool]
    """Whether the rule set becomes the active one of the account and Region. Default: false."""
    replace_active: NotRequired[pulumi.Input[str]]
    """Name of the rule set, now active, that this one may replace. Another one is never replaced."""
    tls_policy: NotRequired[pulumi.Input[str]]
    """`Require` refuses mail that does not come by TLS. Default: `Optional`."""
    bounce_sender_arn: NotRequired[pulumi.Input[str]]
    """ARN of the identity that authorises the bounce sender, when another account owns it."""
    recipient_arns: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Identity ARNs by domain or address: who permits receiving for these recipients, when other accounts own
    them."""
    grants: NotRequired[pulumi.Input[list[pulumi.Input[dict[str, Any]]]]]
    """What this account, as the identity's owner, lets others do with it: objects of accountId or roleArn,
    authorizes, addresses and actions. With grants and no input about receiving, only the identity and its
    policies are made."""
    alarm_topic_arn: NotRequired[pulumi.Input[str]]
    """SNS topic that the alarms notify."""
    log_retention_days: NotRequired[pulumi.Input[float]]
    """Days that the functions' logs are kept. Default: 30."""
    architecture: NotRequired[pulumi.Input[str]]
    """Processor of the functions, `arm64` or `x86_64`. Default: `arm64`."""
    powertools_layer_arn: NotRequired[pulumi.Input[str]]
    """Lambda layer with Powertools for AWS Lambda (Python), of that architecture. Default: the public one."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags for every resource that takes them."""


class BounceService(pulumi.ComponentResource):
    """Proper bounces for mail that this account's SES receives for a domain, with all that it takes.

    An identity owner's service, with grants and no input about receiving, has the identity and its policies
    only.
    """

    rule_set_name: pulumi.Output[str] | None = None
    """Name of the receipt rule set."""
    handler_function_name: pulumi.Output[str] | None = None
    """Name of the function that decides about received mail."""
    handler_function_arn: pulumi.Output[str] | None = None
    """ARN of the function that decides about received mail."""
    sender_function_name: pulumi.Output[str] | None = None
    """Name of the function that sends the bounces."""
    sender_function_arn: pulumi.Output[str] | None = None
    """ARN of the function that sends the bounces."""
    queue_name: pulumi.Output[str] | None = None
    """Name of the queue of SendBounce requests."""
    queue_arn: pulumi.Output[str] | None = None
    """ARN of the queue of SendBounce requests."""
    queue_url: pulumi.Output[str] | None = None
    """URL of the queue of SendBounce requests: any system may put one there."""
    dead_letter_queue_name: pulumi.Output[str] | None = None
    """Name of the queue of requests that were given up."""
    dead_letter_queue_arn: pulumi.Output[str] | None = None
    """ARN of the queue of requests that were given up."""
    dead_letter_queue_url: pulumi.Output[str] | None = None
    """URL of the queue of requests that were given up."""
    identity_arns: pulumi.Output[list[str]]
    """ARNs of the identities made here: what others name as BounceSenderArn or RecipientArn."""
    dns_records: pulumi.Output[list[dict[str, str]]]
    """Every DNS record the domain needs: objects of name, type, value and purpose."""

    def __init__(
        self, name: str, args: BounceServiceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("ses-bounce:index:BounceService", name, None, opts)
        raw = {schema_name(key): value for key, value in args.items() if value is not None}
        if resolved(raw):
            refuse(checks.errors(raw, None))
        pulumi.Output.all(raw, location(self).region).apply(lambda known: refuse(checks.errors(*known)))
        self._name, self._args, self._raw = name, args, raw
        self._child = pulumi.ResourceOptions(parent=self)
        self._domain = derive(a_labels, args["domain"])
        self._bounce_sender = derive(_bounce_sender, self._domain, args.get("bounce_sender"))

        receiving_here = checks.receives(raw)
        identity = VerifiedIdentity(
            f"{name}-identity",
            cast(
                "VerifiedIdentityArgs",
                {
                    "identity": self._domain,
                    "receiving": receiving_here,
                    **self._given("subdomains", "zone_id", "mail_from_domain", "tags"),
                },
            ),
            self._child,
        )
        self.identity_arns = pulumi.Output.all(identity.arn)
        self.dns_records = identity.dns_records
        if "grants" in raw:
            SendingAuthorization(
                f"{name}-grants",
                {"identity": self._domain, "bounce_sender": self._bounce_sender, "grants": args["grants"]},
                pulumi.ResourceOptions(parent=self, depends_on=[identity]),
            )
        if receiving_here:
            self._receive(identity)
        self.register_outputs(outputs(self))

    def _receive(self, identity: VerifiedIdentity) -> None:
        """Functions, rules, alarms. What is unique in an account and Region is named after the rule set."""
        name, rule_set = self._name, self._args.get("rule_set", default_name())
        mode, bounces = self._args.get("mode", "enforce"), self._args.get("static_bounces", [])
        derive(self._warn_if_lost, self._raw)
        handler = BounceHandler(
            f"{name}-handler",
            cast(
                "BounceHandlerArgs",
                {
                    "configuration": derive(_decision, checks.decision(self._raw), bounces),
                    "service_name": rule_set,
                    **self._given(
                        "create_mailbox_table",
                        "log_retention_days",
                        "architecture",
                        "powertools_layer_arn",
                        "tags",
                    ),
                },
            ),
            self._child,
        )
        rules = ReceiptRules(
            f"{name}-receiving",
            cast(
                "ReceiptRulesArgs",
                {
                    "rule_set": rule_set,
                    "function_arn": handler.handler_function_arn,
                    "recipients": derive(receiving.conditions, receiving.relevant(self._raw)),
                    "bounce_sender": self._bounce_sender,
                    "static_bounces_enabled": derive(lambda known: known != "observe", mode),
                    **self._given("static_bounces", "deliver", "tls_policy", "activate", "replace_active"),
                },
            ),
            # SES takes no bounce action whose sender it does not know.
            pulumi.ResourceOptions(parent=self, depends_on=[identity]),
        )
        BounceMonitoring(
            f"{name}-monitoring",
            cast(
                "BounceMonitoringArgs",
                {
                    "handler_function_name": handler.handler_function_name,
                    "sender_function_name": handler.sender_function_name,
                    "queue_name": handler.queue_name,
                    "dead_letter_queue_name": handler.dead_letter_queue_name,
                    "service_name": rule_set,
                    "dashboard_name": derive(lambda known: known.replace(".", "-"), rule_set),
                    **self._given("alarm_topic_arn", "tags"),
                },
            ),
            self._child,
        )
        self.rule_set_name = rules.rule_set_name
        self.handler_function_name = handler.handler_function_name
        self.handler_function_arn = handler.handler_function_arn
        self.sender_function_name = handler.sender_function_name
        self.sender_function_arn = handler.sender_function_arn
        self.queue_name = handler.queue_name
        self.queue_arn = handler.queue_arn
        self.queue_url = handler.queue_url
        self.dead_letter_queue_name = handler.dead_letter_queue_name
        self.dead_letter_queue_arn = handler.dead_letter_queue_arn
        self.dead_letter_queue_url = handler.dead_letter_queue_url

    def _given(self, *names: str) -> Any:
        """Those of our inputs that were given, to be handed on."""
        return {name: value for name, value in self._args.items() if name in names and value is not None}

    def _warn_if_lost(self, raw: Mapping[str, Any]) -> None:
        if "deliver" not in raw and checks.accepts(raw):
            remedy = "give `deliver`, or add a rule of your own at the end of the rule set"
            pulumi.log.warn(f"accepted mail goes nowhere: {remedy}", self)


def _bounce_sender(domain: str, chosen: str | None) -> str:
    return chosen or f"mailer-daemon@{domain}"


def _decision(decision: Mapping[str, Any], static_bounces: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the functions decide by: what SES bounces by itself is none of their business."""
    decided = dict(decision)
    if len(receiving.split(receiving.conditions(decision))) > 1:
        decided[settings.SEVERAL_RULES] = True
    rules = [*receiving.decided_by_ses(static_bounces), *decision.get("rules", ())]
    if rules and decision.get("mode") != "observe":
        decided["rules"] = rules
    return decided
