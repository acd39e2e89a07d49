"""Policies after the patterns of AWS's documentation, each with all findings it must raise, and no others.

https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policy-examples.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from typing import Any, NamedTuple

OWNER = "222222222222"
PARTNER = "111111111111"
UNKNOWN = "333333333333"
IDENTITY = f"arn:aws:ses:us-east-1:{OWNER}:identity/example.com"
ADDRESS = f"arn:aws:ses:us-east-1:{OWNER}:identity/sender@example.com"
ROLE = f"arn:aws:iam::{OWNER}:role/bounce-sender"
FROM = {"StringEquals": {"ses:FromAddress": "mailer-daemon@example.com"}}
PARTNER_ROLE = {"AWS": f"arn:aws:iam::{PARTNER}:role/mailer"}


class Case(NamedTuple):
    """Statements of one policy, and the IDs of all findings."""

    about: str
    statements: list[dict[str, Any]]
    findings: str
    subject: str = IDENTITY


def allow(**elements: Any) -> dict[str, Any]:
    """An Allow for the partner's role to send from one address, unless the elements say otherwise."""
    written = {
        "Effect": "Allow",
        "Principal": PARTNER_ROLE,
        "Action": "ses:SendEmail",
        "Resource": IDENTITY,
        "Condition": FROM,
        **elements,
    }
    if "NotPrincipal" in elements:
        del written["Principal"]
    if "NotAction" in elements:
        del written["Action"]
    return {element: value for element, value in written.items() if value is not None}


def everyone(operator: str, key: str, value: Any, **elements: Any) -> dict[str, Any]:
    """An Allow for everyone under one condition."""
    return allow(Principal="*", Condition={operator: {key: value}}, **elements)


def role(**elements: Any) -> dict[str, Any]:
    """A role's right to bounce from one address as one identity."""
    return allow(**{"Principal": None, "Action": "ses:SendBounce", **elements})


def both(*conditions: dict[str, Any]) -> dict[str, Any]:
    """One Condition element of several."""
    return {operator: tests for condition in conditions for operator, tests in condition.items()}


DENY_ALL = allow(Effect="Deny", Principal="*", Condition=None)
ROOT = {"AWS": f"arn:aws:iam::{PARTNER}:root"}
UNKNOWN_ROLE = {"AWS": f"arn:aws:iam::{UNKNOWN}:role/r"}

CASES = [
    # Sound
    Case("a partner's role from one address", [allow()], ""),
    Case("a partner's account from one address", [allow(Principal={"AWS": PARTNER})], ""),
    Case(
        "a partner's user from one address", [allow(Principal={"AWS": f"arn:aws:iam::{PARTNER}:user/u"})], ""
    ),
    Case("the owner's account, any address", [allow(Principal={"AWS": OWNER}, Condition=None)], ""),
    Case("raw and plain", [allow(Action=["ses:SendEmail", "ses:SendRawEmail"])], ""),
    Case("display name", [allow(Condition=both(FROM, {"StringLike": {"ses:FromDisplayName": "News*"}}))], ""),
    Case(
        "from a network", [allow(Condition=both(FROM, {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}))], ""
    ),
    Case(
        "until later", [allow(Condition=both(FROM, {"DateLessThan": {"aws:CurrentTime": "2999-01-01"}}))], ""
    ),
    Case(
        "not yet", [allow(Condition=both(FROM, {"DateGreaterThan": {"aws:CurrentTime": "2999-01-01"}}))], ""
    ),
    Case(
        "some Deny beside",
        [
            allow(),
            allow(Effect="Deny", Principal="*", Condition={"StringLike": {"ses:FromAddress": "ceo@*"}}),
        ],
        "",
    ),
    Case("everyone of a partner", [everyone("StringEquals", "aws:PrincipalAccount", PARTNER)], "SB008"),
    Case(
        "TLS demanded by a Deny",
        [allow(), allow(Effect="Deny", Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}})],
        "",
    ),
    Case(
        "an address identity's account",
        [allow(Principal=ROOT, Resource=ADDRESS, Condition=None)],
        "",
        ADDRESS,
    ),
    Case("one statement without a list", [allow(Sid="One")], ""),
    # Public in effect
    Case("Principal *", [allow(Principal="*", Condition=None)], "SB001"),
    Case("Principal AWS *", [allow(Principal={"AWS": "*"}, Condition=None)], "SB001"),
    Case("* among others", [allow(Principal={"AWS": [PARTNER, "*"]}, Condition=None)], "SB001"),
    Case("NotPrincipal", [allow(NotPrincipal=PARTNER_ROLE, Condition=None)], "SB002"),
    Case("NotPrincipal under a condition", [allow(NotPrincipal=PARTNER_ROLE)], "SB002"),
    Case("StringLike *", [everyone("StringLike", "ses:FromAddress", "*")], "SB003"),
    Case("any address at all", [everyone("StringLike", "ses:FromAddress", "*@*")], "SB003"),
    Case("the whole Internet", [everyone("IpAddress", "aws:SourceIp", "0.0.0.0/0")], "SB003"),
    Case(
        "the Internet in halves",
        [everyone("IpAddress", "aws:SourceIp", ["0.0.0.0/1", "128.0.0.0/1"])],
        "SB003",
    ),
    Case("the whole Internet twice", [everyone("IpAddress", "aws:SourceIp", ["0.0.0.0/0", "::/0"])], "SB003"),
    Case("any user agent", [everyone("StringLike", "aws:UserAgent", "*")], "SB003"),
    Case("IfExists", [everyone("StringEqualsIfExists", "ses:FeedbackAddress", "a@example.com")], "SB004"),
    Case("IfExists on a network", [everyone("IpAddressIfExists", "aws:SourceIp", "192.0.2.0/24")], "SB004"),
    Case("IfExists on a VPC", [everyone("StringEqualsIfExists", "aws:SourceVpc", "vpc-1")], "SB004"),
    Case("ForAllValues", [everyone("ForAllValues:StringEquals", "ses:Recipients", "a@example.com")], "SB004"),
    Case("negated", [everyone("StringNotEquals", "aws:SourceVpce", "vpce-1")], "SB004"),
    Case("negated network", [everyone("NotIpAddress", "aws:SourceIp", "192.0.2.0/24")], "SB004"),
    Case("negated address", [everyone("StringNotLike", "ses:FeedbackAddress", "*@example.com")], "SB004"),
    Case("key must be absent", [everyone("Null", "ses:FeedbackAddress", "true")], "SB004"),
    Case("only an address", [everyone("StringEquals", "ses:FromAddress", "a@example.com")], "SB005"),
    Case("only a domain", [everyone("StringLike", "ses:FromAddress", "*@example.com")], "SB005"),
    Case("only TLS", [everyone("Bool", "aws:SecureTransport", "true")], "SB005"),
    Case("only a user agent", [everyone("StringEquals", "aws:UserAgent", "mailer/1")], "SB005"),
    Case("only a network", [everyone("IpAddress", "aws:SourceIp", "192.0.2.0/24")], "SB005"),
    Case("only a tag", [everyone("StringEquals", "aws:PrincipalTag/team", "mail")], "SB005"),
    Case(
        "only a role's name", [everyone("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/mailer")], "SB005"
    ),
    Case("organization", [everyone("StringEquals", "aws:PrincipalOrgID", "o-1a2b3c4d5e")], "SB006 SB021"),
    Case(
        "organization unit",
        [everyone("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-1a2b3c4d5e/*")],
        "SB006",
    ),
    Case(
        "public but for a Deny of one",
        [allow(Principal="*", Condition=None), allow(Effect="Deny", Principal=UNKNOWN_ROLE, Condition=None)],
        "SB001",
    ),
    # Unknown accounts and breadth
    Case("unknown account", [allow(Principal={"AWS": UNKNOWN})], "SB007"),
    Case("unknown role", [allow(Principal=UNKNOWN_ROLE)], "SB007"),
    Case("unknown user", [allow(Principal={"AWS": f"arn:aws:iam::{UNKNOWN}:user/u"})], "SB007"),
    Case("unknown beside a partner", [allow(Principal={"AWS": [PARTNER, UNKNOWN]})], "SB007"),
    Case(
        "unknown by condition",
        [everyone("StringEquals", "aws:PrincipalAccount", [PARTNER, UNKNOWN])],
        "SB007 SB008",
    ),
    Case("unknown account, any address", [allow(Principal={"AWS": UNKNOWN}, Condition=None)], "SB007 SB008"),
    Case("partner's account, any address", [allow(Principal=ROOT, Condition=None)], "SB008"),
    Case(
        "partner's account, every address spelt out",
        [allow(Principal=ROOT, Condition={"StringLike": {"ses:FromAddress": "*@example.com"}})],
        "SB008",
    ),
    Case("management", [allow(Action="ses:PutEmailIdentityDkimAttributes", Condition=None)], "SB009"),
    Case("management by wildcard", [allow(Action="ses:*EmailIdentityPolicy", Condition=None)], "SB009"),
    Case("everything", [allow(Action="ses:*", Condition=None)], "SB009 SB020"),
    Case("everything but sending", [allow(NotAction="ses:Send*", Condition=None)], "SB009"),
    Case("reading only", [allow(Action="ses:GetEmailIdentity", Condition=None)], ""),
    Case("deleted user", [allow(Principal={"AWS": "AIDACKCEVSQ6C2EXAMPLE"})], "SB010"),
    Case(
        "deleted role beside another",
        [allow(Principal={"AWS": ["AROADBQP57FF2AEXAMPLE", PARTNER_ROLE["AWS"]]})],
        "SB010",
    ),
    Case("service", [allow(Principal={"Service": "ses.amazonaws.com"})], "SB011"),
    Case(
        "service, any address",
        [allow(Principal={"Service": "cognito-idp.amazonaws.com"}, Condition=None)],
        "SB011",
    ),
    Case(
        "service for one account",
        [
            allow(
                Principal={"Service": "cognito-idp.amazonaws.com"},
                Condition={"StringEquals": {"aws:SourceAccount": OWNER}},
            )
        ],
        "SB021",
    ),
    Case(
        "service for one resource",
        [
            allow(
                Principal={"Service": "cognito-idp.amazonaws.com"},
                Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:cognito-idp:us-east-1:{OWNER}:userpool/p"}},
            )
        ],
        "SB021",
    ),
    Case(
        "service, IfExists",
        [
            allow(
                Principal={"Service": "cognito-idp.amazonaws.com"},
                Condition={"StringEqualsIfExists": {"aws:SourceAccount": OWNER}},
            )
        ],
        "SB011 SB021",
    ),
    # Dead
    Case("another identity", [allow(Resource=IDENTITY.replace("example.com", "example.org"))], "SB012"),
    Case("every resource", [allow(Resource="*")], "SB012"),
    Case("two resources", [allow(Resource=[IDENTITY, ADDRESS])], "SB012"),
    Case("another Region", [allow(Resource=IDENTITY.replace("us-east-1", "eu-west-1"))], "SB013"),
    Case(
        "recipients of a bounce",
        [
            allow(
                Action="ses:SendBounce",
                Condition={"ForAnyValue:StringLike": {"ses:Recipients": "*@example.org"}},
            )
        ],
        "SB014 SB020",
    ),
    Case(
        "display name of a bounce",
        [allow(Action="ses:SendBounce", Condition={"StringEquals": {"ses:FromDisplayName": "News"}})],
        "SB014 SB020",
    ),
    Case(
        "recipients of a bounce, ForAllValues",
        [
            allow(
                Action="ses:SendBounce",
                Condition={"ForAllValues:StringLike": {"ses:Recipients": "*@example.org"}},
            )
        ],
        "SB015 SB020",
    ),
    Case(
        "recipients of all sending",
        [
            allow(
                Action=["ses:SendEmail", "ses:SendBounce"],
                Condition={"ForAllValues:StringLike": {"ses:Recipients": "*@example.org"}},
            )
        ],
        "SB015 SB020",
    ),
    Case(
        "expired", [allow(Condition={"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}})], "SB016"
    ),
    Case(
        "expired and public", [everyone("DateLessThan", "aws:CurrentTime", "2020-01-01T00:00:00Z")], "SB016"
    ),
    Case(
        "expired in seconds",
        [allow(Condition={"DateLessThanEquals": {"aws:EpochTime": "1577836800"}})],
        "SB016",
    ),
    Case("misspelt action", [allow(Action="ses:SendMail")], "SB017"),
    Case("misspelt beside a right one", [allow(Action=["ses:SendEmails", "ses:SendEmail"])], "SB017"),
    Case("another service's action", [allow(Action="sns:Publish")], "SB017"),
    Case(
        "impossible addresses",
        [allow(Condition=both(FROM, {"StringLike": {"ses:FromAddress": "ceo@*"}}))],
        "SB018",
    ),
    Case("absent and equal", [allow(Condition=both(FROM, {"Null": {"ses:FromAddress": "true"}}))], "SB018"),
    Case(
        "another account than the Principal",
        [allow(Condition={"StringEquals": {"aws:PrincipalAccount": OWNER}})],
        "SB018",
    ),
    Case("denied altogether", [allow(), DENY_ALL], "SB019"),
    Case("public but denied", [allow(Principal="*", Condition=None), DENY_ALL], "SB019"),
    # Doubtful
    Case("SendBounce", [allow(Action="ses:SendBounce")], "SB020"),
    Case("sending by wildcard", [allow(Action="ses:Send*")], "SB020"),
    Case("the same twice", [allow(Sid="A"), allow(Sid="B")], "SB022"),
    Case("near 4 KB", [allow(Sid="S" * 3600)], "SB023"),
    Case("over 4 KB", [allow(Sid="S" * 4200)], "SB023"),
    Case(
        "variable",
        [allow(Condition={"StringLike": {"ses:FromAddress": "${aws:username}@example.com"}})],
        "SB025",
    ),
    # Roles
    Case("one address, one identity", [role()], "", ROLE),
    Case("every action", [role(Action="ses:*")], "SB026", ROLE),
    Case("administrator", [role(Action="*", Resource="*", Condition=None)], "SB026 SB027 SB028", ROLE),
    Case("every identity", [role(Resource="*")], "SB027", ROLE),
    Case(
        "every identity of the account", [role(Resource=f"arn:aws:ses:*:{OWNER}:identity/*")], "SB027", ROLE
    ),
    Case("any address", [role(Condition=None)], "SB028", ROLE),
    Case(
        "every address spelt out", [role(Condition={"StringLike": {"ses:FromAddress": "*"}})], "SB028", ROLE
    ),
    Case(
        "denied again",
        [role(Resource="*", Condition=None), role(Effect="Deny", Resource="*", Condition=None)],
        "",
        ROLE,
    ),
    Case(
        "recipients", [role(Condition={"StringEquals": {"ses:Recipients": "a@example.org"}})], "SB014", ROLE
    ),
    Case("no SES at all", [role(Action="sqs:SendMessage", Resource="*")], "", ROLE),
    Case("misspelt", [role(Action="ses:Bounce")], "SB017", ROLE),
]
