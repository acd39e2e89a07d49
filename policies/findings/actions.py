"""The actions of Amazon SES, as its two APIs list them."""

from collections.abc import Mapping
from functools import cache, lru_cache

from botocore.loaders import Loader

from policies.evaluation.statements import Statement

SEND_BOUNCE = "ses:SendBounce"
SENDING = (
    SEND_BOUNCE,
    "ses:SendEmail",
    "ses:SendRawEmail",
    "ses:SendTemplatedEmail",
    "ses:SendBulkTemplatedEmail",
)
"""What sending authorization is about; all carry ses:FromAddress."""
MANAGEMENT = frozenset(
    {
        "ses:CreateEmailIdentityPolicy",
        "ses:DeleteEmailIdentity",
        "ses:DeleteEmailIdentityPolicy",
        "ses:DeleteIdentity",
        "ses:DeleteIdentityPolicy",
        "ses:PutEmailIdentityConfigurationSetAttributes",
        "ses:PutEmailIdentityDkimAttributes",
        "ses:PutEmailIdentityDkimSigningAttributes",
        "ses:PutEmailIdentityFeedbackAttributes",
        "ses:PutEmailIdentityMailFromAttributes",
        "ses:PutIdentityPolicy",
        "ses:SetIdentityDkimEnabled",
        "ses:SetIdentityFeedbackForwardingEnabled",
        "ses:SetIdentityMailFromDomain",
        "ses:SetIdentityNotificationTopic",
        "ses:UpdateEmailIdentityPolicy",
    }
)
"""What changes an identity:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_sesv2.html"""


@cache
def known() -> tuple[str, ...]:
    """Every action of SES, those that send first."""
    loader = Loader()
    models: list[Mapping[str, object]] = [
        loader.load_service_model(api, "service-2")["operations"] for api in ("ses", "sesv2")
    ]
    named = {f"ses:{operation}" for model in models for operation in model}
    return SENDING + tuple(sorted(named - set(SENDING)))


@lru_cache(maxsize=1024)
def covered(statement: Statement) -> frozenset[str]:
    """The actions of SES that a statement takes in."""
    return frozenset(name for name in known() if statement.covers_action(name.lower()))
