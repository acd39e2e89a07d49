"""Powertools for AWS Lambda comes from its public layer; this is the only place that names one.

https://docs.aws.amazon.com/powertools/python/latest/getting-started/install/#lambda-layer
"""

RUNTIME = "python3.13"
LAYER_VERSION = 37
"""The layer's version, the same in every commercial Region."""


def layer_arn(region: str, architecture: str) -> str:
    """ARN of the public layer for our runtime in this Region, for `arm64` or `x86_64`."""
    layer = f"AWSLambdaPowertoolsPythonV3-{RUNTIME.replace('.', '')}-{architecture}"
    return f"arn:aws:lambda:{region}:017000801446:layer:{layer}:{LAYER_VERSION}"
