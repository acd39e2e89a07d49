"""What a failed AWS call means for its request: try again or give up; and may it have taken effect?

Codes: SES API reference, "Common errors" and SendBounce; SQS and DynamoDB have much the same. What is not
known to pass is permanent, so that it is reported at once; what may have had an effect is uncertain.
"""

from dataclasses import dataclass

from botocore import exceptions as botocore

from lambda_src.template import clean

#: Characters of an error's text that are kept.
MAX_TEXT = 1024

#: Refused because of a rate: nothing was sent.
THROTTLES = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "ProvisionedThroughputExceededException",
        "SlowDown",
    }
)

#: Refused because of the role's session or the clock; the next session or attempt is another matter.
CREDENTIALS = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)

#: Raised before a request is on its way.
UNSENT = (
    botocore.ConnectTimeoutError,
    botocore.CredentialRetrievalError,
    botocore.EndpointConnectionError,
    botocore.NoCredentialsError,
    botocore.ProxyConnectionError,
    botocore.SSLError,
)


@dataclass(frozen=True)
class Failure:
    """Why an attempt failed.

    Attributes:
        code: AWS's error code, the exception's name, or of our own: `Malformed`, `Expired`, `Interrupted`.
        text: AWS's message or ours, fit for a log and a message attribute.
        retry: Whether another attempt may succeed.
        uncertain: Whether the call may have taken effect all the same.
        throttled: Whether a rate was exceeded.
        request_id: AWS's request ID, for its support.
    """

    code: str
    text: str
    retry: bool = False
    uncertain: bool = False
    throttled: bool = False
    request_id: str | None = None


def classify(error: Exception) -> Failure:
    """The failure that an exception from an AWS client stands for."""
    if isinstance(error, botocore.ClientError):
        return _refused(error)
    code, text = type(error).__name__, clean(str(error), MAX_TEXT)
    if isinstance(error, botocore.ParamValidationError):
        return Failure(code, text)
    return Failure(code, text, retry=True, uncertain=not isinstance(error, UNSENT))


def ours(code: str, text: str) -> Failure:
    """A permanent failure that no AWS call has caused."""
    return Failure(code, clean(text, MAX_TEXT))


def _refused(error: botocore.ClientError) -> Failure:
    details = error.response.get("Error", {})
    metadata = error.response.get("ResponseMetadata", {})
    code, status = details.get("Code") or "Unknown", metadata.get("HTTPStatusCode", 0)
    throttled = code in THROTTLES
    return Failure(
        clean(code),
        clean(details.get("Message") or code, MAX_TEXT),
        retry=throttled or code in CREDENTIALS or status >= 500,
        # 503 says that the service did not take the request; other 5xx do not say how far it got.
        uncertain=status >= 500 and status != 503 and not throttled,
        throttled=throttled,
        request_id=metadata.get("RequestId"),
    )
