"""VerifiedIdentity: what makes a domain receive and send through SES."""

from typing import Any

import pulumi
import pytest
from component_world import Account, Deploy

from components import VerifiedIdentity
from components.errors import InvalidConfiguration


def records(deployment: Any) -> list[tuple[str, str, str]]:
    return [(one["name"], one["type"], one["value"]) for one in deployment.outputs["dns_records"]]


def test_a_domain_that_receives_needs_these_records(deploy: Deploy) -> None:
    deployment = deploy(
        lambda: VerifiedIdentity("id", {"identity": "example.com", "receiving": True, "subdomains": True})
    )

    assert records(deployment) == [
        ("example.com", "MX", "10 inbound-smtp.us-east-1.amazonaws.com"),
        ("*.example.com", "MX", "10 inbound-smtp.us-east-1.amazonaws.com"),
        ("one._domainkey.example.com", "CNAME", "one.dkim.amazonses.com"),
        ("two._domainkey.example.com", "CNAME", "two.dkim.amazonses.com"),
        ("three._domainkey.example.com", "CNAME", "three.dkim.amazonses.com"),
        ("example.com", "TXT", "v=spf1 include:amazonses.com ~all"),
        ("_dmarc.example.com", "TXT", "v=DMARC1; p=none"),
        ("mail-from.example.com", "MX", "10 feedback-smtp.us-east-1.amazonses.com"),
        ("mail-from.example.com", "TXT", "v=spf1 include:amazonses.com ~all"),
    ]
    assert deployment.of("Record") == []


def test_an_owner_that_only_sends_gets_no_mx_record_which_would_take_its_mail_away(deploy: Deploy) -> None:
    deployment = deploy(lambda: VerifiedIdentity("id", {"identity": "example.com"}))

    assert ("example.com", "MX") not in [record[:2] for record in records(deployment)]


@pytest.mark.parametrize(
    ("region", "zone"), [("eu-south-1", "dkim.eu-south-1.amazonses.com"), ("eu-west-1", "dkim.amazonses.com")]
)
def test_some_regions_publish_dkim_keys_in_a_zone_of_their_own(
    deploy: Deploy, region: str, zone: str
) -> None:
    deployment = deploy(lambda: VerifiedIdentity("id", {"identity": "example.com"}), Account(region=region))

    assert records(deployment)[0][2] == f"one.{zone}"


def test_given_the_zone_the_records_are_made(deploy: Deploy) -> None:
    deployment = deploy(
        lambda: VerifiedIdentity("id", {"identity": "example.com", "zone_id": "Z1", "receiving": True})
    )

    made = [
        (one.inputs["name"], one.inputs["type"], one.inputs["records"][0]) for one in deployment.of("Record")
    ]
    assert sorted(made) == sorted(records(deployment))
    assert {one.inputs["zoneId"] for one in deployment.of("Record")} == {"Z1"}


def test_sending_goes_on_while_the_mail_from_domain_is_not_ready(deploy: Deploy) -> None:
    (mail_from,) = deploy(
        lambda: VerifiedIdentity("id", {"identity": "example.com", "mail_from_domain": "b.example.com"})
    ).of("EmailIdentityMailFromAttributes")

    assert mail_from.inputs["mailFromDomain"] == "b.example.com"
    assert mail_from.inputs["behaviorOnMxFailure"] == "USE_DEFAULT_VALUE"


@pytest.mark.parametrize("wrong", ["example.com", "mail.example.org", "notexample.com"])
def test_a_mail_from_domain_that_is_no_subdomain_is_refused(deploy: Deploy, wrong: str) -> None:
    with pytest.raises(InvalidConfiguration, match=r"mailFromDomain: .* must be a subdomain of example\.com"):
        deploy(lambda: VerifiedIdentity("id", {"identity": "example.com", "mail_from_domain": wrong}))


def test_an_address_needs_no_dns(deploy: Deploy) -> None:
    deployment = deploy(lambda: VerifiedIdentity("id", {"identity": "bounces@example.com", "zone_id": "Z1"}))

    assert [one.type for one in deployment.resources if one.type.startswith("aws:")] == [
        "aws:sesv2/emailIdentity:EmailIdentity"
    ]
    assert deployment.outputs["dns_records"] == []


def test_a_domain_that_comes_from_another_resource(deploy: Deploy) -> None:
    deployment = deploy(lambda: VerifiedIdentity("id", {"identity": pulumi.Output.from_input("example.com")}))

    assert ("_dmarc.example.com", "TXT", "v=DMARC1; p=none") in records(deployment)


def test_before_the_first_deployment_only_what_hangs_on_aws_is_unknown(deploy: Deploy) -> None:
    account = Account(unknown=frozenset({"dkimSigningAttributes", "arn"}))
    deployment = deploy(
        lambda: VerifiedIdentity("id", {"identity": "example.com", "zone_id": "Z1"}), account, preview=True
    )

    known = {one.name: "records" in one.inputs for one in deployment.of("Record")}
    assert known["id-spf"]
    assert known["id-dmarc"]
