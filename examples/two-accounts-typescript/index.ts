// One account receives the mail, another owns the domain that the bounces come from.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { BounceService, SendingAuthorization, VerifiedIdentity } from "@pulumi/ses-bounce";

const region = "us-east-1"; // both accounts: SES looks for the identity in its own Region

const config = new pulumi.Config();
const receivingAccountId = config.require("receivingAccountId");
const owningAccountId = config.require("owningAccountId");

/** A provider for one account, entered by the role that its organization's operators use. */
function account(name: string, id: string): aws.Provider {
    const roleArn = `arn:aws:iam::${id}:role/OrganizationAccountAccessRole`;
    return new aws.Provider(name, { region, allowedAccountIds: [id], assumeRoles: [{ roleArn }] });
}

const owner = account("owner", owningAccountId);
const receiver = account("receiver", receivingAccountId);

const brand = new VerifiedIdentity("brand", { identity: "example.org" }, { providers: [owner] });
const authorization = new SendingAuthorization("authorization", {
    identity: "example.org",
    bounceSender: "mailer-daemon@example.org",
    grants: [{ accountId: receivingAccountId, authorizes: "bounceSender" }],
}, { providers: [owner], dependsOn: [brand] });
const service = new BounceService("mail", {
    domain: "example.com",
    mailboxes: ["ann@example.com", "team-*@example.com"],
    bounceSender: "mailer-daemon@example.org",
    bounceSenderArn: authorization.identityArn,
    activate: true,
}, { providers: [receiver] });

export const dnsRecords = pulumi
    .all([service.dnsRecords, brand.dnsRecords])
    .apply(([received, owned]) => [...received, ...owned]);
export const queueUrl = service.queueUrl;
