"""The condition keys of a call: those every AWS request carries, and those of its service and action.

What the principal implies (aws:PrincipalArn, aws:PrincipalAccount …) policies.evaluation adds by itself. Any
other key is unknown: where a policy turns on one, the call depends on it and is denied.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr

from offline.authorization.callers import Caller
from offline.authorization.resources import Parameters
from offline.authorization.wire import ApiCall

Context = Mapping[str, tuple[str, ...]]

_ABSENT = (
    # The call comes from a user or a role, not from a service on behalf of a resource.
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:SourceOwner",
    # It comes over the internet, not through a VPC endpoint or from a browser.
    "aws:Referer",
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:SourceVpce",
    "aws:VpcSourceIp",
    # The accounts of the offline cloud belong to no organization and know no identity provider.
    "aws:FederatedProvider",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
)


def request_context(call: ApiCall, caller: Caller, now: datetime) -> Context:
    """The keys that do not depend on the service.

    aws:SecureTransport is true although the loopback speaks plain HTTP: the same client uses TLS towards AWS.
    """
    return {
        **dict.fromkeys(_ABSENT, ()),
        "aws:CurrentTime": (now.strftime("%Y-%m-%dT%H:%M:%SZ"),),
        "aws:EpochTime": (str(int(now.timestamp())),),
        "aws:RequestedRegion": (call.region,),
        "aws:SecureTransport": ("true",),
        "aws:SourceIp": (call.request.remote_addr or "127.0.0.1",),
        "aws:UserAgent": (call.request.headers.get("User-Agent", ""),),
        "aws:ViaAWSService": ("false",),
        **caller.context,
    }


_FROM_PARAMETERS = {
    ("cloudwatch", "PutMetricData"): {"cloudwatch:namespace": "Namespace"},
    ("s3", "ListObjects"): {"s3:prefix": "Prefix", "s3:delimiter": "Delimiter", "s3:max-keys": "MaxKeys"},
    ("s3", "ListObjectsV2"): {"s3:prefix": "Prefix", "s3:delimiter": "Delimiter", "s3:max-keys": "MaxKeys"},
    ("sns", "Subscribe"): {"sns:Endpoint": "Endpoint", "sns:Protocol": "Protocol"},
    ("sts", "AssumeRole"): {"sts:ExternalId": "ExternalId", "sts:RoleSessionName": "RoleSessionName"},
}
"""The member of the request that is the value of a service's condition key."""


def service_context(call: ApiCall, parameters: Parameters) -> Context:
    """The keys that the Service Authorization Reference lists for the call's action, as far as known."""
    members = _FROM_PARAMETERS.get((call.service, call.operation), {})
    keys = {
        key: (str(parameters[member]),) if member in parameters else () for key, member in members.items()
    }
    if call.service in {"ses", "sesv2"}:
        keys["ses:ApiVersion"] = ("2" if call.service == "sesv2" else "1",)
    if sender := parameters.get("BounceSender") or parameters.get("Source"):
        keys["ses:FromAddress"] = (parseaddr(sender)[1],)
    return keys
