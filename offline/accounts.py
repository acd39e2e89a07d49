"""Sessions in the accounts of the offline cloud, got by AssumeRole as an organization's operators do."""

import boto3

from offline.authorization.callers import OPERATOR_ROLE


def session(endpoint: str, account_id: str, region: str, role: str = OPERATOR_ROLE) -> boto3.Session:
    """A session of a role in an account, under the session name `offline`.

    Clients made from it need `endpoint_url=endpoint`. The default role exists in every account and may do
    everything; any other has the permissions of its policies.
    """
    sts = boto3.client(
        "sts",
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id="operator",
        aws_secret_access_key="operator",  # noqa: S106  # the offline cloud checks no signatures
    )
    credentials = sts.assume_role(
        RoleArn=f"arn:aws:iam::{account_id}:role/{role}", RoleSessionName="offline"
    )["Credentials"]
    return boto3.Session(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
        region_name=region,
    )
