"""One account receives the mail, another owns the domain that the bounces come from."""

import pulumi
import pulumi_aws as aws
from pulumi_ses_bounce import BounceService, SendingAuthorization, VerifiedIdentity

REGION = "us-east-1"  # both accounts: SES looks for the identity in its own Region

config = pulumi.Config()
receiving_account = config.require("receivingAccountId")
owning_account = config.require("owningAccountId")


def account(name: str, account_id: str) -> aws.Provider:
    """A provider for one account, entered by the role that its organization's operators use."""
    role = aws.ProviderAssumeRoleArgs(
        role_arn=f"arn:aws:iam::{account_id}:role/OrganizationAccountAccessRole"
    )
    return aws.Provider(name, region=REGION, allowed_account_ids=[account_id], assume_roles=[role])


owner = account("owner", owning_account)
receiver = account("receiver", receiving_account)

brand = VerifiedIdentity("brand", identity="example.org", opts=pulumi.ResourceOptions(providers=[owner]))
authorization = SendingAuthorization(
    "authorization",
    identity="example.org",
    bounce_sender="mailer-daemon@example.org",
    grants=[{"accountId": receiving_account, "authorizes": "bounceSender"}],
    opts=pulumi.ResourceOptions(providers=[owner], depends_on=[brand]),
)
service = BounceService(
    "mail",
    domain="example.com",
    mailboxes=["ann@example.com", "team-*@example.com"],
    bounce_sender="mailer-daemon@example.org",
    bounce_sender_arn=authorization.identity_arn,
    activate=True,
    opts=pulumi.ResourceOptions(providers=[receiver]),
)

records = pulumi.Output.all(service.dns_records, brand.dns_records)
pulumi.export("dnsRecords", records.apply(lambda known: [*known[0], *known[1]]))
pulumi.export("queueUrl", service.queue_url)
