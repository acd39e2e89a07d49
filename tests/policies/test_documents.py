"""The documents that are attached: exact, since every word in them is a permission."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies import documents
from policies.documents import Grant, PolicyTooLargeError

IDENTITY = "arn:aws:ses:us-east-1:222222222222:identity/example.net"
RULE = "arn:aws:ses:us-east-1:111111111111:receipt-rule-set/inbound:receipt-rule/bounce-handler"


def test_an_account_may_bounce_from_one_address_of_the_identity() -> None:
    policy = documents.identity_policy(IDENTITY, [Grant(("111111111111",), ("mailer-daemon@example.net",))])

    assert policy == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "BounceSender1",
                "Effect": "Allow",
                "Principal": {"AWS": "111111111111"},
                "Action": "ses:SendBounce",
                "Resource": IDENTITY,
                "Condition": {"StringEquals": {"ses:FromAddress": "mailer-daemon@example.net"}},
            }
        ],
    }


@pytest.mark.parametrize("pattern", ["*@example.net", "bounce-?@example.net"])
def test_a_pattern_needs_string_like_and_takes_the_exact_addresses_beside_it_along(pattern: str) -> None:
    grant = Grant(("arn:aws:iam::111111111111:role/sender",), ("a@example.net", pattern))

    (statement,) = documents.identity_policy(IDENTITY, [grant])["Statement"]

    assert statement["Principal"] == {"AWS": "arn:aws:iam::111111111111:role/sender"}
    assert statement["Condition"] == {"StringLike": {"ses:FromAddress": ["a@example.net", pattern]}}


def test_grantees_of_the_same_thing_share_a_statement_and_others_a_policy() -> None:
    same = [
        Grant((account,), ("a@example.net",)) for account in ("111111111111", "333333333333", "111111111111")
    ]

    (policy,) = documents.packed(IDENTITY, [*same, Grant(("444444444444",), ("b@example.net",))])

    assert policy == [
        Grant(("111111111111", "333333333333"), ("a@example.net",)),
        Grant(("444444444444",), ("b@example.net",)),
    ]


def test_grants_over_4_kb_are_split_over_policies_and_lose_nothing() -> None:
    roles = tuple(f"arn:aws:iam::111111111111:role/{number:0>40}" for number in range(150))

    policies = documents.packed(IDENTITY, [Grant((role,), ("a@example.net",)) for role in roles])

    assert 1 < len(policies) < 6
    assert _largest(policies) <= 4096
    assert sorted(role for policy in policies for grant in policy for role in grant.principals) == sorted(
        roles
    )


def test_addresses_of_one_grantee_over_4_kb_are_split_too() -> None:
    addresses = tuple(f"{number:0>60}@example.net" for number in range(100))

    policies = documents.packed(IDENTITY, [Grant(("111111111111",), addresses)])

    assert _largest(policies) <= 4096
    assert tuple(a for policy in policies for grant in policy for a in grant.addresses) == addresses


def test_more_than_20_policies_are_refused() -> None:
    grants = [Grant((f"{number:0>12}",), (f"{number:0>300}@example.net",)) for number in range(200)]

    with pytest.raises(PolicyTooLargeError, match=r"they need \d+ policies; SES keeps 20 for one identity"):
        documents.packed(IDENTITY, grants)


def test_one_grant_that_no_policy_can_hold_is_refused() -> None:
    grant = Grant(
        ("111111111111",), ("a@example.net",), actions=tuple(f"ses:{'A' * 60}{n}" for n in range(100))
    )

    with pytest.raises(PolicyTooLargeError, match="over 4096 bytes"):
        documents.packed(IDENTITY, [grant])


ACCOUNTS = st.sampled_from(["111111111111", "222222222222", "333333333333"])
ADDRESSES = st.lists(st.sampled_from(["a@x", "b@x", "*@x", "c" * 900 + "@x"]), min_size=1, max_size=4)


@given(st.lists(st.builds(lambda p, a: Grant((p,), tuple(a)), ACCOUNTS, ADDRESSES), max_size=6))
def test_packing_neither_widens_nor_narrows(grants: list[Grant]) -> None:
    def allowed(some: list[Grant]) -> set[tuple[str, str]]:
        return {pair for grant in some for pair in itertools.product(grant.principals, grant.addresses)}

    packed = documents.packed(IDENTITY, grants)

    assert allowed([grant for policy in packed for grant in policy]) == allowed(grants)
    assert _largest(packed) <= 4096


def _largest(policies: list[list[Grant]]) -> int:
    texts = [documents.render(documents.identity_policy(IDENTITY, policy)) for policy in policies]
    return max((len(text.encode()) for text in texts), default=0)


def test_receipt_handler_may_queue_look_up_and_log() -> None:
    table = "arn:aws:dynamodb:us-east-1:111111111111:table/mailboxes"

    assert documents.receipt_handler("queue", "logs", table) == {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Queue", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "queue"},
            {"Sid": "Mailboxes", "Effect": "Allow", "Action": "dynamodb:BatchGetItem", "Resource": table},
            {
                "Sid": "Log",
                "Effect": "Allow",
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": "logs:*",
            },
        ],
    }


def test_receipt_handler_without_a_mailbox_table_may_look_nothing_up() -> None:
    sids = [statement["Sid"] for statement in documents.receipt_handler("queue", "logs")["Statement"]]

    assert sids == ["Queue", "Log"]


def test_bounce_sender_may_bounce_from_its_address_only_as_the_identities_it_uses() -> None:
    policy = documents.bounce_sender(
        queue_arn="queue",
        dead_letter_queue_arn="dead",
        ledger_arn="ledger",
        log_group_arn="logs",
        identity_arns=[IDENTITY, "other", IDENTITY],
        from_address="mailer-daemon@example.com",
    )

    assert policy == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Bounce",
                "Effect": "Allow",
                "Action": "ses:SendBounce",
                "Resource": [IDENTITY, "other"],
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
                "Resource": "queue",
            },
            {"Sid": "DeadLetters", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "dead"},
            {
                "Sid": "Ledger",
                "Effect": "Allow",
                "Action": [
                    "dynamodb:GetItem",
                    "dynamodb:PutItem",
                    "dynamodb:UpdateItem",
                    "dynamodb:DeleteItem",
                ],
                "Resource": "ledger",
            },
            {
                "Sid": "Log",
                "Effect": "Allow",
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": "logs:*",
            },
        ],
    }


def test_only_the_service_may_assume_the_role() -> None:
    assert documents.trust("lambda.amazonaws.com")["Statement"] == [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]


def test_ses_may_store_mail_under_the_prefix_for_these_rules_only() -> None:
    (statement,) = documents.mail_bucket("mail", "inbound/", "111111111111", [RULE])["Statement"]

    assert statement == {
        "Sid": "SesBounceDelivery",
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::mail/inbound/*",
        "Condition": {"StringEquals": {"aws:SourceAccount": "111111111111", "aws:SourceArn": RULE}},
    }


def test_ses_may_publish_mail_and_the_topics_owner_keeps_what_the_default_policy_gave() -> None:
    topic = "arn:aws:sns:us-east-1:111111111111:mail"

    default, from_ses = documents.mail_topic(topic, "111111111111", [RULE, f"{RULE}-2"])["Statement"]

    assert default["Principal"] == {"AWS": "*"}
    assert default["Condition"] == {"StringEquals": {"aws:SourceOwner": "111111111111"}}
    assert "sns:Publish" in default["Action"]
    assert from_ses == {
        "Sid": "SesBounceDelivery",
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
        "Condition": {
            "StringEquals": {"aws:SourceAccount": "111111111111", "aws:SourceArn": [RULE, f"{RULE}-2"]}
        },
    }
