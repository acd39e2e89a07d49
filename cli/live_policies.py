"""The policies of live accounts, as far as the caller's credentials show them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from cli.errors import BadInput
from policies import live
from policies.evaluation import PolicySet, Request

GLOBAL = "us-east-1"
"""The Region through which services without Regions are reached."""
Client = Callable[[str, str], Any]
"""Makes a boto3 client of a service in a Region."""


def added(policies: PolicySet, request: Request, client: Client) -> PolicySet:
    """The policies given, and those of the caller and the SES identity that can be read.

    What belongs to another account than that of the credentials has to be given as a file.

    Raises:
        BadInput: Something could neither be read nor was given.
    """
    try:
        account = client("sts", GLOBAL).get_caller_identity()["Account"]
        caller, owner = request.principal.account, request.owner
        if caller == account:
            found = live.caller_policies(client("iam", GLOBAL), request.principal)
            policies = replace(
                policies,
                identity=policies.identity + found.identity,
                boundaries=policies.boundaries + found.boundaries,
            )
        elif caller and not policies.identity:
            raise BadInput(
                f"account {account} cannot see the policies of {request.principal.name}: --policy-file"
            )
        if owner == account and request.is_ses_identity:
            region = request.resource.split(":")[3]
            found_policies = live.identity_policies(client("sesv2", region), request.resource)
            return replace(policies, resource=policies.resource + found_policies)
        if not policies.resource and owner != caller:
            raise BadInput(
                f"account {account} cannot see the policies of {request.resource}: --resource-policy-file"
            )
    except (ClientError, BotoCoreError) as error:
        raise BadInput(f"the policies cannot be read: {error}") from error
    return policies
