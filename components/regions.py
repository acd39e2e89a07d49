"""What differs between AWS Regions: https://docs.aws.amazon.com/general/latest/gr/ses.html"""

RECEIVING = frozenset(
    {
        "af-south-1",
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-southeast-3",
        "ca-central-1",
        "eu-central-1",
        "eu-north-1",
        "eu-south-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "il-central-1",
        "me-south-1",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
    }
)
"""Where SES receives mail."""

_OWN_DKIM_ZONE = frozenset(
    {
        "af-south-1",
        "ap-northeast-3",
        "ap-south-2",
        "ap-southeast-3",
        "ap-southeast-5",
        "ca-west-1",
        "eu-central-2",
        "eu-south-1",
        "il-central-1",
        "me-central-1",
    }
)


def dkim_zone(region: str) -> str:
    """Where the Region's SES publishes the public keys of Easy DKIM."""
    return f"dkim.{region}.amazonses.com" if region in _OWN_DKIM_ZONE else "dkim.amazonses.com"


def inbound_host(region: str) -> str:
    """The mail exchanger of the Region's SES."""
    return f"inbound-smtp.{region}.amazonaws.com"


def feedback_host(region: str) -> str:
    """Where bounces for a custom MAIL FROM domain go."""
    return f"feedback-smtp.{region}.amazonses.com"
