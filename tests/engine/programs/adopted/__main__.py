"""A rule set and an identity that somebody made by hand."""

from pulumi_aws import ses, sesv2

ses.ReceiptRuleSet("rules", rule_set_name="made-by-hand")
sesv2.EmailIdentity("domain", email_identity="example.com", tags={"owner": "postmaster"})
