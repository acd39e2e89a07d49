"""The two sides of cross-account bouncing as two stacks in two accounts, each with an `up` of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from post import REGION, send

from offline.cloud import Cloud
from offline.engine.workspace import Workspace

pytestmark = pytest.mark.engine

PROGRAM = Path(__file__).parents[2]
OWNER, RECEIVER = "222222222222", "111111111111"
SENDER = "mailer-daemon@example.org"


def test_mail_received_in_one_account_is_bounced_from_a_domain_of_another(
    cloud: Cloud, workspace: Callable[[Path], Workspace]
) -> None:
    project = workspace(PROGRAM)
    project.init(
        "owner",
        {
            "aws:region": REGION,
            "aws:allowedAccountIds": [OWNER],
            "ses-bounce:domain": "example.org",
            "ses-bounce:grants": [
                {"accountId": RECEIVER, "authorizes": "bounceSender", "addresses": [SENDER]}
            ],
        },
    )
    project.init(
        "receiver",
        {
            "aws:region": REGION,
            "aws:allowedAccountIds": [RECEIVER],
            "ses-bounce:domain": "example.com",
            "ses-bounce:mailboxTable": "mailboxes",
            "ses-bounce:createMailboxTable": True,
            "ses-bounce:bounceSender": SENDER,
            "ses-bounce:bounceSenderArn": f"arn:aws:ses:{REGION}:{OWNER}:identity/example.org",
            "ses-bounce:activate": True,
        },
    )
    for stack in ("owner", "receiver"):
        assert project.run("up", stack).errors == ""

    [bounce] = send(cloud, "nobody@example.com", account=RECEIVER)
    assert (bounce.sender, bounce.recipient) == (SENDER, "paul@example.net")
    assert bounce.bounced == ("nobody@example.com",)
