"""The request is the one of SES's API reference; what SES or RFC 3464 refuses is refused with its path."""

import json
from datetime import UTC, datetime
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator
from hypothesis import given
from hypothesis import strategies as st
from lambda_builders import request_document

from lambda_src.errors import RequestError
from lambda_src.request import parse

WHOLE: dict[str, Any] = {
    "OriginalMessageId": "o3vrnil0e2ic28trm7dfhrc2v0clambda4nbp0g1",
    "BounceSender": "mailer-daemon@example.com",
    "Explanation": "Das Postfach gibt es nicht (größer wird es auch nicht).",
    "MessageDsn": {
        "ReportingMta": "dns; inbound-smtp.eu-west-1.amazonaws.com",
        "ArrivalDate": "2015-10-01T13:48:59Z",
        "ExtensionFields": [{"Name": "X-Ticket", "Value": "42"}],
    },
    "BouncedRecipientInfoList": [
        {
            "Recipient": "old@example.com",
            "RecipientArn": "arn:aws:ses:eu-west-1:222222222222:identity/example.com",
            "RecipientDsnFields": {
                "FinalRecipient": "new@example.com",
                "Action": "failed",
                "RemoteMta": "dns; mx.example.net",
                "Status": "5.7.1",
                "DiagnosticCode": "smtp; 550 5.7.1 Refused",
                "LastAttemptDate": "2015-10-01T13:48:59Z",
                "ExtensionFields": [{"Name": "X-Rule", "Value": ""}],
            },
        },
        {"Recipient": "gone@example.com", "BounceType": "ExceededQuota"},
    ],
    "BounceSenderArn": "arn:aws:ses:eu-west-1:222222222222:identity/mailer-daemon@example.com",
}


def test_every_field_of_the_api_goes_through() -> None:
    assert parse(WHOLE).to_json() == WHOLE


def test_every_field_of_the_service_model_is_in_the_whole_request() -> None:
    def members(shape: Any) -> Any:
        if shape.type_name == "structure":
            return {name: members(member) for name, member in shape.members.items()}
        return [members(shape.member)] if shape.type_name == "list" else None

    def names(document: Any) -> Any:
        if isinstance(document, dict):
            return {name: names(value) for name, value in document.items()}
        return [names(document[0])] if isinstance(document, list) else None

    whole = {
        **WHOLE,
        "BouncedRecipientInfoList": [{"BounceType": "x", **WHOLE["BouncedRecipientInfoList"][0]}],
    }
    shape = botocore.session.get_session().get_service_model("ses").operation_model("SendBounce").input_shape
    assert names(whole) == members(shape)


def test_api_form_is_what_botocore_takes() -> None:
    shape = botocore.session.get_session().get_service_model("ses").operation_model("SendBounce").input_shape
    request = parse(WHOLE).to_api()
    assert not ParamValidator().validate(request, shape).has_errors()
    assert request["MessageDsn"]["ArrivalDate"] == datetime(2015, 10, 1, 13, 48, 59, tzinfo=UTC)


def with_recipient(**members: Any) -> dict[str, Any]:
    return request_document(BouncedRecipientInfoList=[{"Recipient": "a@example.com", **members}])


def with_dsn(**members: Any) -> dict[str, Any]:
    return with_recipient(RecipientDsnFields={"Action": "failed", "Status": "5.1.1", **members})


def with_message_dsn(**members: Any) -> dict[str, Any]:
    return request_document(MessageDsn={"ReportingMta": "dns; mx.example.com", **members})


DSN = "BouncedRecipientInfoList[0].RecipientDsnFields"


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({}, "OriginalMessageId"),
        ([], "document"),
        (request_document(OriginalMessageId=""), "OriginalMessageId"),
        (request_document(OriginalMessageId="a b"), "OriginalMessageId"),
        (request_document(OriginalMessageId=7), "OriginalMessageId"),
        (request_document(BounceSender="mailer-daemon"), "BounceSender"),
        (request_document(BounceSender="Mailer <m@example.com>"), "BounceSender"),
        (request_document(BounceSender="m@bücher.example"), "BounceSender"),
        (request_document(Explanation="line\nbreak"), "Explanation"),
        (request_document(Explanation="line\u2028break"), "Explanation"),
        (request_document(Explanation="\ud800"), "Explanation"),
        (request_document(Explanation=""), "Explanation"),
        (request_document(BouncedRecipientInfoList=[]), "BouncedRecipientInfoList"),
        (request_document(BouncedRecipientInfoList=None), "BouncedRecipientInfoList"),
        (request_document(BouncedRecipientInfoList={}), "BouncedRecipientInfoList"),
        (request_document(BounceSenderArn="example.com"), "BounceSenderArn"),
        (request_document(bounceSender="x"), "document"),
        (with_recipient(), "BouncedRecipientInfoList[0].BounceType"),
        (with_recipient(BounceType="NoSuch"), "BouncedRecipientInfoList[0].BounceType"),
        (with_recipient(BounceType="doesnotexist"), "BouncedRecipientInfoList[0].BounceType"),
        (
            with_recipient(
                BounceType="Undefined", RecipientDsnFields={"Action": "failed", "Status": "5.1.1"}
            ),
            "BouncedRecipientInfoList[0].BounceType",
        ),
        (
            with_recipient(BounceType="Undefined", RecipientArn="x"),
            "BouncedRecipientInfoList[0].RecipientArn",
        ),
        (with_dsn(Action="Failed"), f"{DSN}.Action"),
        (with_dsn(Action=None), f"{DSN}.Action"),
        (with_dsn(Status=None), f"{DSN}.Status"),
        (with_dsn(Status="5.1"), f"{DSN}.Status"),
        (with_dsn(Status="5.01.1"), f"{DSN}.Status"),
        (with_dsn(Status="5.1.1000"), f"{DSN}.Status"),
        (with_dsn(Status="3.1.1"), f"{DSN}.Status"),
        (with_dsn(Status="550"), f"{DSN}.Status"),
        (with_dsn(FinalRecipient="rfc822;a@example.com"), f"{DSN}.FinalRecipient"),
        (with_dsn(FinalRecipient="rfc822; a@example.com"), f"{DSN}.FinalRecipient"),
        (with_dsn(RemoteMta="mx.example.com"), f"{DSN}.RemoteMta"),
        (with_dsn(RemoteMta="dns; mx\r\nX: y"), f"{DSN}.RemoteMta"),
        (with_dsn(DiagnosticCode="smtp; 550\r\n 5.1.1"), f"{DSN}.DiagnosticCode"),
        (with_dsn(DiagnosticCode="smtp; 550 größer"), f"{DSN}.DiagnosticCode"),
        (with_dsn(LastAttemptDate="soon"), f"{DSN}.LastAttemptDate"),
        (with_dsn(LastAttemptDate=True), f"{DSN}.LastAttemptDate"),
        (with_dsn(ExtensionFields=[{"Name": "X A", "Value": ""}]), f"{DSN}.ExtensionFields[0].Name"),
        (with_dsn(ExtensionFields=[{"Name": "X" * 51, "Value": ""}]), f"{DSN}.ExtensionFields[0].Name"),
        (with_dsn(ExtensionFields=[{"Name": "", "Value": ""}]), f"{DSN}.ExtensionFields[0].Name"),
        (with_dsn(ExtensionFields=[{"Name": "X"}]), f"{DSN}.ExtensionFields[0].Value"),
        (with_dsn(ExtensionFields=[{"Name": "X", "Value": "a\nb"}]), f"{DSN}.ExtensionFields[0].Value"),
        (with_dsn(ExtensionFields=[{"Name": "X", "Value": "a" * 2049}]), f"{DSN}.ExtensionFields[0].Value"),
        (with_message_dsn(ReportingMta=None), "MessageDsn.ReportingMta"),
        (with_message_dsn(ReportingMta="mx.example.com"), "MessageDsn.ReportingMta"),
        (with_message_dsn(ReportingMta="dns;"), "MessageDsn.ReportingMta"),
        (with_message_dsn(ArrivalDate="soon"), "MessageDsn.ArrivalDate"),
        (request_document(MessageDsn=[]), "MessageDsn"),
    ],
)
def test_refusal_names_the_path(document: dict[str, Any], path: str) -> None:
    with pytest.raises(RequestError) as refused:
        parse(document)
    assert refused.value.path == path
    assert str(refused.value).startswith(f"{path}: ")
    assert refused.value.rule in str(refused.value)


def test_limits_are_inclusive() -> None:
    parse(with_dsn(Status="5.999.999", ExtensionFields=[{"Name": "X" * 50, "Value": "a" * 2048}]))


def test_nothing_is_invented() -> None:
    dsn = parse(with_dsn()).to_json()["BouncedRecipientInfoList"][0]["RecipientDsnFields"]
    assert dsn == {"Action": "failed", "Status": "5.1.1"}


TEXT = st.text(max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """Requests of the right shape with now and then a wrong or hostile value in them."""

    def value(good: Any) -> Any:
        return draw(st.sampled_from([good, good, good, good, draw(JSON)]))

    extension = [{"Name": value("X-A"), "Value": value("b")}]
    dsn = {"Action": value("failed"), "Status": value("5.1.1"), "ExtensionFields": value(extension)}
    recipient = draw(
        st.sampled_from(
            [
                {"RecipientDsnFields": value(dsn)},
                {"BounceType": value("Undefined"), "RecipientArn": value(None)},
            ]
        )
    )
    return request_document(
        value("message"),
        BounceSender=value("m@example.com"),
        Explanation=value("Why"),
        MessageDsn=value({"ReportingMta": value("dns; mx"), "ArrivalDate": value(0)}),
        BouncedRecipientInfoList=value([{"Recipient": value("a@example.com"), **recipient}]),
    )


@given(requests() | JSON)
def test_anything_is_read_back_unchanged_or_refused_on_one_line(document: Any) -> None:
    refused = None
    try:
        request = parse(document)
    except RequestError as error:
        refused = error
    if refused is not None:
        assert str(refused).isprintable()
    else:
        written = json.dumps(request.to_json())
        assert parse(json.loads(written)) == request
        assert "\\r" not in written
        assert "\\n" not in written
