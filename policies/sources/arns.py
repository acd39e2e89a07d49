"""What an audit can be about."""

import re

_AUDITABLE = re.compile(
    r"arn:aws[a-z-]*:(ses:[a-z0-9-]+:\d{12}:identity/[^\s/]+|iam::\d{12}:role/([!-~]+/)?[\w+=,.@-]+)",
    re.ASCII,
)


def is_auditable(arn: str) -> bool:
    """Whether it is the ARN of an SES identity or of a role."""
    return _AUDITABLE.fullmatch(arn) is not None
