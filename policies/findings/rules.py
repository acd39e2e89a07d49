"""Every kind of finding: the one table that the audit, `--explain` and docs/findings.md are made from."""

from policies.findings.model import Rule, Severity

_INFO, _LOW, _MEDIUM, _HIGH, _CRITICAL = Severity

EVERYONE = Rule(
    "SB001",
    _CRITICAL,
    "Everyone may use the identity",
    "The Principal is `*` and no condition stands beside it: any AWS account in the world may send mail "
    "in this identity's name, with its reputation.",
    "Name the accounts, roles or users that may.",
)
EVERYONE_ELSE = Rule(
    "SB002",
    _CRITICAL,
    "Allow with NotPrincipal lets everyone else in",
    "NotPrincipal with Allow does not keep the named principals out of a list: it allows everyone who "
    "is not named, strangers included.",
    "Write Principal with those who may, or a Deny statement for those who may not.",
)
ALWAYS_TRUE = Rule(
    "SB003",
    _CRITICAL,
    "Everyone may use the identity: the conditions are always true",
    "A condition such as `StringLike` `*` or `IpAddress` 0.0.0.0/0 is met by every value. The statement "
    "looks guarded and is public.",
    "Name the principals that may, and keep only conditions that something can fail.",
)
ABSENT_KEY = Rule(
    "SB004",
    _CRITICAL,
    "Everyone may use the identity: the conditions hold when the key is absent",
    "Operators with IfExists, ForAllValues and negated operators are true when a request does not carry "
    "the key, and callers need not send it.",
    "Name the principals that may; use operators that fail when the key is absent.",
)
ANY_CALLER = Rule(
    "SB005",
    _HIGH,
    "Strangers may use the identity under conditions",
    "The Principal takes in every account and the conditions do not say whose the caller is. Whoever "
    "meets them, for instance by choosing the From address, may send.",
    "Name the principals that may; keep the conditions beside them.",
)
ORGANIZATION = Rule(
    "SB006",
    _MEDIUM,
    "A whole organization may use the identity",
    "Every principal of every member account, also of accounts that join later, may use the identity. "
    "SES documents this condition key inconsistently for its identity policies.",
    "Name the accounts or roles that may.",
)
UNKNOWN_ACCOUNT = Rule(
    "SB007",
    _HIGH,
    "An unknown account may use the identity",
    "The account is neither the identity's own nor in the trust list. What was granted once to a "
    "supplier or a test stays until somebody takes it back.",
    "Take it out of the Principal, or add it to the trust list under its name.",
)
ANY_ADDRESS = Rule(
    "SB008",
    _MEDIUM,
    "A whole account may send from any address of the domain",
    "Every principal that the other account lets may send as anybody at this domain, the managing "
    "director included.",
    "Add a condition on ses:FromAddress, or name one role.",
)
MANAGEMENT = Rule(
    "SB009",
    _HIGH,
    "Others may change the identity itself",
    "Who may write an identity's policies or its DKIM and MAIL FROM settings can give all further "
    "rights to anybody, or break its mail.",
    "Grant only sending actions.",
)
DELETED = Rule(
    "SB010",
    _LOW,
    "A deleted principal is named",
    "AWS shows the unique ID (AIDA…, AROA…) of a user or role that is gone. It names nobody, not even a "
    "new principal of the same name.",
    "Remove it, or name the principal that took its place.",
)
SERVICE = Rule(
    "SB011",
    _MEDIUM,
    "A service is allowed for whichever account it works",
    "Without aws:SourceAccount or aws:SourceArn the service may act on behalf of a stranger's resource: "
    "the confused deputy problem.",
    "Add a condition on aws:SourceAccount, and on aws:SourceArn where the resource is known.",
)
OTHER_RESOURCE = Rule(
    "SB012",
    _LOW,
    "The Resource is not this identity",
    "SES demands exactly one Resource in an identity's policy: the identity's own ARN. The statement "
    "does nothing.",
    "Write the identity's own ARN.",
)
OTHER_REGION = Rule(
    "SB013",
    _LOW,
    "The Resource is this identity in another Region",
    "Identities and their policies exist in each Region by themselves. The statement does nothing here.",
    "Write the ARN with this Region, or attach the policy in the other one.",
)
NEVER_CARRIED = Rule(
    "SB014",
    _MEDIUM,
    "A condition tests a key that the action never carries",
    "SendBounce carries ses:FromAddress and ses:ApiVersion only, so a condition on ses:Recipients and "
    "the like can never be met: an Allow allows nothing, and a Deny denies nothing.",
    "Test ses:FromAddress, or leave the action to a statement of its own.",
)
NO_LIMIT = Rule(
    "SB015",
    _MEDIUM,
    "A condition limits nothing",
    "The action never carries the key, and the operator is true for an absent key. The limit that the "
    "statement seems to set does not exist.",
    "Test ses:FromAddress, or leave the action to a statement of its own.",
)
EXPIRED = Rule(
    "SB016",
    _LOW,
    "The statement has expired",
    "Its dates lie in the past, so it never applies again.",
    "Remove it, or renew its dates.",
)
UNKNOWN_ACTION = Rule(
    "SB017",
    _LOW,
    "An action that SES does not have",
    "No operation of SES bears this name, often for a spelling mistake: what was meant is not granted.",
    "Correct or remove it.",
)
IMPOSSIBLE = Rule(
    "SB018",
    _LOW,
    "No request can meet the conditions",
    "All conditions of a statement must hold at once, and these never do together.",
    "Remove the statement, or split what was meant as alternatives.",
)
SHADOWED = Rule(
    "SB019",
    _LOW,
    "A Deny takes back all that is allowed",
    "Whatever the statement allows is denied by another statement of the identity.",
    "Remove it, or narrow the Deny.",
)
UNDOCUMENTED = Rule(
    "SB020",
    _INFO,
    "SendBounce in an identity's policy is not documented",
    "The SES Developer Guide's list of actions for identity policies leaves SendBounce out, while the "
    "API says that BounceSenderArn serves sending authorization. Nobody can tell from the documents "
    "whether it has an effect.",
    "Verify it live: `ses-bounce probe` asks SES without sending mail.",
)
INCONSISTENT_KEY = Rule(
    "SB021",
    _INFO,
    "The condition key is documented inconsistently",
    "One page of the SES Developer Guide lists the global keys it takes without this one; another uses "
    "it in an example.",
    "Verify it live before you rely on it.",
)
DUPLICATE = Rule(
    "SB022",
    _LOW,
    "The same statement stands twice",
    "Who takes one of them back believes the right is gone.",
    "Keep one of them.",
)
POLICY_SIZE = Rule(
    "SB023",
    _LOW,
    "The policy is near or over SES's limit of 4 KB",
    "SES refuses a policy of more than 4096 bytes, at the next change.",
    "Split it, or share statements between principals.",
)
POLICY_COUNT = Rule(
    "SB024",
    _LOW,
    "The identity is near or over SES's limit of 20 policies",
    "SES keeps at most 20 policies for one identity and refuses the next.",
    "Merge policies that differ only in their principals.",
)
UNDECIDED = Rule(
    "SB025",
    _MEDIUM,
    "What the policies allow could not be decided completely",
    "They use something that cannot be listed exactly, such as policy variables. What is not decided is "
    "not clean.",
    "Write the values out, or decide single requests with `ses-bounce can`.",
)
ROLE_ALL_ACTIONS = Rule(
    "SB026",
    _HIGH,
    "A role may do everything in SES",
    "Who takes over the role may send any mail, rewrite identity policies, and switch receiving off.",
    "Allow only the actions it uses, such as ses:SendBounce.",
)
ROLE_ALL_IDENTITIES = Rule(
    "SB027",
    _MEDIUM,
    "A role may bounce as every identity",
    "SendBounce can be limited to identities. A role for one domain needs no right over the others, nor "
    "over those that other accounts share.",
    "Name the identities' ARNs as Resource.",
)
ROLE_ANY_ADDRESS = Rule(
    "SB028",
    _MEDIUM,
    "A role may bounce from any address",
    "Without a condition on ses:FromAddress, the only key that limits what a bounce claims, it can come "
    "from any address.",
    "Add a condition on ses:FromAddress.",
)

RULES: dict[str, Rule] = {rule.id: rule for rule in list(globals().values()) if isinstance(rule, Rule)}
"""Every kind of finding by its ID, in order."""
