"""What AWS says to a caller who may not: every service in its own words and with its own code.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
Codes and texts of SES, SNS, SQS, S3 and CloudWatch Logs as seen in reports of their users.
"""

from __future__ import annotations

from offline.authorization.requirements import Requirement
from offline.authorization.wire import AwsError

_CODES = {
    "cloudwatch": ("AccessDenied", 403),
    "iam": ("AccessDenied", 403),
    "lambda": ("AccessDeniedException", 403),
    "s3": ("AccessDenied", 403),
    "ses": ("AccessDenied", 403),
    "sesv2": ("AccessDeniedException", 403),
    "sns": ("AuthorizationError", 403),
    "sqs": ("AccessDenied", 403),
    "sts": ("AccessDenied", 403),
}
_OTHERS = ("AccessDeniedException", 400)
_KINDS = {
    "identity": "identity-based policy",
    "resource": "resource-based policy",
    "boundary": "permissions boundary",
    "session": "session policy",
}


def not_allowed_by(source: str, action: str) -> str:
    """Why, when no policy of that kind allows the action."""
    return f"because no {_kind(source, action)} allows the {_spelled(action)} action"


def denied_by(source: str, action: str) -> str:
    """Why, when a policy of that kind denies the action."""
    kind = _kind(source, action)
    return f"with an explicit deny in {'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _kind(source: str, action: str) -> str:
    return "role trust policy" if source == "resource" and action.startswith("sts:") else _KINDS[source]


def access_denied(service: str, caller: str, requirement: Requirement, why: str) -> AwsError:
    """The error for a caller who may not do what the call requires."""
    code, status = _CODES.get(service, _OTHERS)
    action, resource = requirement.action, requirement.resource
    if service in {"ses", "sesv2"}:
        return AwsError(
            code, f"User `{caller}' is not authorized to perform `{action}' on resource `{resource}'", status
        )
    if caller == "*":
        return AwsError(code, "Access Denied", status)
    quoted = f'"{resource}"' if service == "s3" else resource
    place = "" if resource == "*" else f" on resource: {quoted}"
    return AwsError(
        code, f"User: {caller} is not authorized to perform: {_spelled(action)}{place} {why}", status
    )


def _spelled(action: str) -> str:
    """SQS and SNS spell actions their own way in errors."""
    service, _, name = action.partition(":")
    return {"sqs": action.lower(), "sns": f"SNS:{name}"}.get(service, action)
