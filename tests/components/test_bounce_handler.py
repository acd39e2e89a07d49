"""BounceHandler: two functions of one archive, what lies between them, and no permission too many."""

import json
from typing import Any

import pulumi
import pytest
from component_world import Account, Deploy, Deployment

from components import BounceHandler
from components.errors import InvalidConfiguration

CONFIGURATION = {"domain": "example.com", "mailboxTable": "mailboxes"}


def handler(
    deploy: Deploy, configuration: Any = None, account: Account | None = None, **args: Any
) -> Deployment:
    return deploy(
        lambda: BounceHandler("h", {"configuration": configuration or CONFIGURATION, **args}), account
    )


def arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:us-east-1:111111111111:{name}"


def test_the_functions_run_the_archive_with_powertools_from_its_layer(deploy: Deploy) -> None:
    deployment = handler(deploy)

    receive, send = deployment.named("h-receipt-handler"), deployment.named("h-bounce-sender")
    assert receive.inputs["handler"] == "lambda_src.receipt_handler.handler"
    assert send.inputs["handler"] == "lambda_src.bounce_sender.handler"
    for function in (receive, send):
        assert function.inputs["runtime"] == "python3.13"
        assert function.inputs["architectures"] == ["arm64"]
        assert function.inputs["layers"] == [
            "arn:aws:lambda:us-east-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-arm64:37"
        ]
        assert json.loads(function.inputs["code"].assets["configuration.json"].text) == CONFIGURATION


def test_another_processor_has_another_layer_and_another_layer_may_be_named(deploy: Deploy) -> None:
    layer = "arn:aws:lambda:us-east-1:111111111111:layer:powertools:1"
    intel = handler(deploy, architecture="x86_64", account=Account(region="eu-west-1"))
    own = handler(deploy, powertools_layer_arn=layer)

    assert intel.named("h-bounce-sender").inputs["layers"] == [
        "arn:aws:lambda:eu-west-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-x86_64:37"
    ]
    assert own.named("h-receipt-handler").inputs["layers"] == [layer]


def test_both_know_their_queue_and_the_sender_what_else_it_writes_to(deploy: Deploy) -> None:
    deployment = handler(deploy, service_name="inbound")
    environment = {
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "POWERTOOLS_METRICS_NAMESPACE": "SesBounce",
        "POWERTOOLS_SERVICE_NAME": "inbound",
        "QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/111111111111/h-requests",
    }

    def of(name: str) -> Any:
        return deployment.named(name).inputs["environment"]["variables"]

    assert of("h-receipt-handler") == environment
    assert of("h-bounce-sender") == {
        **environment,
        "DEAD_LETTER_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/111111111111/h-dead-letters",
        "LEDGER_TABLE": "h-ledger",
    }


def test_the_handler_answers_before_ses_gives_up_and_a_batch_ends_before_sqs_delivers_again(
    deploy: Deploy,
) -> None:
    deployment = handler(deploy)
    (mapping,) = deployment.of("EventSourceMapping")
    sender = deployment.named("h-bounce-sender").inputs["timeout"]

    assert deployment.named("h-receipt-handler").inputs["timeout"] < 30
    assert sender == 120
    assert sender > mapping.inputs["batchSize"] * 1
    assert deployment.named("h-requests").inputs["visibilityTimeoutSeconds"] == 6 * sender


def test_the_queues_are_fifo_encrypted_and_keep_requests_longer_than_ses_takes_them(deploy: Deploy) -> None:
    deployment = handler(deploy)
    requests, dead_letters = deployment.named("h-requests"), deployment.named("h-dead-letters")

    for queue in (requests, dead_letters):
        assert queue.inputs["fifoQueue"]
        assert queue.inputs["sqsManagedSseEnabled"]
        assert queue.inputs["messageRetentionSeconds"] > 24 * 3600
    assert requests.document("redrivePolicy") == {
        "deadLetterTargetArn": arn("sqs", "h-dead-letters"),
        "maxReceiveCount": 1000,
    }
    assert dead_letters.inputs["messageRetentionSeconds"] > requests.inputs["messageRetentionSeconds"]


def test_the_sender_takes_ten_requests_and_reports_which_failed(deploy: Deploy) -> None:
    (mapping,) = handler(deploy).of("EventSourceMapping")

    assert mapping.inputs == {
        "batchSize": 10,
        "eventSourceArn": arn("sqs", "h-requests"),
        "functionName": "h-bounce-sender",
        "functionResponseTypes": ["ReportBatchItemFailures"],
    }


def test_the_ledger_forgets_by_itself_and_goes_with_the_stack(deploy: Deploy) -> None:
    (ledger,) = handler(deploy).of("Table")

    assert ledger.inputs == {
        "attributes": [{"name": "id", "type": "S"}],
        "billingMode": "PAY_PER_REQUEST",
        "hashKey": "id",
        "serverSideEncryption": {"enabled": True},
        "ttl": {"attributeName": "expiration", "enabled": True},
    }


def test_the_mailbox_table_is_made_on_request_only(deploy: Deploy) -> None:
    deployment = handler(deploy, create_mailbox_table=True)

    table = deployment.named("h-mailboxes")
    assert (table.inputs["name"], table.inputs["hashKey"]) == ("mailboxes", "address")
    with pytest.raises(InvalidConfiguration, match="createMailboxTable: True: needs mailboxTable"):
        handler(deploy, {"domain": "example.com"}, create_mailbox_table=True)


def test_logs_end_and_exist_before_lambda_would_make_endless_ones(deploy: Deploy) -> None:
    deployment = handler(deploy, log_retention_days=7.0)

    for name in ("h-receipt-handler", "h-bounce-sender"):
        function, logs = deployment.named(name), deployment.named(f"{name}-logs")
        assert logs.inputs["retentionInDays"] == 7
        assert function.inputs["loggingConfig"] == {"logFormat": "Text", "logGroup": f"{name}-logs"}
        assert logs.name in deployment.before(function)


def permissions(deployment: Deployment, function: str) -> Any:
    role, policy = deployment.named(f"{function}-role"), deployment.named(f"{function}-permissions")
    assert policy.inputs["role"] == role.name
    assert deployment.named(function).inputs["role"] == arn("iam", role.name)
    assert policy.name in deployment.before(deployment.named(function))
    trust = role.document("assumeRolePolicy")["Statement"]
    assert trust == [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]
    return policy.document("policy")["Statement"]


def test_receipt_handler_may_do_this_and_nothing_else(deploy: Deploy) -> None:
    deployment = handler(deploy)

    assert permissions(deployment, "h-receipt-handler") == [
        {
            "Sid": "Queue",
            "Effect": "Allow",
            "Action": "sqs:SendMessage",
            "Resource": arn("sqs", "h-requests"),
        },
        {
            "Sid": "Mailboxes",
            "Effect": "Allow",
            "Action": "dynamodb:BatchGetItem",
            "Resource": arn("dynamodb", "table/mailboxes"),
        },
        {
            "Sid": "Log",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": arn("cloudwatch", "h-receipt-handler-logs:*"),
        },
    ]


def test_bounce_sender_may_do_this_and_nothing_else(deploy: Deploy) -> None:
    deployment = handler(deploy, {"domain": "example.com"})

    assert permissions(deployment, "h-bounce-sender") == [
        {
            "Sid": "Bounce",
            "Effect": "Allow",
            "Action": "ses:SendBounce",
            "Resource": arn("ses", "identity/example.com"),
            "Condition": {"StringEquals": {"ses:FromAddress": "mailer-daemon@example.com"}},
        },
        {
            "Sid": "Queue",
            "Effect": "Allow",
            "Action": [
                "sqs:ReceiveMessage",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:ChangeMessageVisibility",
            ],
            "Resource": arn("sqs", "h-requests"),
        },
        {
            "Sid": "DeadLetters",
            "Effect": "Allow",
            "Action": "sqs:SendMessage",
            "Resource": arn("sqs", "h-dead-letters"),
        },
        {
            "Sid": "Ledger",
            "Effect": "Allow",
            "Action": [
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem",
                "dynamodb:DeleteItem",
            ],
            "Resource": arn("dynamodb", "h-ledger"),
        },
        {
            "Sid": "Log",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": arn("cloudwatch", "h-bounce-sender-logs:*"),
        },
    ]


def test_across_accounts_bounce_sender_may_use_the_identities_it_names_and_not_its_own(
    deploy: Deploy,
) -> None:
    owner = "arn:aws:ses:us-east-1:222222222222:identity"
    deployment = handler(
        deploy,
        {
            "domain": "example.com",
            "bounceSender": "bounces@example.net",
            "bounceSenderArn": f"{owner}/example.net",
            "recipientArns": {"example.com": f"{owner}/example.com"},
        },
    )

    bounce = permissions(deployment, "h-bounce-sender")[0]
    assert bounce["Resource"] == [f"{owner}/example.net", f"{owner}/example.com"]
    assert bounce["Condition"] == {"StringEquals": {"ses:FromAddress": "bounces@example.net"}}


def test_receipt_rules_of_somebodys_rule_set_may_invoke_the_handler(deploy: Deploy) -> None:
    rule = "arn:aws:ses:us-east-1:111111111111:receipt-rule-set/theirs:receipt-rule/one"

    (permission,) = handler(deploy, receipt_rule_arns=[rule]).of("Permission")

    assert permission.inputs == {
        "action": "lambda:InvokeFunction",
        "function": "h-receipt-handler",
        "principal": "ses.amazonaws.com",
        "sourceAccount": "111111111111",
        "sourceArn": rule,
    }


def test_a_configuration_that_the_functions_could_not_read_is_refused(deploy: Deploy) -> None:
    with pytest.raises(InvalidConfiguration, match=r"rules\[0\].action: 'refuse': must be one of"):
        handler(deploy, {"domain": "example.com", "rules": [{"action": "refuse"}]})


def test_an_identity_that_could_not_authorise_the_bounce_sender_is_refused(deploy: Deploy) -> None:
    elsewhere = "arn:aws:ses:eu-west-1:222222222222:identity/example.com"

    with pytest.raises(InvalidConfiguration, match=r"bounceSender: 'a@example\.net': must be an address of"):
        handler(deploy, {"domain": "example.com", "bounceSender": "a@example.net"})
    with pytest.raises(InvalidConfiguration, match="must be in us-east-1: SES authorises within one Region"):
        handler(deploy, {"domain": "example.com", "bounceSenderArn": elsewhere})


def test_values_from_other_resources_reach_the_archive_and_the_role(deploy: Deploy) -> None:
    deployment = handler(
        deploy,
        {"domain": "example.com", "mailboxTable": pulumi.Output.from_input("made-elsewhere")},
        log_retention_days=pulumi.Output.from_input(14),
    )

    configuration = deployment.named("h-receipt-handler").inputs["code"].assets["configuration.json"]
    assert json.loads(configuration.text)["mailboxTable"] == "made-elsewhere"
    assert permissions(deployment, "h-receipt-handler")[1]["Resource"].endswith(":table/made-elsewhere")
    assert deployment.named("h-receipt-handler-logs").inputs["retentionInDays"] == 14
