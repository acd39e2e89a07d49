"""The embedded engine: what stops a deployment, and how the next one goes on."""

from typing import Any

import pytest
from embedded_stack import Stack, operations

from offline.engine.embedded import DeploymentError
from offline.engine.urns import name_of


def names(stack: Stack) -> set[str]:
    return {name_of(urn) for urn in stack.state.resources}


def test_an_error_of_the_program_is_the_deployments(stack: Stack) -> None:
    with pytest.raises(DeploymentError, match=r"^no domain$"):
        stack.up("""raise Exception("no domain")""")
    with pytest.raises(DeploymentError, match=r"^KeyError: 'domain'$"):
        stack.up("""{}["domain"]""")


def test_a_program_that_fails_keeps_what_was_made(stack: Stack) -> None:
    with pytest.raises(DeploymentError, match="too late"):
        stack.up("""
            queue = aws.sqs.Queue("queue")
            def fail(arn):
                raise ValueError("too late")
            queue.arn.apply(fail)
        """)
    assert "queue" in names(stack)
    before = stack.queues()
    assert not operations(stack.up("""aws.sqs.Queue("queue")"""))
    assert stack.queues() == before


def test_a_program_that_fails_deletes_nothing(stack: Stack) -> None:
    stack.up("""aws.sqs.Queue("queue")""")
    with pytest.raises(DeploymentError):
        stack.up("""raise Exception("first thing")""")
    assert len(stack.queues()) == 1
    assert "queue" in names(stack)


def test_refused_inputs_are_named_by_their_paths_before_anything_is_made(stack: Stack) -> None:
    refused = """aws.sqs.Queue("queue", delay_seconds=901, redrive_policy="not JSON")"""
    expected = (
        "aws:sqs/queue:Queue queue: delaySeconds must be at most 900, not 901; redrivePolicy must be JSON"
    )
    with pytest.raises(DeploymentError, match=expected):
        stack.preview(refused)
    with pytest.raises(DeploymentError, match=expected):
        stack.up(refused)
    assert not stack.queues()


def test_a_refusal_of_aws_names_the_resource_and_aws_words(stack: Stack) -> None:
    with pytest.raises(
        DeploymentError,
        match=r"aws:ses/receiptRule:ReceiptRule rule: .* \(RuleSetDoesNotExist\) .*CreateReceiptRule",
    ):
        stack.up("""aws.ses.ReceiptRule("rule", name="rule", rule_set_name="none")""")
    assert "rule" not in names(stack)


def test_independent_resources_made_before_a_refusal_stay(stack: Stack) -> None:
    program = """
        queue = aws.sqs.Queue("queue")
        aws.ses.ReceiptRule(
            "rule", name="rule", rule_set_name="inbound", opts=ResourceOptions(depends_on=[queue])
        )
    """
    with pytest.raises(DeploymentError):
        stack.up(program)
    assert "queue" in names(stack)
    stack.client("ses").create_receipt_rule_set(RuleSetName="inbound")
    assert operations(stack.up(program)) == {"rule": "create"}


def test_a_resource_made_by_halves_is_completed_by_the_next_deployment(stack: Stack) -> None:
    program = """aws.dynamodb.Table(
        "table",
        name="ledger",
        hash_key="id",
        attributes=[{"name": "id", "type": "S"}],
        ttl={"attribute_name": "TTL", "enabled": True},
    )"""
    wrong = program.replace('"TTL"', '""')
    with pytest.raises(DeploymentError, match=r"dynamodb/table:Table table: .*\n.*AttributeName"):
        stack.up(wrong)
    dynamodb = stack.client("dynamodb")
    assert dynamodb.list_tables()["TableNames"] == ["ledger"]
    assert operations(stack.up(program)) == {"table": "update"}
    ttl = dynamodb.describe_time_to_live(TableName="ledger")["TimeToLiveDescription"]
    assert ttl["TimeToLiveStatus"] == "ENABLED"


def test_a_failed_update_leaves_the_resource_as_it_was(stack: Stack) -> None:
    program = """aws.ses.ActiveReceiptRuleSet("active", rule_set_name="inbound")"""
    stack.client("ses").create_receipt_rule_set(RuleSetName="inbound")
    stack.up(program)
    with pytest.raises(DeploymentError, match="RuleSetDoesNotExist"):
        stack.up(program.replace("inbound", "none"))
    (active,) = (each for each in stack.state.resources.values() if name_of(each.urn) == "active")
    assert active.inputs["ruleSetName"] == "inbound"


def test_a_failed_replacement_keeps_the_old_resource(stack: Stack) -> None:
    program = """
        aws.sesv2.EmailIdentityMailFromAttributes(
            "mail-from", email_identity="example.com", mail_from_domain="bounce.example.com"
        )
    """
    sesv2 = stack.client("sesv2")
    sesv2.create_email_identity(EmailIdentity="example.com")
    stack.up(program)
    with pytest.raises(DeploymentError, match=r"<example\.org> does not exist"):
        stack.up(program.replace('identity="example.com"', 'identity="example.org"'))
    assert "mail-from" in names(stack)
    mail_from = sesv2.get_email_identity(EmailIdentity="example.com")["MailFromAttributes"]
    assert mail_from["MailFromDomain"] == "bounce.example.com"
    assert not operations(stack.up(program))


def test_a_name_can_be_taken_once(stack: Stack) -> None:
    with pytest.raises(DeploymentError, match="Queue queue: another resource has this name"):
        stack.up("""
            aws.sqs.Queue("queue")
            aws.sqs.Queue("queue")
        """)


def test_unknown_types_and_functions_are_refused(stack: Stack) -> None:
    with pytest.raises(
        DeploymentError, match="aws:sqs/queuePolicy:QueuePolicy is not among the resource types"
    ):
        stack.up("""aws.sqs.QueuePolicy("policy", queue_url="x", policy="{}")""")
    with pytest.raises(DeploymentError, match="aws:index/getRegions:getRegions is not among the functions"):
        stack.up("aws.get_regions()")


def test_a_program_can_catch_a_failed_function(stack: Stack) -> None:
    result = stack.up("""
        try:
            aws.ses.get_active_receipt_rule_set()
        except Exception as error:
            pulumi.export("error", str(error))
    """)
    assert "reading SES Active Receipt Rule Set: empty result" in result.outputs["error"]


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"aws:allowedAccountIds": ["12"]}, r"allowedAccountIds\[0\] '12' does not match"),
        ({"aws:regoin": "eu-west-1"}, "regoin is unknown"),
        (
            {"aws:assumeRoles": [{"roleArn": "arn:aws:iam::333333333333:role/deployer"}]},
            "AWS account ID not allowed: 333333333333",
        ),
    ],
)
def test_a_refused_configuration_of_the_provider(
    stack: Stack, settings: dict[str, Any], complaint: str
) -> None:
    stack.config |= settings
    with pytest.raises(DeploymentError, match=complaint):
        stack.preview("""aws.sqs.Queue("queue")""")


def test_what_only_pulumis_engine_has_is_refused(stack: Stack) -> None:
    with pytest.raises(DeploymentError, match="does not support transforms"):
        stack.up("""aws.sqs.Queue("queue", opts=ResourceOptions(transforms=[lambda args: None]))""")
    with pytest.raises(DeploymentError, match="only Pulumi's own engine"):
        stack.up("""aws.sqs.Queue("queue", opts=ResourceOptions(replacement_trigger="x"))""")
