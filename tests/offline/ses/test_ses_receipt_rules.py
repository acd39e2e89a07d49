"""Receipt rule sets and rules."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

ACCOUNT, OTHER = "123456789012", "222222222222"
RULE_ARN = f"arn:aws:ses:us-east-1:{ACCOUNT}:receipt-rule-set/set:receipt-rule/rule"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:handler"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:topic"
PATTERN = "Member must satisfy regular expression pattern: ^[a-zA-Z0-9_.-]+$"

Refused = Callable[..., tuple[str, str]]


@pytest.fixture(autouse=True)
def rule_set(ses: Any) -> None:
    ses.create_receipt_rule_set(RuleSetName="set")


@pytest.fixture
def create(ses: Any) -> Callable[..., Any]:
    def call(name: str = "rule", after: str | None = None, **rule: Any) -> Any:
        position = {"After": after} if after else {}
        return ses.create_receipt_rule(RuleSetName="set", Rule={"Name": name, **rule}, **position)

    return call


@pytest.fixture
def names(ses: Any) -> Callable[[], list[str]]:
    return lambda: [rule["Name"] for rule in ses.describe_receipt_rule_set(RuleSetName="set")["Rules"]]


@pytest.fixture
def function(client: Callable[..., Any]) -> Any:
    """A Lambda client, with a function that nobody may invoke yet."""
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}
    role = client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("handler.py", "")
    functions = client("lambda")
    functions.create_function(
        FunctionName="handler",
        Runtime="python3.13",
        Role=role,
        Handler="handler.handler",
        Code={"ZipFile": archive.getvalue()},
    )
    return functions


def permission(**changes: str) -> dict[str, str]:
    return {
        "FunctionName": "handler",
        "StatementId": "ses",
        "Action": "lambda:InvokeFunction",
        "Principal": "ses.amazonaws.com",
        "SourceAccount": ACCOUNT,
        "SourceArn": RULE_ARN,
    } | changes


def test_a_rule_comes_first_or_after_the_one_named(
    create: Callable[..., Any], names: Callable[[], list[str]]
) -> None:
    create("a")
    create("b")
    create("c", after="b")
    assert names() == ["b", "c", "a"]


def test_what_a_rule_leaves_out_has_a_default(create: Callable[..., Any], ses: Any, client: Any) -> None:
    client("sns").create_topic(Name="topic")
    create(Actions=[{"SNSAction": {"TopicArn": TOPIC}}])
    assert ses.describe_receipt_rule(RuleSetName="set", RuleName="rule")["Rule"] == {
        "Name": "rule",
        "Enabled": False,
        "TlsPolicy": "Optional",
        "Recipients": [],
        "ScanEnabled": False,
        "Actions": [{"SNSAction": {"TopicArn": TOPIC, "Encoding": "UTF-8"}}],
    }


def test_updating_replaces_the_whole_rule_where_it_stands(
    create: Callable[..., Any], names: Callable[[], list[str]], ses: Any, refused: Refused
) -> None:
    for name in ("c", "b", "a"):
        create(name, Recipients=["example.com"], Enabled=True)
    ses.update_receipt_rule(RuleSetName="set", Rule={"Name": "b", "TlsPolicy": "Require"})
    rule = ses.describe_receipt_rule(RuleSetName="set", RuleName="b")["Rule"]
    assert (rule["Recipients"], rule["Enabled"], rule["TlsPolicy"]) == ([], False, "Require")
    assert names() == ["a", "b", "c"]
    assert refused(ses.update_receipt_rule, RuleSetName="set", Rule={"Name": "x"}) == (
        "RuleDoesNotExist",
        "Rule does not exist: x",
    )


def test_rules_are_deleted_moved_and_reordered(
    create: Callable[..., Any], names: Callable[[], list[str]], ses: Any
) -> None:
    for name in ("d", "c", "b", "a"):
        create(name)
    ses.delete_receipt_rule(RuleSetName="set", RuleName="d")
    ses.delete_receipt_rule(RuleSetName="set", RuleName="d")
    assert names() == ["a", "b", "c"]
    ses.set_receipt_rule_position(RuleSetName="set", RuleName="a", After="b")
    assert names() == ["b", "a", "c"]
    ses.set_receipt_rule_position(RuleSetName="set", RuleName="a", After="a")
    assert names() == ["b", "a", "c"]
    ses.set_receipt_rule_position(RuleSetName="set", RuleName="c")
    assert names() == ["c", "b", "a"]
    ses.reorder_receipt_rule_set(RuleSetName="set", RuleNames=["a", "b", "c"])
    assert names() == ["a", "b", "c"]


def test_a_new_order_names_every_rule_once(
    create: Callable[..., Any], names: Callable[[], list[str]], ses: Any, refused: Refused
) -> None:
    create("b")
    create("a")
    for order in (["a"], ["a", "b", "b"]):
        assert refused(ses.reorder_receipt_rule_set, RuleSetName="set", RuleNames=order) == (
            "InvalidParameterValue",
            "The request must name every rule of the rule set exactly once",
        )
    assert refused(ses.reorder_receipt_rule_set, RuleSetName="set", RuleNames=["a", "x"]) == (
        "RuleDoesNotExist",
        "Rule does not exist: x",
    )
    assert names() == ["a", "b"]


def test_names_that_do_not_exist_or_are_taken(create: Callable[..., Any], ses: Any, refused: Refused) -> None:
    create("a")
    assert refused(create, name="a") == ("AlreadyExists", "Rule already exists: a")
    assert refused(create, name="b", after="x") == ("RuleDoesNotExist", "Rule does not exist: x")
    for operation in (ses.set_receipt_rule_position, ses.describe_receipt_rule):
        assert refused(operation, RuleSetName="set", RuleName="x") == (
            "RuleDoesNotExist",
            "Rule does not exist: x",
        )
    missing = ("RuleSetDoesNotExist", "Rule set does not exist: none")
    for operation in (ses.delete_receipt_rule, ses.set_receipt_rule_position, ses.describe_receipt_rule):
        assert refused(operation, RuleSetName="none", RuleName="a") == missing
    assert refused(ses.set_active_receipt_rule_set, RuleSetName="none") == missing
    assert refused(ses.create_receipt_rule_set, RuleSetName="set") == (
        "AlreadyExists",
        "Rule set already exists: set",
    )


def test_a_name_begins_and_ends_with_a_letter_or_digit_and_has_64_at_most(
    create: Callable[..., Any], ses: Any, refused: Refused
) -> None:
    create("A_z-0." * 10 + "0000")
    for name in ("-a", "a.", "a" * 65):
        assert refused(create, name=name) == ("InvalidParameterValue", f"Not a valid ruleName: {name}")
        assert refused(ses.create_receipt_rule_set, RuleSetName=name) == (
            "InvalidParameterValue",
            f"Not a valid ruleSetName: {name}",
        )
    prefix = "1 validation error detected: Value at"
    assert refused(create, name="a b") == (
        "ValidationError",
        f"{prefix} 'rule.name' failed to satisfy constraint: {PATTERN}",
    )
    assert refused(create, name="a", after="b/c") == (
        "ValidationError",
        f"{prefix} 'after' failed to satisfy constraint: {PATTERN}",
    )
    assert refused(ses.create_receipt_rule_set, RuleSetName="a b") == (
        "ValidationError",
        f"{prefix} 'ruleSetName' failed to satisfy constraint: {PATTERN}",
    )


def test_the_quotas_of_receiving(create: Callable[..., Any], ses: Any, refused: Refused) -> None:
    stop = {"StopAction": {"Scope": "RuleSet"}}
    recipients = [f"user{number}@example.com" for number in range(501)]
    create("full", Actions=[stop] * 10, Recipients=recipients[:500])
    assert refused(create, name="x", Actions=[stop] * 11) == ("LimitExceeded", "Too many actions")
    assert refused(create, name="x", Recipients=recipients) == ("LimitExceeded", "Too many recipients")
    for number in range(199):
        create(f"rule{number}")
    assert refused(create, name="x") == ("LimitExceeded", "Too many rules")
    for number in range(39):
        ses.create_receipt_rule_set(RuleSetName=f"set{number}")
    assert refused(ses.create_receipt_rule_set, RuleSetName="x") == ("LimitExceeded", "Too many rule sets")


def test_one_set_is_active_until_another_is_or_none(ses: Any, refused: Refused) -> None:
    ses.create_receipt_rule_set(RuleSetName="other")
    ses.set_active_receipt_rule_set(RuleSetName="set")
    assert refused(ses.delete_receipt_rule_set, RuleSetName="set") == (
        "CannotDelete",
        "Cannot delete active rule set: set",
    )
    ses.set_active_receipt_rule_set(RuleSetName="other")
    assert ses.describe_active_receipt_rule_set()["Metadata"]["Name"] == "other"
    ses.set_active_receipt_rule_set()
    assert "Metadata" not in ses.describe_active_receipt_rule_set()
    ses.delete_receipt_rule_set(RuleSetName="set")
    ses.delete_receipt_rule_set(RuleSetName="set")


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (
            {"StopAction": {"Scope": "Rule"}},
            "1 validation error detected: Value at 'rule.actions.1.member.stopAction.scope' failed to "
            "satisfy constraint: Member must satisfy enum value set: [RuleSet]",
        ),
        (
            {"SNSAction": {"Encoding": "ascii"}},
            "2 validation errors detected: Value at 'rule.actions.1.member.sNSAction.topicArn' failed to "
            "satisfy constraint: Member must not be null; Value at "
            "'rule.actions.1.member.sNSAction.encoding' failed to satisfy constraint: Member must satisfy "
            "enum value set: [Base64, UTF-8]",
        ),
        (
            {"LambdaAction": {"FunctionArn": FUNCTION, "InvocationType": "DryRun"}},
            "1 validation error detected: Value at 'rule.actions.1.member.lambdaAction.invocationType' "
            "failed to satisfy constraint: Member must satisfy enum value set: [RequestResponse, Event]",
        ),
    ],
)
def test_an_action_against_the_service_model_is_a_validation_error(
    create: Callable[..., Any], refused: Refused, action: dict[str, Any], message: str
) -> None:
    assert refused(create, Actions=[action]) == ("ValidationError", message)


BOUNCE = {"SmtpReplyCode": "550", "StatusCode": "5.1.1", "Message": "No", "Sender": "a@example.com"}


@pytest.mark.parametrize(
    ("action", "code", "message"),
    [
        (
            {"AddHeaderAction": {"HeaderName": "X Y", "HeaderValue": "z"}},
            "InvalidParameterValue",
            "Invalid header name: X Y",
        ),
        (
            {"AddHeaderAction": {"HeaderName": "X-Y", "HeaderValue": "a\nb"}},
            "InvalidParameterValue",
            "Invalid header value for: X-Y",
        ),
        (
            {"BounceAction": BOUNCE | {"SmtpReplyCode": "250"}},
            "InvalidParameterValue",
            "Invalid SMTP reply code: 250",
        ),
        (
            {"BounceAction": BOUNCE | {"Message": "a\nb"}},
            "InvalidParameterValue",
            "Invalid SMTP response message: a\nb",
        ),
        (
            {"BounceAction": BOUNCE},
            "InvalidParameterValue",
            "Identity is not verified: a@example.com",
        ),
        (
            {"LambdaAction": {"FunctionArn": "handler"}},
            "InvalidLambdaFunction",
            "Invalid Lambda function: handler",
        ),
        (
            {"LambdaAction": {"FunctionArn": FUNCTION}},
            "InvalidLambdaFunction",
            f"Could not invoke Lambda function: {FUNCTION}",
        ),
        ({"S3Action": {"BucketName": "none"}}, "InvalidS3Configuration", "No such bucket: none"),
        ({"SNSAction": {"TopicArn": "topic"}}, "InvalidSnsTopic", "Invalid SNS topic: topic"),
        (
            {"StopAction": {"Scope": "RuleSet", "TopicArn": TOPIC}},
            "InvalidSnsTopic",
            f"Could not publish to SNS topic: {TOPIC}",
        ),
    ],
)
def test_an_action_that_ses_could_not_do_is_refused(
    create: Callable[..., Any],
    names: Callable[[], list[str]],
    refused: Refused,
    action: dict[str, Any],
    code: str,
    message: str,
) -> None:
    assert refused(create, Actions=[action]) == (code, message)
    assert names() == []


def test_a_function_needs_a_permission_for_the_rule(
    create: Callable[..., Any], function: Any, refused: Refused
) -> None:
    actions = [{"LambdaAction": {"FunctionArn": FUNCTION, "InvocationType": "RequestResponse"}}]
    denied = ("InvalidLambdaFunction", f"Could not invoke Lambda function: {FUNCTION}")
    assert refused(create, Actions=actions) == denied
    for wrong in (
        {"SourceArn": RULE_ARN.replace("rule/rule", "rule/other")},
        {"SourceAccount": OTHER},
        {"Principal": "s3.amazonaws.com"},
        {"Action": "lambda:GetFunction"},
    ):
        function.add_permission(**permission(**wrong))
        assert refused(create, Actions=actions) == denied
        function.remove_permission(FunctionName="handler", StatementId="ses")
    function.add_permission(**permission())
    create(Actions=actions)


def test_a_bucket_needs_a_policy_for_the_rule_and_gets_a_first_object(
    create: Callable[..., Any], client: Callable[..., Any], refused: Refused
) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="mail")
    actions = [{"S3Action": {"BucketName": "mail", "ObjectKeyPrefix": "in/"}}]
    denied = ("InvalidS3Configuration", "Could not write to bucket: mail")
    assert refused(create, Actions=actions) == denied
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::mail/out/*",
        "Condition": {"StringEquals": {"AWS:SourceAccount": ACCOUNT, "AWS:SourceArn": RULE_ARN}},
    }
    for resource, allowed in (("arn:aws:s3:::mail/out/*", False), ("arn:aws:s3:::mail/in/*", True)):
        policy = {"Version": "2012-10-17", "Statement": [statement | {"Resource": resource}]}
        s3.put_bucket_policy(Bucket="mail", Policy=json.dumps(policy))
        if not allowed:
            assert refused(create, Actions=actions) == denied
    create(Actions=actions)
    (stored,) = s3.list_objects_v2(Bucket="mail")["Contents"]
    assert stored["Key"] == "in/AMAZON_SES_SETUP_NOTIFICATION"


def test_only_another_accounts_topic_needs_a_policy(
    create: Callable[..., Any], client: Callable[..., Any], refused: Refused
) -> None:
    client("sns").create_topic(Name="topic")
    create("own", Actions=[{"SNSAction": {"TopicArn": TOPIC}}])
    sns = client("sns", OTHER)
    arn = sns.create_topic(Name="topic")["TopicArn"]
    assert refused(create, Actions=[{"SNSAction": {"TopicArn": arn}}]) == (
        "InvalidSnsTopic",
        f"Could not publish to SNS topic: {arn}",
    )
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ses.amazonaws.com"},
                "Action": "SNS:Publish",
                "Resource": arn,
                "Condition": {"StringEquals": {"AWS:SourceArn": RULE_ARN}},
            }
        ],
    }
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=json.dumps(policy))
    create(Actions=[{"SNSAction": {"TopicArn": arn}}])


def test_a_topic_is_in_the_rules_region(
    create: Callable[..., Any], client: Callable[..., Any], refused: Refused
) -> None:
    arn = client("sns", region="eu-west-1").create_topic(Name="topic")["TopicArn"]
    assert refused(create, Actions=[{"SNSAction": {"TopicArn": arn}}]) == (
        "InvalidSnsTopic",
        f"Could not publish to SNS topic: {arn}",
    )


def test_a_role_in_an_s3_action_stands_for_the_bucket_policy(
    create: Callable[..., Any], client: Callable[..., Any], refused: Refused
) -> None:
    client("s3").create_bucket(Bucket="mail")
    role = f"arn:aws:iam::{ACCOUNT}:role/mail"
    actions = [{"S3Action": {"BucketName": "mail", "IamRoleArn": role}}]
    assert refused(create, Actions=actions) == (
        "InvalidS3Configuration",
        "Could not write to bucket: mail",
    )
    client("iam").create_role(RoleName="mail", AssumeRolePolicyDocument="{}")
    create(Actions=actions)


def test_a_key_in_an_s3_action_exists_or_is_ses_own(
    create: Callable[..., Any], client: Callable[..., Any], refused: Refused
) -> None:
    client("s3").create_bucket(Bucket="mail")
    client("iam").create_role(RoleName="mail", AssumeRolePolicyDocument="{}")
    settings = {"BucketName": "mail", "IamRoleArn": f"arn:aws:iam::{ACCOUNT}:role/mail"}
    key = client("kms").create_key()["KeyMetadata"]["Arn"]
    for missing in ("key", f"{key}0"):
        assert refused(create, Actions=[{"S3Action": settings | {"KmsKeyArn": missing}}]) == (
            "InvalidS3Configuration",
            f"Unable to use AWS KMS key: {missing}",
        )
    create("own", Actions=[{"S3Action": settings | {"KmsKeyArn": key}}])
    alias = f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/aws/ses"
    create("ses", Actions=[{"S3Action": settings | {"KmsKeyArn": alias}}])
