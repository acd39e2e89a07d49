"""The embedded engine: resource options, secrets, imports."""

import pytest
from embedded_stack import DEFAULT_PROVIDER, Stack, operations

from offline.engine.embedded import DeploymentError
from offline.provider import wire

PROTECTED = """aws.sqs.Queue("queue", opts=ResourceOptions(protect=True))"""


def test_a_protected_resource_is_not_deleted(stack: Stack) -> None:
    stack.up(PROTECTED)
    with pytest.raises(DeploymentError, match="aws:sqs/queue:Queue queue: it is protected"):
        stack.up("")
    with pytest.raises(DeploymentError, match="protected"):
        stack.destroy()
    assert len(stack.queues()) == 1
    stack.up(PROTECTED.replace("True", "False"))
    stack.destroy()
    assert not stack.queues()


def test_a_protected_resource_is_not_replaced(stack: Stack) -> None:
    stack.up(PROTECTED)
    with pytest.raises(DeploymentError, match="protected and would have to be replaced"):
        stack.up(PROTECTED.replace('"queue",', '"queue", fifo_queue=True,'))
    assert len(stack.queues()) == 1


def test_ignored_changes_keep_what_was_there(stack: Stack) -> None:
    program = """
        aws.sqs.Queue(
            "queue",
            delay_seconds=1,
            tags={"kept": "one", "changed": "one"},
            opts=ResourceOptions(ignore_changes=["delaySeconds", "tags.kept"]),
        )
    """
    stack.up(program)
    result = stack.up(program.replace("=1", "=2").replace('"one"', '"two"'))
    (queue,) = (each for each in result.resources if each.type == "aws:sqs/queue:Queue")
    assert queue.inputs["delaySeconds"] == 1
    assert queue.outputs["tags"] == {"kept": "one", "changed": "two"}


def test_a_change_can_be_asked_to_replace(stack: Stack) -> None:
    program = """
        aws.sqs.Queue("queue", delay_seconds=1, opts=ResourceOptions(replace_on_changes=["delaySeconds"]))
    """
    stack.up(program)
    assert operations(stack.up(program.replace("=1", "=2"))) == {"queue": "replace"}


def test_a_retained_resource_outlives_the_stack(stack: Stack) -> None:
    stack.up("""aws.sqs.Queue("queue", opts=ResourceOptions(retain_on_delete=True))""")
    stack.destroy()
    assert len(stack.queues()) == 1


def test_an_import_takes_over_what_is_there(stack: Stack) -> None:
    url = stack.client("sqs").create_queue(QueueName="old", Attributes={"MaximumMessageSize": "262144"})[
        "QueueUrl"
    ]
    program = f"""
        aws.sqs.Queue("queue", name="old", opts=ResourceOptions(import_="{url}"))
    """
    assert operations(stack.up(program)) == {
        "queue": "import",
        DEFAULT_PROVIDER: "create",
        "post-dev": "create",
    }
    assert not operations(stack.up(program))
    stack.destroy()
    assert not stack.queues()


def test_importing_what_is_not_there_fails(stack: Stack) -> None:
    with pytest.raises(DeploymentError, match=r"Queue queue: resource '.*' does not exist"):
        stack.up(f"""
            aws.sqs.Queue("queue", opts=ResourceOptions(import_="{stack.endpoint}/111111111111/none"))
        """)


def test_a_program_can_refer_to_what_it_does_not_keep(stack: Stack) -> None:
    url = stack.client("sqs").create_queue(QueueName="theirs")["QueueUrl"]
    result = stack.up(f"""pulumi.export("arn", aws.sqs.Queue.get("theirs", "{url}").arn)""")
    assert result.outputs["arn"].endswith(":theirs")
    stack.destroy()
    assert stack.queues() == {"theirs"}


def test_secrets_are_marked_in_the_state_and_kept_from_the_provider(stack: Stack) -> None:
    result = stack.up("""
        queue = aws.sqs.Queue("queue", tags={"token": pulumi.Output.secret("s3cret"), "open": "yes"})
        pulumi.export("tags", queue.tags)
    """)
    (queue,) = (each for each in result.resources if each.type == "aws:sqs/queue:Queue")
    secret = {wire.SIGNATURE: wire.SECRET, "value": "s3cret"}
    assert queue.inputs["tags"]["token"] == queue.outputs["tags"]["token"] == secret
    assert queue.inputs["tags"]["open"] == "yes"
    assert result.outputs == {"tags": {"token": "s3cret", "open": "yes"}}
    sqs = stack.client("sqs")
    assert sqs.list_queue_tags(QueueUrl=queue.id)["Tags"] == {"token": "s3cret", "open": "yes"}


def test_an_output_can_be_made_secret(stack: Stack) -> None:
    result = stack.up("""
        aws.sqs.Queue("queue", opts=ResourceOptions(additional_secret_outputs=["arn"]))
    """)
    (queue,) = (each for each in result.resources if each.type == "aws:sqs/queue:Queue")
    assert wire.is_signed(queue.outputs["arn"], wire.SECRET)


def test_changed_files_are_a_changed_function(stack: Stack) -> None:
    program = """
        service = {"Service": "lambda.amazonaws.com"}
        trust = {"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}
        role = aws.iam.Role(
            "role", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        )
        function = aws.lambda_.Function(
            "function",
            runtime="python3.13",
            handler="main.handle",
            role=role.arn,
            code=pulumi.AssetArchive({"main.py": pulumi.FileAsset("main.py")}),
        )
        pulumi.export("hash", function.code_sha256)
    """
    (stack.folder / "main.py").write_text("one")
    first = stack.up(program)
    assert not operations(stack.up(program))
    (stack.folder / "main.py").write_text("two")
    preview = stack.preview(program)
    assert operations(preview) == {"function": "update"}
    assert preview.outputs["hash"] == wire.UNKNOWN
    assert stack.up(program).outputs["hash"] != first.outputs["hash"]
