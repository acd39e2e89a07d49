"""Which condition keys a request can carry at all, where AWS says so.

Only what the Service Authorization Reference states is decided here: for Amazon SES, that a service key which
the table does not list for an action never accompanies it. Nothing is concluded for other services.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_ses.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_sesv2.html
"""

_MESSAGE_KEYS = frozenset({"ses:fromaddress", "ses:fromdisplayname", "ses:feedbackaddress", "ses:recipients"})
_V2_KEYS = frozenset({"ses:multiregionendpointid", "ses:tenantname"})
_OWN_KEYS: dict[str, frozenset[str]] = {
    "ses:SendBounce": frozenset({"ses:fromaddress"}),
    "ses:SendEmail": _MESSAGE_KEYS | _V2_KEYS,
    "ses:SendRawEmail": _MESSAGE_KEYS,
    "ses:SendTemplatedEmail": _MESSAGE_KEYS,
    "ses:SendBulkTemplatedEmail": _MESSAGE_KEYS,
    "ses:SendCustomVerificationEmail": _MESSAGE_KEYS,
    "ses:SendBulkEmail": _V2_KEYS,
    "ses:CreateExportJob": frozenset({"ses:exportsourcetype"}),
    "ses:ReplicateEmailIdentityDkimSigningKey": frozenset({"ses:replicaregion"}),
}
SES_ACTIONS = tuple(_OWN_KEYS)
"""The actions of SES that carry more service keys than ses:ApiVersion."""
_SES_KEYS = {action.lower(): keys for action, keys in _OWN_KEYS.items()}
_TAG_KEYS = ("aws:requesttag/", "aws:resourcetag/", "aws:tagkeys")
_UNTAGGED = frozenset(
    {"ses:sendbounce", "ses:sendrawemail", "ses:sendtemplatedemail", "ses:sendbulktemplatedemail"}
)
ADDRESSES = frozenset({"ses:fromaddress", "ses:feedbackaddress", "ses:recipients"})
"""Keys whose values are email addresses."""
MULTIVALUED = frozenset(
    {
        "aws:calledvia",
        "aws:principalorgpaths",
        "aws:principalservicenameslist",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:tagkeys",
        "ses:recipients",
        "ses:replicaregion",
    }
)
"""Keys that may hold several values in one request."""


def never_carried(action: str, key: str) -> bool:
    """Whether AWS documents that requests for this action do not carry the key; both in lower case."""
    if key.startswith("ses:"):
        return not action.startswith("ses:") or key not in _SES_KEYS.get(action, frozenset()) | {
            "ses:apiversion"
        }
    return action in _UNTAGGED and key.startswith(_TAG_KEYS)
