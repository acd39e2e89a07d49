"""What SES checks of a receipt rule's actions when the rule is made: values, and access to the targets.

Texts were observed on AWS (2026), those in `inferred` excepted.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from moto.ses.exceptions import (
    InvalidLambdaFunctionException,
    InvalidParameterValue,
    InvalidS3ConfigurationException,
    InvalidSnsTopicException,
)

from offline.ses import inferred, targets
from offline.ses.exceptions import LimitExceededError
from offline.ses.targets import RuleReference

MAX_ACTIONS = 10
SETUP_KEY = "AMAZON_SES_SETUP_NOTIFICATION"  # the object that SES leaves in a bucket to see that it can

_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,50}")
_HEADER_VALUE = re.compile(r"[^\r\n]{0,2048}")
_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:.+")
_FUNCTION = re.compile(r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:.+")

Action = Mapping[str, Mapping[str, str]]


def check(actions: Sequence[Action], rule: RuleReference, is_verified: Callable[[str], bool]) -> None:
    """Refuse actions that SES would refuse.

    Args:
        actions: The rule's actions, each `{kind: settings}` as in the SES API.
        rule: The rule they belong to.
        is_verified: Whether the account may send from an address.

    Raises:
        moto.ses.exceptions.SesError: With AWS's code and text.
    """
    if len(actions) > MAX_ACTIONS:
        raise LimitExceededError("Too many actions")
    for action in actions:
        for kind, settings in action.items():
            if "TopicArn" in settings:
                _check_topic(settings["TopicArn"], rule)
            if kind == "BounceAction":
                _check_bounce(settings, is_verified)
            elif kind in _CHECKS:
                _CHECKS[kind](settings, rule)


def _check_topic(topic_arn: str, rule: RuleReference) -> None:
    if not _TOPIC.fullmatch(topic_arn):
        raise InvalidSnsTopicException(f"Invalid SNS topic: {topic_arn}")
    if not targets.may_publish(topic_arn, rule):
        raise InvalidSnsTopicException(f"Could not publish to SNS topic: {topic_arn}")


def _check_bounce(settings: Mapping[str, str], is_verified: Callable[[str], bool]) -> None:
    if not re.fullmatch(r"[45]\d\d", settings["SmtpReplyCode"]):
        raise InvalidParameterValue(f"Invalid SMTP reply code: {settings['SmtpReplyCode']}")
    if not re.fullmatch(r"[^\r\n]+", settings["Message"]):
        raise InvalidParameterValue(f"Invalid SMTP response message: {settings['Message']}")
    if not is_verified(settings["Sender"]):
        raise InvalidParameterValue(f"Identity is not verified: {settings['Sender']}")


def _check_add_header(settings: Mapping[str, str], _: RuleReference) -> None:
    name = settings["HeaderName"]
    if not _HEADER_NAME.fullmatch(name):
        raise InvalidParameterValue(f"Invalid header name: {name}")
    if not _HEADER_VALUE.fullmatch(settings["HeaderValue"]):
        raise InvalidParameterValue(inferred.INVALID_HEADER_VALUE.format(name=name))


def _check_lambda(settings: Mapping[str, str], rule: RuleReference) -> None:
    arn = settings["FunctionArn"]
    if not arn:
        raise InvalidParameterValue("Lambda function ARN must not be empty")
    if not _FUNCTION.fullmatch(arn):
        raise InvalidLambdaFunctionException(f"Invalid Lambda function: {arn}")
    if not targets.may_invoke(arn, rule):
        raise InvalidLambdaFunctionException(f"Could not invoke Lambda function: {arn}")


def _check_s3(settings: Mapping[str, str], rule: RuleReference) -> None:
    bucket = settings["BucketName"]
    if not bucket:
        raise InvalidParameterValue("Bucket name must not be empty")
    if targets.bucket_owner(bucket) is None:
        raise InvalidS3ConfigurationException(f"No such bucket: {bucket}")
    if "KmsKeyArn" in settings and not targets.key_exists(settings["KmsKeyArn"]):
        raise InvalidS3ConfigurationException(f"Unable to use AWS KMS key: {settings['KmsKeyArn']}")
    if not targets.put(settings, SETUP_KEY, b"Amazon SES can write to this bucket.\r\n", rule):
        raise InvalidS3ConfigurationException(f"Could not write to bucket: {bucket}")


_CHECKS: Mapping[str, Callable[[Mapping[str, str], RuleReference], None]] = {
    "AddHeaderAction": _check_add_header,
    "LambdaAction": _check_lambda,
    "S3Action": _check_s3,
}
