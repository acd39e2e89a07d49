"""What ``aws:*`` configuration, or an explicit provider, says about account and Region."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from offline.accounts import OPERATOR_ROLE
from offline.provider import wire
from offline.provider.check import Failure, check
from offline.provider.errors import ProviderError
from offline.provider.kinds import ListOf, MapOf, Object, String
from offline.provider.schema import Property
from offline.provider.wire import Json

DEFAULT_ACCOUNT = "111111111111"
DEFAULT_REGION = "us-east-1"

_ROLE_ARN = r"arn:aws[\w-]*:iam::(\d{12}):role/(?:.*/)?([^/]+)"

PROPERTIES: Mapping[str, Property] = {
    "region": Property(),
    "allowedAccountIds": Property(ListOf(String(r"\d{12}"))),
    "assumeRoles": Property(
        ListOf(Object({"roleArn": Property(String(_ROLE_ARN), required=True), "sessionName": Property()}))
    ),
    "defaultTags": Property(Object({"tags": Property(MapOf())})),
}

IMMATERIAL = frozenset(
    {
        "accessKey",
        "endpoints",
        "maxRetries",
        "pluginDownloadURL",
        "profile",
        "s3UsePathStyle",
        "secretKey",
        "skipCredentialsValidation",
        "skipMetadataApiCheck",
        "skipRegionValidation",
        "skipRequestingAccountId",
        "token",
        "version",
    }
)
"""How pulumi-aws reaches AWS and proves who it is, and which pulumi-aws it is: here the endpoint is given and
every account open."""


@dataclass(frozen=True)
class Configuration:
    """Where a provider instance works."""

    account: str
    region: str
    role: str = OPERATOR_ROLE
    default_tags: Mapping[str, str] = field(default_factory=dict)


def check_configuration(given: Json) -> list[Failure]:
    """Every key that is unknown, and every value that pulumi-aws would refuse."""
    _, failures = check(PROPERTIES, _material(given), {}, "", b"")
    return failures


def configuration(given: Json) -> Configuration:
    """Where to work, of a checked configuration; unknown altogether while a preview does not know a part."""
    material = _material(given)
    if wire.has_unknown(material):
        return Configuration(wire.UNKNOWN, wire.UNKNOWN)
    allowed = material.get("allowedAccountIds", [])
    account, role = (allowed or [DEFAULT_ACCOUNT])[0], OPERATOR_ROLE
    for each in material.get("assumeRoles", []):
        account, role = re.fullmatch(_ROLE_ARN, each["roleArn"]).groups()  # type: ignore[union-attr]  # checked
    if allowed and account not in allowed:
        raise ProviderError(f"AWS account ID not allowed: {account}")
    tags = material.get("defaultTags", {}).get("tags", {})
    return Configuration(account, material.get("region", DEFAULT_REGION), role, tags)


def _material(given: Json) -> Json:
    return {key: _decoded(key, value) for key, value in given.items() if key not in IMMATERIAL}


def _decoded(key: str, value: Any) -> Any:
    """The engine hands configuration over as strings: of what is no string, its JSON."""
    if key in PROPERTIES and not isinstance(PROPERTIES[key].kind, String) and isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
