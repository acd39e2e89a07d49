"""The embedded engine: what a deployment does to a stack's resources."""

import json

import time_machine
from embedded_stack import ACCOUNT, DEFAULT_PROVIDER, OTHER_ACCOUNT, Stack, operations

from offline.engine.state import State
from offline.provider import wire

QUEUES = """
    dead = aws.sqs.Queue("dead")
    queue = aws.sqs.Queue(
        "queue",
        visibility_timeout_seconds=30,
        redrive_policy=dead.arn.apply(
            lambda arn: json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})
        ),
    )
    pulumi.export("arn", queue.arn)
    pulumi.export("timeout", queue.visibility_timeout_seconds)
"""


def made_up(name: str) -> str:
    """A name without the hex digits that the provider made up."""
    return name.rpartition("-")[0]


def test_a_preview_makes_nothing_and_knows_what_it_can(stack: Stack) -> None:
    result = stack.preview(QUEUES)
    assert operations(result) == dict.fromkeys([DEFAULT_PROVIDER, "post-dev", "dead", "queue"], "create")
    assert result.outputs == {"arn": wire.UNKNOWN, "timeout": 30}
    assert not stack.queues()


def test_up_makes_what_the_program_registers(stack: Stack) -> None:
    result = stack.up(QUEUES)
    assert {made_up(name) for name in stack.queues()} == {"dead", "queue"}
    assert result.outputs["arn"].startswith(f"arn:aws:sqs:eu-west-1:{ACCOUNT}:queue-")
    sqs = stack.client("sqs")
    url = sqs.get_queue_url(QueueName=result.outputs["arn"].rpartition(":")[2])["QueueUrl"]
    redrive = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]["RedrivePolicy"]
    assert json.loads(redrive)["deadLetterTargetArn"].rpartition(":")[2] in stack.queues()


def test_up_again_changes_nothing(stack: Stack) -> None:
    first = stack.up(QUEUES)
    second = stack.up(QUEUES)
    assert second.counts == {"same": 4}
    assert second.outputs == first.outputs
    assert second.resources == first.resources
    assert not stack.steps


def test_a_changed_property_is_changed_in_place(stack: Stack) -> None:
    stack.up(QUEUES)
    before = stack.queues()
    changed = QUEUES.replace("seconds=30", "seconds=60")
    preview = stack.preview(changed)
    result = stack.up(changed)
    assert operations(preview) == operations(result) == {"queue": "update"}
    assert stack.steps == ["update queue"]
    assert [change.paths for change in result.changes if change.paths] == [("visibilityTimeoutSeconds",)]
    assert result.outputs["timeout"] == preview.outputs["timeout"] == 60
    assert preview.outputs["arn"] == result.outputs["arn"]
    assert stack.queues() == before


def test_what_is_no_longer_registered_is_deleted_dependents_first(stack: Stack) -> None:
    stack.up(QUEUES)
    result = stack.up("")
    assert result.counts == {"same": 1, "delete": 3}
    assert stack.steps == ["delete queue", "delete dead"]
    assert not stack.queues()


def test_destroy_leaves_nothing(stack: Stack) -> None:
    stack.up(QUEUES)
    assert stack.destroy().counts == {"delete": 4}
    assert not stack.queues()
    assert stack.state == State()


def test_a_replacement_is_made_before_the_old_resource_is_deleted(stack: Stack) -> None:
    stack.up("""aws.sqs.Queue("queue")""")
    before = stack.queues()
    result = stack.up("""aws.sqs.Queue("queue", fifo_queue=True)""")
    assert operations(result) == {"queue": "replace"}
    (after,) = stack.queues()
    assert after.startswith("queue-")
    assert after.endswith(".fifo")
    assert after.removesuffix(".fifo") not in before
    assert stack.steps == ["create queue", "delete queue"]


NAMED_ROLE = """
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    grant = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}
    def document(statement):
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = aws.iam.Role("role", name="worker", path="/a/", assume_role_policy=document(trust))
    aws.iam.RolePolicy("policy", name="grant", role=role.name, policy=document(grant))
    aws.sqs.Queue("queue", opts=ResourceOptions(depends_on=[role]))
"""


def test_a_resource_that_keeps_its_name_goes_first_with_what_cannot_outlive_it(stack: Stack) -> None:
    stack.up(NAMED_ROLE)
    queues = stack.queues()
    result = stack.up(NAMED_ROLE.replace("/a/", "/b/"))  # IAM deletes no role that has a policy
    assert operations(result) == {"role": "replace", "policy": "replace"}
    assert stack.steps == ["delete policy", "delete role", "create role", "create policy"]
    iam = stack.client("iam")
    assert iam.get_role(RoleName="worker")["Role"]["Path"] == "/b/"
    assert iam.list_role_policies(RoleName="worker")["PolicyNames"] == ["grant"]
    assert stack.queues() == queues


def test_what_had_to_go_first_and_is_no_longer_registered_stays_away(stack: Stack) -> None:
    stack.up(NAMED_ROLE)
    without_policy = "\n".join(line for line in NAMED_ROLE.splitlines() if "RolePolicy" not in line)
    result = stack.up(without_policy.replace("/a/", "/b/"))
    assert operations(result) == {"role": "replace", "policy": "delete"}
    assert stack.steps == ["delete policy", "delete role", "create role"]
    assert not operations(stack.up(without_policy.replace("/a/", "/b/")))


def test_delete_before_replace_can_be_asked_for(stack: Stack) -> None:
    program = """aws.sqs.Queue("queue", fifo_queue=False, opts=ResourceOptions(delete_before_replace=True))"""
    stack.up(program)
    result = stack.up(program.replace("False", "True"))
    assert operations(result) == {"queue": "replace"}
    assert stack.steps == ["delete queue", "create queue"]


def test_explicit_providers_work_in_their_own_account_and_region(stack: Stack) -> None:
    result = stack.up(f"""
        other = aws.Provider("other", region="us-west-2", allowed_account_ids=["{OTHER_ACCOUNT}"])
        owner = ResourceOptions(provider=other)
        queue = aws.sqs.Queue("there", opts=owner)
        aws.sqs.Queue("here")
        pulumi.export("arn", queue.arn)
        pulumi.export("caller", aws.get_caller_identity(opts=pulumi.InvokeOptions(provider=other)).account_id)
    """)
    assert result.outputs["arn"].startswith(f"arn:aws:sqs:us-west-2:{OTHER_ACCOUNT}:there-")
    assert result.outputs["caller"] == OTHER_ACCOUNT
    assert {made_up(name) for name in stack.queues()} == {"here"}
    assert {made_up(name) for name in stack.queues(account=OTHER_ACCOUNT, region="us-west-2")} == {"there"}
    stack.destroy()
    assert not stack.queues(account=OTHER_ACCOUNT, region="us-west-2")


COMPONENT = """
    class Pair(pulumi.ComponentResource):
        def __init__(self, name, opts=None):
            super().__init__("post:index:Pair", name, None, opts)
            for side in ("left", "right"):
                aws.sqs.Queue(f"{name}-{side}", opts=ResourceOptions(parent=self))
            self.register_outputs({"sides": 2})
    Pair("pair")
"""


def test_children_have_their_parents_types_in_their_urns(stack: Stack) -> None:
    result = stack.up(COMPONENT)
    urns = {each.urn for each in result.resources}
    assert "urn:pulumi:dev::post::post:index:Pair::pair" in urns
    assert "urn:pulumi:dev::post::post:index:Pair$aws:sqs/queue:Queue::pair-left" in urns
    (pair,) = (each for each in result.resources if each.type == "post:index:Pair")
    assert pair.outputs == {"sides": 2}


def test_a_renamed_component_keeps_its_children_by_its_alias(stack: Stack) -> None:
    stack.up(COMPONENT)
    before = stack.queues()
    renamed = COMPONENT.replace(
        'Pair("pair")', 'Pair("couple", ResourceOptions(aliases=[pulumi.Alias(name="pair")]))'
    )
    result = stack.up(renamed)
    assert not operations(result)
    assert stack.queues() == before
    assert "urn:pulumi:dev::post::post:index:Pair$aws:sqs/queue:Queue::couple-left" in stack.state.resources
    assert not operations(stack.up(renamed))


def test_depends_on_orders_what_no_property_orders(stack: Stack) -> None:
    program = """
        later = pulumi.Output.from_input(1).apply(lambda _: {"late": "yes"})
        first = aws.sqs.Queue("first", tags=later)
        aws.sqs.Queue("second", opts=ResourceOptions(depends_on=[first]))
    """
    stack.up(program)
    assert stack.steps == ["create first", "create second"]
    stack.destroy()
    assert stack.steps == ["delete second", "delete first"]


def test_a_deployment_works_on_a_standing_clock(stack: Stack) -> None:
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False):
        stack.up(QUEUES)
        assert len(stack.queues()) == 2


def test_two_stacks_live_side_by_side(stack: Stack) -> None:
    stack.up("""aws.sqs.Queue("first")""")
    state, stack.state = stack.state, State()
    stack.up("""aws.sqs.Queue("second")""")
    assert {made_up(name) for name in stack.queues()} == {"first", "second"}
    stack.state = state
    stack.destroy()
    assert {made_up(name) for name in stack.queues()} == {"second"}
