"""A role's call is allowed by an explicit allow on the exact resource, and by nothing else."""

from typing import Any

import pytest
from authorized_cloud import HERE, LAMBDA, REGION, THERE, Cloud, allow, deny, policy, refusal

from offline.accounts import session

CALLER = f"arn:aws:sts::{HERE}:assumed-role/caller/offline"
QUEUE = f"arn:aws:sqs:{REGION}:{HERE}:bounces"
SEND = "is not authorized to perform: sqs:sendmessage on resource:"


def test_an_allow_on_the_very_queue_lets_the_call_through(cloud: Cloud) -> None:
    url = cloud.queue()
    sqs = cloud.client("sqs", cloud.role(allow("sqs:SendMessage", QUEUE)))
    assert sqs.send_message(QueueUrl=url, MessageBody="x")["MessageId"]


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(allow("sqs:SendMessage", QUEUE + "-dead"), id="another queue"),
        pytest.param(allow("sqs:SendMessage", QUEUE.replace(REGION, "eu-west-1")), id="another Region"),
        pytest.param(allow("sqs:SendMessage", QUEUE.replace(HERE, THERE)), id="another account"),
        pytest.param(allow("sqs:ReceiveMessage", QUEUE), id="another action"),
        pytest.param(
            allow("sqs:SendMessage", QUEUE, Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}),
            id="another condition",
        ),
        pytest.param(
            allow(
                "sqs:SendMessage",
                QUEUE,
                Condition={"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}},
            ),
            id="too late",
        ),
    ],
)
def test_anything_less_than_the_exact_grant_is_denied(cloud: Cloud, statement: dict[str, Any]) -> None:
    url = cloud.queue()
    sqs = cloud.client("sqs", cloud.role(statement))
    assert refusal(sqs.send_message, QueueUrl=url, MessageBody="x") == (
        "AccessDenied",
        f"User: {CALLER} {SEND} {QUEUE} because no identity-based policy allows the sqs:sendmessage action",
    )


def test_a_deny_wins(cloud: Cloud) -> None:
    url = cloud.queue()
    sqs = cloud.client("sqs", cloud.role(allow("sqs:*"), deny("sqs:SendMessage", QUEUE)))
    assert refusal(sqs.send_message, QueueUrl=url, MessageBody="x") == (
        "AccessDenied",
        f"User: {CALLER} {SEND} {QUEUE} with an explicit deny in an identity-based policy",
    )


def test_managed_policies_count_in_their_default_version(cloud: Cloud) -> None:
    url = cloud.queue()
    role, iam = cloud.role(), cloud.operator("iam")
    arn = iam.create_policy(PolicyName="send", PolicyDocument=policy(allow("sqs:ListQueues")))["Policy"][
        "Arn"
    ]
    iam.attach_role_policy(RoleName="caller", PolicyArn=arn)
    sqs = cloud.client("sqs", role)
    assert refusal(sqs.send_message, QueueUrl=url, MessageBody="x")[0] == "AccessDenied"
    iam.create_policy_version(
        PolicyArn=arn, PolicyDocument=policy(allow("sqs:SendMessage", QUEUE)), SetAsDefault=True
    )
    sqs.send_message(QueueUrl=url, MessageBody="x")


def test_a_permissions_boundary_limits(cloud: Cloud) -> None:
    url, iam = cloud.queue(), cloud.operator("iam")
    arn = iam.create_policy(PolicyName="limit", PolicyDocument=policy(allow("ses:*")))["Policy"]["Arn"]
    sqs = cloud.client("sqs", cloud.role(allow("sqs:*"), PermissionsBoundary=arn))
    assert refusal(sqs.send_message, QueueUrl=url, MessageBody="x")[1].endswith(
        f"{QUEUE} because no permissions boundary allows the sqs:sendmessage action"
    )


def test_a_session_policy_limits(cloud: Cloud) -> None:
    url = cloud.queue()
    cloud.role(allow("sqs:*"))
    limited = cloud.operator("sts").assume_role(
        RoleArn=f"arn:aws:iam::{HERE}:role/caller",
        RoleSessionName="limited",
        Policy=policy(allow("sqs:ReceiveMessage")),
    )["Credentials"]
    sqs = cloud.client("sqs", _session(limited))
    sqs.receive_message(QueueUrl=url)
    assert refusal(sqs.send_message, QueueUrl=url, MessageBody="x")[1].endswith(
        "because no session policy allows the sqs:sendmessage action"
    )


def test_the_session_of_a_deleted_role_may_nothing(cloud: Cloud) -> None:
    url, iam = cloud.queue(), cloud.operator("iam")
    sqs = cloud.client("sqs", cloud.role(allow("sqs:*")))
    iam.delete_role_policy(RoleName="caller", PolicyName="inline")
    iam.delete_role(RoleName="caller")
    assert refusal(sqs.receive_message, QueueUrl=url)[0] == "AccessDenied"


def test_a_role_with_a_path_is_one_principal_with_its_sessions(cloud: Cloud) -> None:
    arn = f"arn:aws:iam::{HERE}:role/service/caller"
    statement = allow("sqs:ListQueues", Condition={"ArnEquals": {"aws:PrincipalArn": arn}})
    cloud.role(statement, Path="/service/")
    cloud.client("sqs", session(cloud.endpoint, HERE, REGION, "service/caller")).list_queues()


def test_tags_of_the_role_are_condition_keys(cloud: Cloud) -> None:
    statement = allow("sqs:ListQueues", Condition={"StringEquals": {"aws:PrincipalTag/team": "mail"}})
    untagged = cloud.client("sqs", cloud.role(statement, name="untagged"))
    tagged = cloud.client(
        "sqs", cloud.role(statement, name="tagged", Tags=[{"Key": "team", "Value": "mail"}])
    )
    tagged.list_queues()
    assert refusal(untagged.list_queues)[0] == "AccessDenied"


def test_a_condition_that_nobody_can_decide_denies_and_names_the_key(cloud: Cloud) -> None:
    statement = allow("sqs:ListQueues", Condition={"StringEquals": {"aws:ResourceTag/team": "mail"}})
    sqs = cloud.client("sqs", cloud.role(statement))
    assert refusal(sqs.list_queues)[1].endswith(
        "because it depends on aws:ResourceTag/team, which the offline cloud does not know"
    )


def test_users_are_decided_by_their_own_and_their_groups_policies(cloud: Cloud) -> None:
    url, iam = cloud.queue(), cloud.operator("iam")
    iam.create_user(UserName="eve")
    iam.create_group(GroupName="senders")
    iam.put_group_policy(
        GroupName="senders", PolicyName="send", PolicyDocument=policy(allow("sqs:SendMessage", QUEUE))
    )
    key = iam.create_access_key(UserName="eve")["AccessKey"]
    sqs = cloud.client("sqs", _session(key))
    assert refusal(sqs.send_message, QueueUrl=url, MessageBody="x")[1].startswith(
        f"User: arn:aws:iam::{HERE}:user/eve is not authorized to perform: sqs:sendmessage"
    )
    iam.add_user_to_group(GroupName="senders", UserName="eve")
    sqs.send_message(QueueUrl=url, MessageBody="x")


def test_an_operation_outside_the_table_is_denied_whatever_the_policy_says(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2", cloud.role(allow("*")))
    assert refusal(ec2.describe_instances) == (
        "AccessDeniedException",
        f"User: {CALLER} is not authorized to perform: ec2:DescribeInstances because the offline cloud "
        "does not know what ec2 DescribeInstances needs with these parameters",
    )


def test_temporary_keys_that_nobody_issued_are_refused(cloud: Cloud) -> None:
    stale = {"AccessKeyId": "ASIA" + "X" * 16, "SecretAccessKey": "s", "SessionToken": "t"}
    assert refusal(cloud.client("sqs", _session(stale)).list_queues) == (
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
    )


def test_motos_header_moves_nobody_into_another_account(cloud: Cloud) -> None:
    cloud.operator("ses", THERE).verify_domain_identity(Domain="their.example")
    ses = cloud.client("ses", cloud.role(allow("ses:ListIdentities")))
    ses.meta.events.register(
        "before-sign", lambda request, **_: request.headers.add_header("x-moto-account-id", THERE)
    )
    assert ses.list_identities()["Identities"] == []


def test_everyone_may_ask_who_he_is(cloud: Cloud) -> None:
    identity = cloud.client("sts", cloud.role(deny("*"))).get_caller_identity()
    assert (identity["Account"], identity["Arn"]) == (HERE, CALLER)


def test_the_operator_is_not_restricted(cloud: Cloud) -> None:
    cloud.operator("sqs", THERE).create_queue(QueueName="bounces")
    assert [call.decision for call in cloud.gateway.calls] == ["trusted operator"] * 2


def _trusting(principal: Any) -> str:
    return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


@pytest.mark.parametrize(
    ("trust", "grant", "reason"),
    [
        pytest.param({"AWS": f"arn:aws:iam::{HERE}:role/caller"}, (), None, id="trusted by name"),
        pytest.param({"AWS": HERE}, (allow("sts:AssumeRole"),), None, id="account trusted, caller allowed"),
        pytest.param({"AWS": HERE}, (), "identity-based policy", id="account trusted, caller not allowed"),
        pytest.param(LAMBDA, (allow("sts:AssumeRole"),), "role trust policy", id="not trusted"),
    ],
)
def test_a_role_is_assumed_only_by_whom_it_trusts(
    cloud: Cloud, trust: Any, grant: tuple[dict[str, Any], ...], reason: str | None
) -> None:
    sts = cloud.client("sts", cloud.role(*grant))
    cloud.role(name="target", AssumeRolePolicyDocument=_trusting(trust))
    wanted = {"RoleArn": f"arn:aws:iam::{HERE}:role/target", "RoleSessionName": "session"}
    if reason is None:
        assert sts.assume_role(**wanted)["Credentials"]
    else:
        assert refusal(sts.assume_role, **wanted) == (
            "AccessDenied",
            f"User: {CALLER} is not authorized to perform: sts:AssumeRole on resource: {wanted['RoleArn']} "
            f"because no {reason} allows the sts:AssumeRole action",
        )


def test_a_service_assumes_only_roles_that_trust_it(cloud: Cloud) -> None:
    service = _session({"AccessKeyId": "lambda.amazonaws.com", "SecretAccessKey": "none"})
    sts = cloud.client("sts", service)
    cloud.role(name="execution")
    cloud.role(name="other", AssumeRolePolicyDocument=_trusting({"AWS": HERE}))
    wanted = {"RoleArn": f"arn:aws:iam::{HERE}:role/execution", "RoleSessionName": "handler"}
    assert sts.assume_role(**wanted)["Credentials"]
    wanted["RoleArn"] = f"arn:aws:iam::{HERE}:role/other"
    assert refusal(sts.assume_role, **wanted) == (
        "AccessDenied",
        "User: lambda.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: "
        f"{wanted['RoleArn']} because no role trust policy allows the sts:AssumeRole action",
    )


def test_a_malformed_request_of_a_role_is_denied(cloud: Cloud) -> None:
    sqs = cloud.client("sqs", cloud.role(allow("sqs:*")))
    sqs.meta.events.register("before-sign", lambda request, **_: setattr(request, "data", b"[]"))
    assert refusal(sqs.list_queues)[1].endswith(
        "because the request is no ListQueues: 'list' object has no attribute 'get'"
    )


def _session(keys: dict[str, str]) -> Any:
    import boto3

    return boto3.Session(
        keys["AccessKeyId"], keys["SecretAccessKey"], keys.get("SessionToken"), region_name=REGION
    )
