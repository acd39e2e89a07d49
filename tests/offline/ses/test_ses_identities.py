"""Identities, Easy DKIM and MAIL FROM, by v1 and by v2."""

import re
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from offline.ses import install

Refused = Callable[..., tuple[str, str]]


def test_an_identity_of_v2_is_verified_at_once_and_known_to_v1(ses: Any, v2: Any) -> None:
    created = v2.create_email_identity(EmailIdentity="example.com", Tags=[{"Key": "team", "Value": "mail"}])
    assert created["VerifiedForSendingStatus"] is True
    tokens = created["DkimAttributes"]["Tokens"]
    assert len(set(tokens)) == 3
    assert all(re.fullmatch("[a-z2-7]{32}", token) for token in tokens)
    described = v2.get_email_identity(EmailIdentity="example.com")
    assert described["IdentityType"] == "DOMAIN"
    assert described["VerificationStatus"] == "SUCCESS"
    assert described["Tags"] == [{"Key": "team", "Value": "mail"}]
    assert described["DkimAttributes"]["SigningHostedZone"] == "dkim.amazonses.com"
    assert described["MailFromAttributes"] == {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"}
    assert ses.list_identities()["Identities"] == ["example.com"]
    attributes = ses.get_identity_dkim_attributes(Identities=["example.com"])["DkimAttributes"]["example.com"]
    assert attributes == {"DkimEnabled": True, "DkimVerificationStatus": "Success", "DkimTokens": tokens}


def test_an_identity_of_v1_has_stable_dkim_tokens_of_its_own(ses: Any) -> None:
    first = ses.verify_domain_dkim(Domain="example.com")["DkimTokens"]
    assert ses.verify_domain_dkim(Domain="example.com")["DkimTokens"] == first
    assert set(ses.verify_domain_dkim(Domain="example.org")["DkimTokens"]).isdisjoint(first)
    statuses = ses.get_identity_verification_attributes(Identities=["example.com"])["VerificationAttributes"]
    assert statuses["example.com"]["VerificationStatus"] == "Success"


def test_an_address_signs_as_its_domain(ses: Any, v2: Any) -> None:
    v2.create_email_identity(EmailIdentity="user@example.com")
    alone = v2.get_email_identity(EmailIdentity="user@example.com")["DkimAttributes"]
    assert (alone["SigningEnabled"], alone["Status"]) == (False, "NOT_STARTED")
    tokens = ses.verify_domain_dkim(Domain="example.com")["DkimTokens"]
    assert v2.get_email_identity(EmailIdentity="user@example.com")["DkimAttributes"]["Tokens"] == tokens


def test_an_internationalised_domain_is_one_identity_in_both_forms(ses: Any, v2: Any) -> None:
    ses.verify_domain_identity(Domain="Bücher.example")
    ses.verify_domain_identity(Domain="xn--bcher-kva.example")
    assert ses.list_identities()["Identities"] == ["xn--bcher-kva.example"]
    assert v2.get_email_identity(EmailIdentity="bücher.example")["VerifiedForSendingStatus"]


def test_v2_names_known_and_unknown_identities(v2: Any, refused: Refused) -> None:
    v2.create_email_identity(EmailIdentity="example.com")
    assert refused(v2.create_email_identity, EmailIdentity="example.com") == (
        "AlreadyExistsException",
        "Email identity example.com already exist.",
    )
    v2.delete_email_identity(EmailIdentity="example.com")
    assert refused(v2.get_email_identity, EmailIdentity="example.com") == (
        "NotFoundException",
        "Identity example.com does not exist.",
    )
    assert refused(v2.delete_email_identity, EmailIdentity="example.com") == (
        "NotFoundException",
        "Email identity example.com does not exist.",
    )


def test_v1_deletes_an_address_of_a_verified_domain_without_complaint(ses: Any) -> None:
    ses.verify_domain_identity(Domain="example.com")
    ses.delete_identity(Identity="user@example.com")
    assert ses.list_identities()["Identities"] == ["example.com"]


def test_the_custom_mail_from_domain_is_shared_and_cleared(ses: Any, v2: Any) -> None:
    v2.create_email_identity(EmailIdentity="example.com")
    v2.put_email_identity_mail_from_attributes(
        EmailIdentity="example.com",
        MailFromDomain="bounce.example.com",
        BehaviorOnMxFailure="REJECT_MESSAGE",
    )
    assert v2.get_email_identity(EmailIdentity="example.com")["MailFromAttributes"] == {
        "MailFromDomain": "bounce.example.com",
        "MailFromDomainStatus": "SUCCESS",
        "BehaviorOnMxFailure": "REJECT_MESSAGE",
    }
    found = ses.get_identity_mail_from_domain_attributes(Identities=["example.com"])
    assert found["MailFromDomainAttributes"]["example.com"] == {
        "MailFromDomain": "bounce.example.com",
        "MailFromDomainStatus": "Success",
        "BehaviorOnMXFailure": "RejectMessage",
    }
    v2.put_email_identity_mail_from_attributes(EmailIdentity="example.com")
    assert v2.get_email_identity(EmailIdentity="example.com")["MailFromAttributes"] == {
        "BehaviorOnMxFailure": "USE_DEFAULT_VALUE"
    }


@pytest.mark.parametrize("domain", ["example.com", "example.org", "notexample.com"])
def test_a_mail_from_domain_is_a_subdomain_of_the_identity(
    ses: Any, v2: Any, refused: Refused, domain: str
) -> None:
    ses.verify_domain_identity(Domain="example.com")
    message = (
        f"Provided MAIL-FROM domain '{domain}' is not subdomain of the domain of the identity 'example.com'."
    )
    assert refused(ses.set_identity_mail_from_domain, Identity="example.com", MailFromDomain=domain) == (
        "InvalidParameterValue",
        message,
    )
    put = v2.put_email_identity_mail_from_attributes
    assert refused(put, EmailIdentity="example.com", MailFromDomain=domain) == (
        "BadRequestException",
        message,
    )


def test_dkim_can_be_switched_off_rotated_and_brought_along(v2: Any, refused: Refused) -> None:
    easy = v2.create_email_identity(EmailIdentity="example.com")["DkimAttributes"]["Tokens"]
    v2.put_email_identity_dkim_attributes(EmailIdentity="example.com", SigningEnabled=False)
    assert not v2.get_email_identity(EmailIdentity="example.com")["DkimAttributes"]["SigningEnabled"]
    put = v2.put_email_identity_dkim_signing_attributes
    rotated = put(
        EmailIdentity="example.com",
        SigningAttributesOrigin="AWS_SES",
        SigningAttributes={"NextSigningKeyLength": "RSA_1024_BIT"},
    )
    assert rotated["DkimStatus"] == "SUCCESS"
    assert set(rotated["DkimTokens"]).isdisjoint(easy)
    own = put(
        EmailIdentity="example.com",
        SigningAttributesOrigin="EXTERNAL",
        SigningAttributes={"DomainSigningSelector": "mine", "DomainSigningPrivateKey": "a2V5"},
    )
    assert own["DkimTokens"] == ["mine"]
    assert (
        v2.get_email_identity(EmailIdentity="example.com")["DkimAttributes"]["SigningAttributesOrigin"]
        == "EXTERNAL"
    )
    assert refused(
        v2.put_email_identity_dkim_attributes, EmailIdentity="a@example.org", SigningEnabled=True
    ) == (
        "BadRequestException",
        "Domain example.org is not verified for DKIM signing.",
    )
    assert refused(put, EmailIdentity="a@example.com", SigningAttributesOrigin="AWS_SES") == (
        "BadRequestException",
        "The EmailIdentity value must be a valid domain.",
    )


def test_tags_feedback_and_configuration_set_are_kept(v2: Any) -> None:
    arn = "arn:aws:ses:us-east-1:123456789012:identity/example.com"
    v2.create_email_identity(EmailIdentity="example.com", Tags=[{"Key": "a", "Value": "1"}])
    v2.tag_resource(ResourceArn=arn, Tags=[{"Key": "b", "Value": "2"}, {"Key": "c", "Value": "3"}])
    v2.untag_resource(ResourceArn=arn, TagKeys=["a", "c"])
    v2.put_email_identity_feedback_attributes(EmailIdentity="example.com", EmailForwardingEnabled=False)
    v2.put_email_identity_configuration_set_attributes(
        EmailIdentity="example.com", ConfigurationSetName="set"
    )
    described = v2.get_email_identity(EmailIdentity="example.com")
    assert described["Tags"] == v2.list_tags_for_resource(ResourceArn=arn)["Tags"]
    assert described["Tags"] == [{"Key": "b", "Value": "2"}]
    assert described["FeedbackForwardingStatus"] is False
    assert described["ConfigurationSetName"] == "set"


def test_installing_again_keeps_the_state(ses: Any) -> None:
    ses.verify_domain_identity(Domain="example.com")
    install()
    assert boto3.client("ses", "us-east-1").list_identities()["Identities"] == ["example.com"]
