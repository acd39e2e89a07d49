"""Sending identities of Amazon SES: identities, their MAIL FROM domain, their policies (the SES API v2)."""

from collections.abc import Mapping

from offline.provider.aws import Aws
from offline.provider.errors import ProviderError
from offline.provider.kinds import Document, String
from offline.provider.mapping import from_api, to_api
from offline.provider.schema import Property, ResourceType, Tags
from offline.provider.wire import Json

_MAIL_FROM: Mapping[str, Property] = {
    "behaviorOnMxFailure": Property(
        String(allowed=("USE_DEFAULT_VALUE", "REJECT_MESSAGE")), default="USE_DEFAULT_VALUE"
    ),
    "emailIdentity": Property(required=True, replaces=True),
    "mailFromDomain": Property(),
}

_POLICY: Mapping[str, Property] = {
    "emailIdentity": Property(required=True, replaces=True),
    "policy": Property(Document(), required=True),
    "policyName": Property(String(r"[A-Za-z0-9_-]{1,64}"), required=True, replaces=True),
}


def _create_identity(aws: Aws, inputs: Json) -> str:
    tags = [{"Key": key, "Value": value} for key, value in inputs["tags"].items()]
    aws.client("sesv2").create_email_identity(EmailIdentity=inputs["emailIdentity"], Tags=tags)
    return str(inputs["emailIdentity"])


def _read_identity(aws: Aws, resource_id: str, _: Json) -> Json:
    answer = aws.client("sesv2").get_email_identity(EmailIdentity=resource_id)
    dkim = answer["DkimAttributes"]
    return {
        "arn": aws.arn("ses", f"identity/{resource_id}"),
        "dkimSigningAttributes": {
            "currentSigningKeyLength": dkim.get("CurrentSigningKeyLength"),
            "signingAttributesOrigin": dkim.get("SigningAttributesOrigin"),
            "status": dkim.get("Status"),
            "tokens": dkim.get("Tokens", []),
        },
        "emailIdentity": resource_id,
        "identityType": answer["IdentityType"],
        "tags": {tag["Key"]: tag["Value"] for tag in answer["Tags"]},
        "verificationStatus": answer.get("VerificationStatus"),
        "verifiedForSendingStatus": answer["VerifiedForSendingStatus"],
    }


def _retag(aws: Aws, _: str, state: Json, tags: Tags, removed: list[str]) -> None:
    sesv2 = aws.client("sesv2")
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    sesv2.tag_resource(ResourceArn=state["arn"], Tags=pairs)
    if removed:
        sesv2.untag_resource(ResourceArn=state["arn"], TagKeys=removed)


def _put_mail_from(aws: Aws, inputs: Json) -> str:
    aws.client("sesv2").put_email_identity_mail_from_attributes(
        **to_api(_MAIL_FROM, {"mailFromDomain": "", **inputs})
    )
    return str(inputs["emailIdentity"])


def _read_mail_from(aws: Aws, resource_id: str, known: Json) -> Json | None:
    told = aws.client("sesv2").get_email_identity(EmailIdentity=resource_id)["MailFromAttributes"]
    if "mailFromDomain" in known and "MailFromDomain" not in told:
        return None
    return {**from_api(_MAIL_FROM, told), "emailIdentity": resource_id}


def _create_policy(aws: Aws, inputs: Json) -> str:
    aws.client("sesv2").create_email_identity_policy(**to_api(_POLICY, inputs))
    return f"{inputs['emailIdentity']}|{inputs['policyName']}"


def _read_policy(aws: Aws, resource_id: str, _: Json) -> Json | None:
    identity, name = _split_policy_id(resource_id)
    policies = aws.client("sesv2").get_email_identity_policies(EmailIdentity=identity)["Policies"]
    if name not in policies:
        return None
    return {"emailIdentity": identity, "policyName": name, "policy": policies[name]}


def _delete_policy(aws: Aws, resource_id: str, _: Json) -> None:
    identity, name = _split_policy_id(resource_id)
    aws.client("sesv2").delete_email_identity_policy(EmailIdentity=identity, PolicyName=name)


def _split_policy_id(resource_id: str) -> tuple[str, str]:
    identity, separator, name = resource_id.partition("|")
    if not separator:
        raise ProviderError(f"the ID of an identity policy is <identity>|<policy>, not {resource_id!r}")
    return identity, name


RESOURCES = (
    ResourceType(
        "aws:sesv2/emailIdentity:EmailIdentity",
        {"emailIdentity": Property(required=True, replaces=True)},
        create=_create_identity,
        read=_read_identity,
        delete=lambda aws, resource_id, _: aws.client("sesv2").delete_email_identity(
            EmailIdentity=resource_id
        ),
        retag=_retag,
        outputs=(
            "arn",
            "dkimSigningAttributes",
            "identityType",
            "verificationStatus",
            "verifiedForSendingStatus",
        ),
    ),
    ResourceType(
        "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes",
        _MAIL_FROM,
        create=_put_mail_from,
        read=_read_mail_from,
        update=lambda aws, _, __, news: _put_mail_from(aws, news),
        delete=lambda aws, resource_id, _: aws.client("sesv2").put_email_identity_mail_from_attributes(
            EmailIdentity=resource_id
        ),
    ),
    ResourceType(
        "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy",
        _POLICY,
        create=_create_policy,
        read=_read_policy,
        update=lambda aws, _, __, news: aws.client("sesv2").update_email_identity_policy(
            **to_api(_POLICY, news)
        ),
        delete=_delete_policy,
    ),
)
