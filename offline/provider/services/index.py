"""The functions that tell a program where it works."""

from offline.provider.aws import Aws
from offline.provider.schema import Function
from offline.provider.wire import Json


def _get_caller_identity(aws: Aws, _: Json) -> Json:
    caller = aws.client("sts").get_caller_identity()
    return {
        "accountId": caller["Account"],
        "arn": caller["Arn"],
        "id": caller["Account"],
        "userId": caller["UserId"],
    }


def _get_region(aws: Aws, _: Json) -> Json:
    return {
        "description": aws.region,
        "endpoint": f"ec2.{aws.region}.amazonaws.com",
        "id": aws.region,
        "name": aws.region,
    }


FUNCTIONS = (
    Function("aws:index/getCallerIdentity:getCallerIdentity", _get_caller_identity, regional=False),
    Function("aws:index/getRegion:getRegion", _get_region),
)
