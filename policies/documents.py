"""The policy documents this project attaches: pure builders, every ARN exact.

Identity policies follow https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policies.html, role
policies the Service Authorization Reference, delivery policies
https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

Document = dict[str, Any]
Statement = dict[str, Any]

VERSION = "2012-10-17"
SEND_BOUNCE = "ses:SendBounce"
MAX_POLICY_BYTES = 4096
"""The largest identity policy that SES takes."""
MAX_POLICIES = 20
"""The most policies that SES keeps for one identity."""


class PolicyTooLargeError(ValueError):
    """The grants do not fit in 20 policies of 4 KB, the most that SES keeps for one identity."""


@dataclass(frozen=True)
class Grant:
    """What the owner of an identity lets others do with it."""

    principals: tuple[str, ...]
    """Account IDs or role ARNs."""
    addresses: tuple[str, ...]
    """From addresses of the bounces, `*` and `?` allowed. They are compared with `ses:FromAddress`, the only
    SES key that SendBounce carries and that can narrow it; SES compares them case-sensitively."""
    actions: tuple[str, ...] = (SEND_BOUNCE,)
    sid: str = "BounceSender"


def render(document: Mapping[str, Any]) -> str:
    """The document as it is sent: compact, since SES counts its bytes."""
    return json.dumps(document, separators=(",", ":"))


def identity_policy(identity_arn: str, grants: Sequence[Grant]) -> Document:
    """The sending authorization policy that gives these grants over `identity_arn`, a statement each."""
    return document([_granted(identity_arn, grant, number) for number, grant in enumerate(grants, 1)])


def packed(identity_arn: str, grants: Iterable[Grant]) -> list[list[Grant]]:
    """The grants, as many to a policy as fit in 4 KB.

    Those that differ only in their principals share a statement; one that is over 4 KB by itself is split.

    Raises:
        PolicyTooLargeError: they need more than 20 policies, or one grantee with one address is over 4 KB.
    """
    policies: list[list[Grant]] = []
    for grant in _fitting(identity_arn, _merged(grants)):
        if policies and _fits(identity_arn, [*policies[-1], grant]):
            policies[-1].append(grant)
        else:
            policies.append([grant])
    if len(policies) > MAX_POLICIES:
        raise PolicyTooLargeError(
            f"they need {len(policies)} policies; SES keeps {MAX_POLICIES} for one identity"
        )
    return policies


def document(statements: Sequence[Statement]) -> Document:
    """A policy of these statements."""
    return {"Version": VERSION, "Statement": list(statements)}


def _merged(grants: Iterable[Grant]) -> Iterator[Grant]:
    alike: dict[Grant, list[str]] = {}
    for grant in grants:
        alike.setdefault(replace(grant, principals=()), []).extend(grant.principals)
    for grant, principals in alike.items():
        yield replace(grant, principals=tuple(dict.fromkeys(principals)))


def _fitting(identity_arn: str, grants: Iterable[Grant]) -> Iterator[Grant]:
    for grant in grants:
        if _fits(identity_arn, [grant]):
            yield grant
        elif halves := _halves(grant):
            yield from _fitting(identity_arn, halves)
        else:
            raise PolicyTooLargeError(
                f"one of them alone is over {MAX_POLICY_BYTES} bytes, SES's limit for a policy"
            )


def _fits(identity_arn: str, grants: Sequence[Grant]) -> bool:
    return len(render(identity_policy(identity_arn, grants))) <= MAX_POLICY_BYTES


def _halves(grant: Grant) -> list[Grant]:
    for field in ("principals", "addresses"):
        values = getattr(grant, field)
        if len(values) > 1:
            middle = len(values) // 2
            return [replace(grant, **{field: half}) for half in (values[:middle], values[middle:])]
    return []


def _granted(identity_arn: str, grant: Grant, number: int) -> Statement:
    return {
        "Sid": f"{grant.sid}{number}",
        "Effect": "Allow",
        "Principal": {"AWS": _one_or_many(grant.principals)},
        "Action": _one_or_many(grant.actions),
        "Resource": identity_arn,
        "Condition": {_operator(grant.addresses): {"ses:FromAddress": _one_or_many(grant.addresses)}},
    }


def _operator(addresses: Sequence[str]) -> str:
    return "StringLike" if any(set("*?") & set(address) for address in addresses) else "StringEquals"


def _one_or_many(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)


def trust(service: str) -> Document:
    """Lets an AWS service, such as `lambda.amazonaws.com`, assume the role."""
    return document([{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}])


def receipt_handler(queue_arn: str, log_group_arn: str, mailbox_table_arn: str | None = None) -> Document:
    """What receipt_handler may do: queue a request, look mailboxes up, log."""
    statements = [_allow("Queue", ["sqs:SendMessage"], queue_arn)]
    if mailbox_table_arn:
        statements.append(_allow("Mailboxes", ["dynamodb:BatchGetItem"], mailbox_table_arn))
    return document([*statements, _log(log_group_arn)])


def bounce_sender(
    *,
    queue_arn: str,
    dead_letter_queue_arn: str,
    ledger_arn: str,
    log_group_arn: str,
    identity_arns: Sequence[str],
    from_address: str,
) -> Document:
    """What bounce_sender may do: bounce from one address as the identities it uses, and keep its queue and
    ledger.

    Args:
        identity_arns: the identity that authorises `from_address`, and those named as RecipientArn.
    """
    consume = [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ChangeMessageVisibility",
    ]
    ledger = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]
    return document(
        [
            {
                **_allow("Bounce", [SEND_BOUNCE], _one_or_many(list(dict.fromkeys(identity_arns)))),
                "Condition": {"StringEquals": {"ses:FromAddress": from_address}},
            },
            _allow("Queue", consume, queue_arn),
            _allow("DeadLetters", ["sqs:SendMessage"], dead_letter_queue_arn),
            _allow("Ledger", ledger, ledger_arn),
            _log(log_group_arn),
        ]
    )


def _log(log_group_arn: str) -> Statement:
    return _allow("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], f"{log_group_arn}:*")


def _allow(sid: str, actions: Sequence[str], resource: str | list[str]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": _one_or_many(actions), "Resource": resource}


DELIVERY_SID = "SesBounceDelivery"
SNS_OWNER_VERBS = (
    "AddPermission",
    "DeleteTopic",
    "GetTopicAttributes",
    "ListSubscriptionsByTopic",
    "Publish",
    "RemovePermission",
    "SetTopicAttributes",
    "Subscribe",
)
"""What the default policy of an SNS topic allows its owner:
https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html"""


def mail_bucket(bucket: str, prefix: str, account: str, rule_arns: Sequence[str]) -> Document:
    """Lets SES store mail under `prefix`, for these receipt rules of this account only."""
    return document([_from_ses("s3:PutObject", f"arn:aws:s3:::{bucket}/{prefix}*", account, rule_arns)])


def mail_topic(topic_arn: str, account: str, rule_arns: Sequence[str]) -> Document:
    """Lets SES publish mail, for these receipt rules only, beside what SNS's own default policy allows the
    owner."""
    owner = topic_arn.split(":")[4]
    default = {
        **_allow("Owner", [f"sns:{verb}" for verb in SNS_OWNER_VERBS], topic_arn),
        "Principal": {"AWS": "*"},
        "Condition": {"StringEquals": {"aws:SourceOwner": owner}},
    }
    return document([default, _from_ses("sns:Publish", topic_arn, account, rule_arns)])


def _from_ses(action: str, resource: str, account: str, rule_arns: Sequence[str]) -> Statement:
    return {
        **_allow(DELIVERY_SID, [action], resource),
        "Principal": {"Service": "ses.amazonaws.com"},
        "Condition": {
            "StringEquals": {"aws:SourceAccount": account, "aws:SourceArn": _one_or_many(rule_arns)}
        },
    }
