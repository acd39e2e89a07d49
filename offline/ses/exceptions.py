"""SES's error codes and texts that moto does not have yet.

Texts are AWS's own, from its documentation or as observed by others on AWS (each class or comment says
where); the ones that nobody has seen are in `inferred`.
"""

from moto.core.exceptions import JsonRESTError
from moto.ses.exceptions import InvalidParameterValue, MessageRejectedError, SesError


class ThrottlingError(SesError):  # type: ignore[misc]  # moto has no types here
    """DG, "Errors related to the sending quotas": over the rate of one SendBounce a second."""

    code = "Throttling"
    message = "Maximum sending rate exceeded."


class LimitExceededError(SesError):  # type: ignore[misc]
    """Over a quota of receiving; the texts `Too many rules|actions|filters` were observed on AWS."""

    code = "LimitExceeded"


class InvalidPolicyError(SesError):  # type: ignore[misc]
    """A sending authorization policy that SES does not take."""

    code = "InvalidPolicy"


class NotVerifiedError(MessageRejectedError):  # type: ignore[misc]
    """DG, "Amazon SES email sending errors"; the Region is written in capitals (aws-sdk-ruby issue 2111)."""

    def __init__(self, region: str, *identities: str):
        super().__init__(
            "Email address is not verified. The following identities failed the check in region "
            f"{region.upper()}: {', '.join(identities)}"
        )


class TooManyPoliciesError(InvalidParameterValue):  # type: ignore[misc]
    """The 21st policy of an identity; the text was observed on AWS, in v1 and v2."""

    def __init__(self, identity: str):
        super().__init__(
            f"Number of policies for <{identity}> exceeds max allowed number of policies per resource"
        )


class V2Error(JsonRESTError):  # type: ignore[misc]
    """An error of the v2 API."""

    error_code = "BadRequestException"

    def __init__(self, message: str):
        super().__init__(self.error_code, message)


class V2BadRequestError(V2Error):
    """The v2 form of v1's InvalidParameterValue, InvalidPolicy and ValidationError, with the same texts."""


class V2AlreadyExistsError(V2Error):
    """An identity or a policy whose name is taken."""

    error_code = "AlreadyExistsException"


class V2LimitExceededError(V2Error):
    """The 21st policy of an identity."""

    error_code = "LimitExceededException"


class V2NotFoundError(V2Error):
    """No such identity or policy."""

    code = 404
    error_code = "NotFoundException"
