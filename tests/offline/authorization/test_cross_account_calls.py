"""Across accounts both sides must allow: the caller's own policies and the resource's policy."""

from typing import Any

import pytest
from authorized_cloud import HERE, LAMBDA, REGION, THERE, Cloud, allow, deny, policy, refusal

CALLER_ROLE = {"AWS": f"arn:aws:iam::{HERE}:role/caller"}
CALLER = f"arn:aws:sts::{HERE}:assumed-role/caller/offline"


def grant(action: str, resource: str, principal: Any = CALLER_ROLE, **elements: Any) -> str:
    return policy(allow(action, resource, Principal=principal, **elements))


def no_side(side: str, action: str, resource: str) -> str:
    return (
        f"User: {CALLER} is not authorized to perform: {action} on resource: {resource} "
        f"because no {side}-based policy allows the {action} action"
    )


QUEUE = f"arn:aws:sqs:{REGION}:{THERE}:bounces"


@pytest.mark.parametrize(
    ("role", "queue", "missing"),
    [
        (allow("sqs:SendMessage"), grant("sqs:SendMessage", QUEUE), None),
        (allow("sqs:SendMessage"), grant("sqs:SendMessage", QUEUE, {"AWS": HERE}), None),
        (allow("sqs:SendMessage"), grant("sqs:ReceiveMessage", QUEUE), "resource"),
        (allow("sqs:SendMessage"), None, "resource"),
        (allow("sqs:ListQueues"), grant("sqs:SendMessage", QUEUE), "identity"),
    ],
    ids=["role named", "account named", "another action", "no queue policy", "caller not allowed"],
)
def test_a_queue_of_another_account(
    cloud: Cloud, role: dict[str, Any], queue: str | None, missing: str | None
) -> None:
    url = cloud.queue(account=THERE, **({"Policy": queue} if queue else {}))
    sqs = cloud.client("sqs", cloud.role(role))
    if missing is None:
        assert sqs.send_message(QueueUrl=url, MessageBody="x")["MessageId"]
    else:
        assert refusal(sqs.send_message, QueueUrl=url, MessageBody="x") == (
            "AccessDenied",
            no_side(missing, "sqs:sendmessage", QUEUE),
        )


def test_within_an_account_the_queue_policy_suffices_when_it_names_the_role(cloud: Cloud) -> None:
    queue = QUEUE.replace(THERE, HERE)
    url = cloud.queue(Policy=grant("sqs:SendMessage", queue))
    cloud.client("sqs", cloud.role()).send_message(QueueUrl=url, MessageBody="x")


def test_within_an_account_the_queue_policy_can_deny(cloud: Cloud) -> None:
    queue = QUEUE.replace(THERE, HERE)
    url = cloud.queue(Policy=policy(deny("sqs:SendMessage", queue, Principal="*")))
    sqs = cloud.client("sqs", cloud.role(allow("sqs:*")))
    assert refusal(sqs.send_message, QueueUrl=url, MessageBody="x")[1].endswith(
        f"{queue} with an explicit deny in a resource-based policy"
    )


def test_a_bucket_of_another_account(cloud: Cloud) -> None:
    owner = cloud.operator("s3", THERE)
    owner.create_bucket(Bucket="their-mail")
    s3 = cloud.client("s3", cloud.role(allow("s3:PutObject", "arn:aws:s3:::their-mail/*")))
    wanted = {"Bucket": "their-mail", "Key": "in/1", "Body": b"x"}
    resource = '"arn:aws:s3:::their-mail/in/1"'
    assert refusal(s3.put_object, **wanted) == ("AccessDenied", no_side("resource", "s3:PutObject", resource))
    owner.put_bucket_policy(Bucket="their-mail", Policy=grant("s3:PutObject", "arn:aws:s3:::their-mail/in/*"))
    s3.put_object(**wanted)
    assert refusal(s3.put_object, **{**wanted, "Key": "out/1"})[0] == "AccessDenied"


def test_a_topic_of_another_account(cloud: Cloud) -> None:
    owner = cloud.operator("sns", THERE)
    topic = owner.create_topic(Name="bounced")["TopicArn"]
    sns = cloud.client("sns", cloud.role(allow("sns:Publish", topic)))
    assert refusal(sns.publish, TopicArn=topic, Message="x") == (
        "AuthorizationError",
        no_side("resource", "SNS:Publish", topic),
    )
    owner.set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=grant("sns:Publish", topic)
    )
    assert sns.publish(TopicArn=topic, Message="x")["MessageId"]


def test_the_default_topic_policy_grants_nobody_of_the_account_anything(cloud: Cloud) -> None:
    topic = cloud.operator("sns").create_topic(Name="bounced")["TopicArn"]
    sns = cloud.client("sns", cloud.role())
    assert refusal(sns.publish, TopicArn=topic, Message="x")[1] == no_side("identity", "SNS:Publish", topic)


def test_a_table_of_another_account(cloud: Cloud) -> None:
    owner = cloud.operator("dynamodb", THERE)
    table = owner.create_table(
        TableName="mailboxes",
        KeySchema=[{"AttributeName": "address", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "address", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )["TableDescription"]["TableArn"]
    dynamodb = cloud.client("dynamodb", cloud.role(allow("dynamodb:GetItem", table)))
    wanted = {"TableName": table, "Key": {"address": {"S": "a@b.example"}}}
    assert refusal(dynamodb.get_item, **wanted) == (
        "AccessDeniedException",
        no_side("resource", "dynamodb:GetItem", table),
    )
    owner.put_resource_policy(ResourceArn=table, Policy=grant("dynamodb:GetItem", table))
    owner.put_item(TableName="mailboxes", Item=wanted["Key"])
    assert dynamodb.get_item(**wanted)["Item"] == wanted["Key"]


@pytest.mark.parametrize("principal", [HERE, f"arn:aws:iam::{HERE}:root"])
def test_a_function_of_another_account(cloud: Cloud, principal: str) -> None:
    owner = cloud.operator("lambda", THERE)
    cloud.role(name="execution", account=THERE)
    function = owner.create_function(
        FunctionName="handler",
        Runtime="python3.13",
        Handler="handler.handler",
        Role=f"arn:aws:iam::{THERE}:role/execution",
        Code={"ZipFile": b"PK\5\6" + bytes(18)},
    )["FunctionArn"]
    client = cloud.client("lambda", cloud.role(allow("lambda:GetFunction", function)))
    assert refusal(client.get_function, FunctionName=function) == (
        "AccessDeniedException",
        no_side("resource", "lambda:GetFunction", function),
    )
    owner.add_permission(
        FunctionName="handler", StatementId="caller", Action="lambda:GetFunction", Principal=principal
    )
    assert client.get_function(FunctionName=function)["Configuration"]["FunctionArn"] == function


SENDER_IDENTITY = f"arn:aws:ses:{REGION}:{THERE}:identity/owner.example"
RECIPIENT_IDENTITY = f"arn:aws:ses:{REGION}:{THERE}:identity/recipient.example"
SENDER = "mailer-daemon@owner.example"
FROM_SENDER = {"StringEquals": {"ses:FromAddress": SENDER}}
BOUNCE = {
    "OriginalMessageId": "0000000000000000",
    "BounceSender": SENDER,
    "BounceSenderArn": SENDER_IDENTITY,
    "BouncedRecipientInfoList": [
        {
            "Recipient": "nobody@recipient.example",
            "RecipientArn": RECIPIENT_IDENTITY,
            "BounceType": "DoesNotExist",
        }
    ],
}


def ses_denial(resource: str) -> tuple[str, str]:
    return (
        "AccessDenied",
        f"User `{CALLER}' is not authorized to perform `ses:SendBounce' on resource `{resource}'",
    )


def put_identities(cloud: Cloud, region: str = REGION, **policies: str) -> None:
    ses = cloud.operator("ses", THERE, region)
    for name in ("owner.example", "recipient.example"):
        ses.verify_domain_identity(Domain=name)
        if document := policies.get(name.partition(".")[0]):
            ses.put_identity_policy(Identity=name, PolicyName="bounces", Policy=document)


def test_a_bounce_with_both_identities_of_another_account_needs_both_their_policies(cloud: Cloud) -> None:
    put_identities(
        cloud,
        owner=grant("ses:SendBounce", SENDER_IDENTITY, {"AWS": HERE}, Condition=FROM_SENDER),
        recipient=grant("ses:SendBounce", RECIPIENT_IDENTITY),
    )
    ses = cloud.client("ses", cloud.role(allow("ses:SendBounce", [SENDER_IDENTITY, RECIPIENT_IDENTITY])))
    code, _ = refusal(ses.send_bounce, **BOUNCE)
    assert code == "MessageRejected", "authorized; what is wrong is that SES received no such message"
    assert [*cloud.gateway.calls][-1].decision == "allowed"


@pytest.mark.parametrize(
    ("policies", "denied"),
    [
        pytest.param({}, SENDER_IDENTITY, id="no policy"),
        pytest.param(
            {"owner": grant("ses:SendBounce", SENDER_IDENTITY)}, RECIPIENT_IDENTITY, id="recipient's missing"
        ),
        pytest.param(
            {"recipient": grant("ses:SendBounce", RECIPIENT_IDENTITY)}, SENDER_IDENTITY, id="sender's missing"
        ),
        pytest.param(
            {
                "owner": grant(
                    "ses:SendBounce",
                    SENDER_IDENTITY,
                    Condition={"StringEquals": {"ses:FromAddress": "postmaster@owner.example"}},
                )
            },
            SENDER_IDENTITY,
            id="another address",
        ),
        pytest.param(
            {"owner": grant("ses:SendBounce", SENDER_IDENTITY, {"AWS": "333333333333"})},
            SENDER_IDENTITY,
            id="another account",
        ),
        pytest.param(
            {"owner": grant("ses:SendEmail", SENDER_IDENTITY)}, SENDER_IDENTITY, id="another action"
        ),
        pytest.param(
            {
                "owner": policy(
                    allow("ses:*", SENDER_IDENTITY, Principal=CALLER_ROLE),
                    deny("ses:SendBounce", SENDER_IDENTITY, Principal={"AWS": HERE}),
                )
            },
            SENDER_IDENTITY,
            id="explicitly denied",
        ),
    ],
)
def test_a_bounce_that_an_owner_does_not_allow(cloud: Cloud, policies: dict[str, str], denied: str) -> None:
    put_identities(cloud, **policies)
    ses = cloud.client("ses", cloud.role(allow("ses:SendBounce")))
    assert refusal(ses.send_bounce, **BOUNCE) == ses_denial(denied)


def test_an_identity_of_another_region_grants_nothing(cloud: Cloud) -> None:
    elsewhere = SENDER_IDENTITY.replace(REGION, "eu-west-1")
    put_identities(cloud, "eu-west-1", owner=grant("ses:SendBounce", elsewhere))
    ses = cloud.client("ses", cloud.role(allow("ses:SendBounce")))
    assert refusal(ses.send_bounce, **{**BOUNCE, "BounceSenderArn": elsewhere}) == ses_denial(elsewhere)


def test_the_owners_grant_does_not_replace_the_callers_own(cloud: Cloud) -> None:
    put_identities(
        cloud,
        owner=grant("ses:SendBounce", SENDER_IDENTITY),
        recipient=grant("ses:SendBounce", RECIPIENT_IDENTITY),
    )
    ses = cloud.client("ses", cloud.role(allow("ses:SendBounce", SENDER_IDENTITY)))
    assert refusal(ses.send_bounce, **BOUNCE) == ses_denial(RECIPIENT_IDENTITY)


@pytest.mark.parametrize(
    ("verified", "needed"),
    [
        (["owner.example", SENDER], SENDER),
        (["owner.example"], "owner.example"),
        (["example"], "example"),
        ([], SENDER),
    ],
    ids=["the address", "its domain", "a domain above", "nothing verified"],
)
def test_without_an_arn_the_own_identity_that_covers_the_sender_is_needed(
    cloud: Cloud, verified: list[str], needed: str
) -> None:
    owner = cloud.operator("ses")
    for identity in verified:
        if "@" in identity:
            owner.verify_email_identity(EmailAddress=identity)
        else:
            owner.verify_domain_identity(Domain=identity)
    bounce = {name: value for name, value in BOUNCE.items() if name != "BounceSenderArn"}
    bounce["BouncedRecipientInfoList"] = [{"Recipient": "nobody@owner.example", "BounceType": "DoesNotExist"}]
    identity = f"arn:aws:ses:{REGION}:{HERE}:identity/{needed}"
    denied = cloud.client("ses", cloud.role(allow("ses:SendBounce", SENDER_IDENTITY), name="caller"))
    allowed = cloud.client("ses", cloud.role(allow("ses:SendBounce", identity), name="allowed"))
    assert refusal(denied.send_bounce, **bounce) == ses_denial(identity)
    assert refusal(allowed.send_bounce, **bounce)[0] == "MessageRejected"


def test_a_key_needs_its_own_policy_too(cloud: Cloud) -> None:
    kms = cloud.operator("kms")
    role = cloud.role(allow("kms:Encrypt"))
    only_lambda = policy(allow("kms:*", Principal=LAMBDA))
    closed = kms.create_key(Policy=only_lambda)["KeyMetadata"]
    opened = kms.create_key(Policy=grant("kms:*", "*", {"AWS": HERE}))["KeyMetadata"]
    client = cloud.client("kms", role)
    assert client.encrypt(KeyId=opened["KeyId"], Plaintext=b"x")["CiphertextBlob"]
    assert refusal(client.encrypt, KeyId=closed["KeyId"], Plaintext=b"x") == (
        "AccessDeniedException",
        no_side("resource", "kms:Encrypt", closed["Arn"]),
    )
