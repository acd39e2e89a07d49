"""BounceSenderArn and RecipientArn across two accounts: bounced when the grant stands, else a dead letter."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from moto.ses.models import ses_backends

from offline import accounts, snapshot, stacks
from offline.authorization.log import Call
from offline.cloud import Cloud
from offline.deliveries import Delivery
from offline.receiving import InboundMail
from offline.run import Plan, run
from offline.stacks import PROGRAM, Stack

RECEIVER, OWNER, STRANGER = "111111111111", "222222222222", "333333333333"
REGION = "us-east-1"
MAIL = b"From: paul@example.net\r\nTo: nobody@example.com\r\nSubject: hello\r\n\r\nhello\r\n"
BOUNCE = {"action": "bounce", "bounceType": "DoesNotExist"}


@dataclass(frozen=True)
class Case:
    """Which identity the owner grants on, what it grants, and how the receiver names the identity."""

    domain: str
    grant: dict[str, Any]
    naming: dict[str, Any]

    @property
    def arn(self) -> str:
        return f"arn:aws:ses:{REGION}:{OWNER}:identity/{self.domain}"


CASES = {
    "BounceSenderArn": Case(
        "example.org",
        {"authorizes": "bounceSender", "addresses": ["mailer-daemon@example.org"]},
        {
            "bounceSender": "mailer-daemon@example.org",
            "bounceSenderArn": f"arn:aws:ses:{REGION}:{OWNER}:identity/example.org",
        },
    ),
    "RecipientArn": Case(
        "example.com",
        {"authorizes": "recipient", "addresses": ["mailer-daemon@example.com"]},
        {"recipientArns": {"example.com": f"arn:aws:ses:{REGION}:{OWNER}:identity/example.com"}},
    ),
}


def stack(name: str, account: str, region: str, **configuration: Any) -> Stack:
    config = {"aws:region": region, "aws:allowedAccountIds": [account]}
    config |= {f"ses-bounce:{key}": value for key, value in configuration.items()}
    return Stack(name, config, account, region)


def both_sides(case: Case, owners_region: str = REGION) -> tuple[Stack, Stack]:
    grants = [{"accountId": RECEIVER, **case.grant}]
    return (
        stack(
            "receiver", RECEIVER, REGION, domain="example.com", otherwise=BOUNCE, activate=True, **case.naming
        ),
        stack("owner", OWNER, owners_region, domain=case.domain, grants=grants),
    )


class Accounts:
    """The two accounts of a case, deployed once; the owner's policies may be changed by hand."""

    def __init__(self, cloud: Cloud, case: Case) -> None:
        self.cloud, self.case = cloud, case
        deployed = {one.name: stacks.deploy(one, PROGRAM, cloud.endpoint) for one in both_sides(case)[::-1]}
        self._dead_letters = deployed["receiver"].outputs["deadLetterQueueName"]
        session = accounts.session(cloud.endpoint, OWNER, REGION)
        self.owner: Any = session.client("ses", endpoint_url=cloud.endpoint)
        (self.policy_name,) = self.owner.list_identity_policies(Identity=case.domain)["PolicyNames"]
        found = self.owner.get_identity_policies(Identity=case.domain, PolicyNames=[self.policy_name])
        self.policy = found["Policies"][self.policy_name]

    def put(self, policy: str) -> None:
        self.owner.put_identity_policy(Identity=self.case.domain, PolicyName=self.policy_name, Policy=policy)

    def bounce(self) -> tuple[int, list[dict[str, str]], list[Call]]:
        """Deliver a mail: bounces that were sent, dead letters and denied calls that came of it."""
        sent = ses_backends[RECEIVER][REGION].sent_bounces
        bounces, letters, calls = len(sent), len(self._letters()), len(list(self.cloud.calls))
        mail = InboundMail(MAIL, "paul@example.net", ("nobody@example.com",))
        self.cloud.timeline.env.process(self.cloud.receiving.receive(mail))
        self.cloud.timeline.run_until_settled()
        denied = [call for call in list(self.cloud.calls)[calls:] if call.decision == "denied"]
        return len(sent) - bounces, self._letters()[letters:], denied

    def _letters(self) -> list[dict[str, str]]:
        return list(snapshot.queue_messages(RECEIVER, REGION, self._dead_letters))


@pytest.fixture(scope="module", params=CASES)
def two_accounts(request: pytest.FixtureRequest) -> Iterator[Accounts]:
    with Cloud(REGION) as cloud:
        yield Accounts(cloud, CASES[request.param])


@pytest.fixture
def both(two_accounts: Accounts) -> Iterator[Accounts]:
    yield two_accounts
    two_accounts.put(two_accounts.policy)


def changed(policy: str, change: Callable[[dict[str, Any]], object]) -> str:
    document = json.loads(policy)
    change(document["Statement"][0])
    return json.dumps(document)


def test_bounced_when_the_grant_stands(both: Accounts) -> None:
    bounces, letters, denied = both.bounce()
    assert (bounces, letters, denied) == (1, [], [])
    request = ses_backends[RECEIVER][REGION].sent_bounces[-1].request
    assert both.case.arn in json.dumps(request, default=str)


MISSING = {
    "for another address": lambda one: one["Condition"]["StringEquals"].update(
        {"ses:FromAddress": "x@example.org"}
    ),
    "for another account": lambda one: one.update(Principal={"AWS": STRANGER}),
    "for another action": lambda one: one.update(Action="ses:SendEmail"),
}


@pytest.mark.parametrize("grant", MISSING)
def test_access_denied_when_the_grant_is(both: Accounts, grant: str) -> None:
    both.put(changed(both.policy, MISSING[grant]))
    refused(both, "because no resource-based policy allows the ses:SendBounce action")


def test_access_denied_when_there_is_no_grant(both: Accounts) -> None:
    both.owner.delete_identity_policy(Identity=both.case.domain, PolicyName=both.policy_name)
    refused(both, "because no resource-based policy allows the ses:SendBounce action")


def test_access_denied_when_the_owner_denies_explicitly(both: Accounts) -> None:
    document = json.loads(both.policy)
    document["Statement"].append({**document["Statement"][0], "Sid": "Never", "Effect": "Deny"})
    both.put(json.dumps(document))
    refused(both, "with an explicit deny in a resource-based policy")


def refused(both: Accounts, reason: str) -> None:
    bounces, (letter,), (call,) = both.bounce()
    assert bounces == 0
    assert letter["code"] == "AccessDenied"
    assert letter["text"].startswith("User `arn:aws:sts::111111111111:assumed-role/")
    assert letter["text"].endswith(
        f"' is not authorized to perform `ses:SendBounce' on resource `{both.case.arn}'"
    )
    assert (call.service, call.action, call.resource) == ("ses", "SendBounce", both.case.arn)
    assert call.reason == reason


@pytest.mark.parametrize("case", CASES)
def test_a_grant_in_another_region_does_not_count(case: str) -> None:
    mail = Delivery("mail.eml", MAIL, "paul@example.net", ("nobody@example.com",))
    outcome = run(Plan(both_sides(CASES[case], "eu-west-1"), (mail,)), lambda *_: None)
    assert outcome.deliveries[0].bounce is None
    (letter,) = outcome.report["deadLetters"]
    assert letter["code"] == "AccessDenied"
