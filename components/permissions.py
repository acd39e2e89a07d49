"""Who may invoke a function: one receipt rule of one account, named exactly."""

import pulumi
from pulumi_aws import lambda_

from components.lookup import Location


def receipt_rule_arn(
    location: Location, rule_set: pulumi.Input[str], rule: pulumi.Input[str]
) -> pulumi.Output[str]:
    """The ARN of a receipt rule, known before the rule exists: SES asks for the permission when it makes the
    rule."""
    return pulumi.Output.format(
        "arn:aws:ses:{}:{}:receipt-rule-set/{}:receipt-rule/{}",
        location.region,
        location.account,
        rule_set,
        rule,
    )


def allow_receipt_rule(
    name: str,
    function: pulumi.Input[str],
    rule_arn: pulumi.Input[str],
    account: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> lambda_.Permission:
    """Lets SES invoke the function for this receipt rule.

    https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html#receiving-email-permissions-lambda
    """
    return lambda_.Permission(
        name,
        action="lambda:InvokeFunction",
        function=function,
        principal="ses.amazonaws.com",
        source_account=account,
        source_arn=rule_arn,
        opts=opts,
    )
