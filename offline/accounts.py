"""Sessions in the accounts of the offline cloud, got by AssumeRole as an organization's operators do."""

import boto3
import botocore.session
from botocore.loaders import create_loader

OPERATOR_ROLE = "OrganizationAccountAccessRole"
"""The role that AWS Organizations puts into a member account for its administrators."""

_MODELS = create_loader()
"""botocore's models of the services, each read once in this process instead of once a session."""


def session(endpoint: str, account_id: str, region: str, role: str = OPERATOR_ROLE) -> boto3.Session:
    """A session of a role in an account, under the session name `offline`.

    Clients made from it need `endpoint_url=endpoint`. The default role exists in every account and may do
    everything; any other has the permissions of its policies.
    """
    operator = _session(region, "operator", "operator")  # the offline cloud checks no signatures
    sts = operator.client("sts", endpoint_url=endpoint)
    credentials = sts.assume_role(
        RoleArn=f"arn:aws:iam::{account_id}:role/{role}", RoleSessionName="offline"
    )["Credentials"]
    return _session(
        region, credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"]
    )


def _session(region: str, key: str, secret: str, token: str | None = None) -> boto3.Session:
    core = botocore.session.Session()
    core.register_component("data_loader", _MODELS)
    return boto3.Session(key, secret, token, region, core)
