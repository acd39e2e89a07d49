"""The two functions, and what lies between them: queue, dead letters, ledger."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
from pulumi_aws import lambda_

from components import alarms, archive, checks, functions, powertools
from components.errors import InvalidConfiguration, refuse
from components.identities import IdentityArn
from components.inputs import derive
from components.lookup import Location, location
from components.naming import default_name, outputs
from components.permissions import allow_receipt_rule
from components.storage import Storage
from lambda_src import settings
from lambda_src.errors import ConfigurationError
from policies import documents

BATCH_SIZE = 10
"""Requests that bounce_sender takes at once; the most a FIFO queue gives."""


class BounceHandlerArgs(TypedDict):
    configuration: pulumi.Input[dict[str, Any]]
    """How the functions decide: an object with the keys domain (required), subdomains, bounceSender, mode,
    mailboxes, mailboxTable, rules, otherwise, explanation, guards, messageDsn, bounceSenderArn and
    recipientArns, as in docs/configuration.md; severalRules: true when more than one receipt rule asks the
    handler, or rules of others come after it that take mail for other recipients."""
    receipt_rule_arns: NotRequired[list[pulumi.Input[str]]]
    """ARNs of the receipt rules, managed elsewhere, that may invoke the handler. ReceiptRules sees to its
    own."""
    create_mailbox_table: NotRequired[bool]
    """Whether the table named by the configuration's mailboxTable is made here. Default: false, it exists."""
    service_name: NotRequired[pulumi.Input[str]]
    """The `service` of logs and metrics, one for each BounceHandler of an account and Region. Default:
    `ses-bounce-{stack}`."""
    log_retention_days: NotRequired[pulumi.Input[float]]
    """Days that the functions' logs are kept. Default: 30."""
    architecture: NotRequired[pulumi.Input[str]]
    """Processor of the functions, `arm64` or `x86_64`. Default: `arm64`."""
    powertools_layer_arn: NotRequired[pulumi.Input[str]]
    """Lambda layer with Powertools for AWS Lambda (Python), of that architecture. Default: the public one."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags for every resource that takes them."""


class BounceHandler(pulumi.ComponentResource):
    """The function that decides about received mail and the one that sends the bounces, at most one a
    second."""

    handler_function_name: pulumi.Output[str]
    """Name of the function that receipt rules invoke."""
    handler_function_arn: pulumi.Output[str]
    """ARN of the function that receipt rules invoke, as RequestResponse."""
    sender_function_name: pulumi.Output[str]
    """Name of the function that sends the bounces."""
    sender_function_arn: pulumi.Output[str]
    """ARN of the function that sends the bounces."""
    queue_name: pulumi.Output[str]
    """Name of the queue of SendBounce requests."""
    queue_arn: pulumi.Output[str]
    """ARN of the queue of SendBounce requests."""
    queue_url: pulumi.Output[str]
    """URL of the queue of SendBounce requests: any system may put one there."""
    dead_letter_queue_name: pulumi.Output[str]
    """Name of the queue of requests that were given up."""
    dead_letter_queue_arn: pulumi.Output[str]
    """ARN of the queue of requests that were given up."""
    dead_letter_queue_url: pulumi.Output[str]
    """URL of the queue of requests that were given up."""
    service_name: pulumi.Output[str]
    """The `service` dimension of the metrics."""

    def __init__(
        self, name: str, args: BounceHandlerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("ses-bounce:index:BounceHandler", name, None, opts)
        configuration = args["configuration"]
        decided = pulumi.Output.from_input(derive(_decided, configuration))
        place = location(self)
        child = pulumi.ResourceOptions(parent=self)
        storage = Storage(name, args.get("tags"), child)
        if args.get("create_mailbox_table"):
            storage.add_mailboxes(derive(_mailbox_table, configuration))
        service_name = args.get("service_name", default_name())
        platform = _platform(args, place, storage, service_name)
        handler = functions.create(
            f"{name}-receipt-handler",
            _receipt_handler(storage, _mailbox_table_arn(decided, place)),
            platform,
            self,
        )
        sender = functions.create(
            f"{name}-bounce-sender",
            _bounce_sender(storage, decided, _identity_arns(decided, place)),
            platform,
            self,
        )
        lambda_.EventSourceMapping(
            f"{name}-bounce-sender-queue",
            event_source_arn=storage.requests.arn,
            function_name=sender.name,
            batch_size=BATCH_SIZE,
            function_response_types=["ReportBatchItemFailures"],
            opts=child,
        )
        for index, rule_arn in enumerate(args.get("receipt_rule_arns", ())):
            allow_receipt_rule(
                f"{name}-receipt-rule-{index + 1}", handler.name, rule_arn, place.account, child
            )

        self.handler_function_name = handler.name
        self.handler_function_arn = handler.arn
        self.sender_function_name = sender.name
        self.sender_function_arn = sender.arn
        self.queue_name = storage.requests.name
        self.queue_arn = storage.requests.arn
        self.queue_url = storage.requests.url
        self.dead_letter_queue_name = storage.dead_letters.name
        self.dead_letter_queue_arn = storage.dead_letters.arn
        self.dead_letter_queue_url = storage.dead_letters.url
        self.service_name = pulumi.Output.from_input(service_name)
        self.register_outputs(outputs(self))


def _platform(
    args: BounceHandlerArgs, place: Location, storage: Storage, service_name: pulumi.Input[str]
) -> functions.Platform:
    architecture = args.get("architecture", "arm64")
    return functions.Platform(
        code=derive(archive.build, args["configuration"]),
        architecture=architecture,
        layer_arn=args.get("powertools_layer_arn")
        or derive(powertools.layer_arn, place.region, architecture),
        log_retention_days=derive(int, args.get("log_retention_days", 30)),
        environment={
            "QUEUE_URL": storage.requests.url,
            "POWERTOOLS_SERVICE_NAME": service_name,
            "POWERTOOLS_METRICS_NAMESPACE": alarms.NAMESPACE,
            "POWERTOOLS_LOG_LEVEL": "INFO",
        },
        tags=args.get("tags"),
    )


def _receipt_handler(storage: Storage, mailbox_table_arn: pulumi.Output[str | None]) -> functions.Function:
    return functions.Function(
        module="receipt_handler",
        description="Decides about a received message and queues its bounce",
        timeout=functions.HANDLER_TIMEOUT,
        environment={},
        permissions=lambda logs: pulumi.Output.all(storage.requests.arn, logs, mailbox_table_arn).apply(
            lambda arns: documents.receipt_handler(*arns)
        ),
    )


def _bounce_sender(
    storage: Storage, decided: pulumi.Output[settings.Settings], identity_arns: pulumi.Output[list[str]]
) -> functions.Function:
    return functions.Function(
        module="bounce_sender",
        description="Sends queued bounces, at most one a second and one a message",
        timeout=functions.SENDER_TIMEOUT,
        environment={"DEAD_LETTER_QUEUE_URL": storage.dead_letters.url, "LEDGER_TABLE": storage.ledger.name},
        permissions=lambda logs: pulumi.Output.all(
            queue_arn=storage.requests.arn,
            dead_letter_queue_arn=storage.dead_letters.arn,
            ledger_arn=storage.ledger.arn,
            log_group_arn=logs,
            identity_arns=identity_arns,
            from_address=decided.apply(lambda known: known.bounce_sender),
        ).apply(lambda known: documents.bounce_sender(**known)),
    )


def _decided(configuration: Mapping[str, Any]) -> settings.Settings:
    try:
        return settings.read(configuration)
    except ConfigurationError as error:
        raise InvalidConfiguration([error]) from error


def _mailbox_table(configuration: Mapping[str, Any]) -> str:
    if "mailboxTable" not in configuration:
        refuse([ConfigurationError("createMailboxTable", True, "needs mailboxTable, the name of the table")])
    return str(configuration["mailboxTable"])


def _mailbox_table_arn(
    decided: pulumi.Output[settings.Settings], place: Location
) -> pulumi.Output[str | None]:
    def arn(known: settings.Settings, region: str, account: str) -> str | None:
        table = known.mailbox_table
        return f"arn:aws:dynamodb:{region}:{account}:table/{table}" if table else None

    return pulumi.Output.all(decided, place.region, place.account).apply(lambda known: arn(*known))


def _identity_arns(decided: pulumi.Output[settings.Settings], place: Location) -> pulumi.Output[list[str]]:
    """The identities that bounce_sender names to SES: the one that authorises its From, and the
    recipients'."""

    def arns(known: settings.Settings, region: str, account: str) -> list[str]:
        refuse(checks.identity_errors(known, region))
        sender = known.bounce_sender_arn or str(IdentityArn(region, account, known.domain))
        return [sender, *known.recipient_arns.values()]

    return pulumi.Output.all(decided, place.region, place.account).apply(lambda known: arns(*known))
