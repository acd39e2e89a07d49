"""The failure matrix: what every answer of AWS means for the request."""

import pytest
from botocore import exceptions
from botocore.exceptions import ClientError

from lambda_src.failures import Failure, classify


def refusal(code: str, status: int, message: str = "Why") -> ClientError:
    """An error answer of AWS."""
    metadata = {"HTTPStatusCode": status, "RequestId": "request-1"}
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}, "SendBounce"
    )  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    ("code", "status", "retry", "uncertain", "throttled"),
    [
        ("Throttling", 400, True, False, True),
        ("ThrottlingException", 400, True, False, True),
        ("ProvisionedThroughputExceededException", 400, True, False, True),
        ("Throttling", 503, True, False, True),
        ("InternalFailure", 500, True, True, False),
        ("BadGateway", 502, True, True, False),
        ("ServiceUnavailable", 503, True, False, False),
        ("GatewayTimeout", 504, True, True, False),
        ("ExpiredToken", 403, True, False, False),
        ("InvalidClientTokenId", 403, True, False, False),
        ("RequestExpired", 400, True, False, False),
        ("MessageRejected", 400, False, False, False),
        ("AccessDenied", 403, False, False, False),
        ("AccessDeniedException", 403, False, False, False),
        ("ValidationError", 400, False, False, False),
        ("InvalidParameterValue", 400, False, False, False),
        ("NeverHeardOf", 418, False, False, False),
    ],
)
def test_error_answers(code: str, status: int, retry: bool, uncertain: bool, throttled: bool) -> None:
    assert classify(refusal(code, status)) == Failure(
        code, "Why", retry=retry, uncertain=uncertain, throttled=throttled, request_id="request-1"
    )


URL = "https://email.eu-west-1.amazonaws.com/"


@pytest.mark.parametrize(
    ("error", "retry", "uncertain"),
    [
        (exceptions.ConnectTimeoutError(endpoint_url=URL), True, False),
        (exceptions.EndpointConnectionError(endpoint_url=URL), True, False),
        (exceptions.SSLError(endpoint_url=URL, error="x"), True, False),
        (exceptions.NoCredentialsError(), True, False),
        (exceptions.ReadTimeoutError(endpoint_url=URL), True, True),
        (exceptions.ConnectionClosedError(endpoint_url=URL), True, True),
        (exceptions.HTTPClientError(error="reset"), True, True),
        (exceptions.ParamValidationError(report="x"), False, False),
        (KeyError("MessageId"), True, True),
    ],
)
def test_no_answer(error: Exception, retry: bool, uncertain: bool) -> None:
    failure = classify(error)
    assert (failure.retry, failure.uncertain) == (retry, uncertain)
    assert failure.code == type(error).__name__
    assert failure.request_id is None


def test_text_is_fit_for_a_message_attribute() -> None:
    failure = classify(refusal("MessageRejected", 400, "Größe\r\n" + "x" * 5000))
    assert failure.text.startswith("Gr??e??xxx")
    assert len(failure.text) == 1024


def test_an_answer_without_code_is_permanent() -> None:
    assert classify(ClientError({}, "SendBounce")) == Failure("Unknown", "Unknown")
