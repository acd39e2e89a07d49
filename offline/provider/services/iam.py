"""AWS IAM: roles and their inline policies."""

import json
from collections.abc import Mapping

from offline.provider.aws import Aws
from offline.provider.errors import ProviderError
from offline.provider.kinds import Document, Integer, String
from offline.provider.mapping import from_api, to_api
from offline.provider.schema import Autoname, Property, ResourceType, Tags
from offline.provider.wire import Json

_ROLE: Mapping[str, Property] = {
    "assumeRolePolicy": Property(Document(), required=True, api="AssumeRolePolicyDocument"),
    "description": Property(),
    "maxSessionDuration": Property(Integer(3600, 43_200), default=3600),
    "name": Property(String(r"[\w+=,.@-]{1,64}"), replaces=True, autoname=Autoname(), api="RoleName"),
    "path": Property(String(r"/|/.{1,510}/"), replaces=True, default="/"),
    "permissionsBoundary": Property(String(r"arn:.+")),
}

_ROLE_POLICY: Mapping[str, Property] = {
    "name": Property(String(r"[\w+=,.@-]{1,128}"), replaces=True, autoname=Autoname(), api="PolicyName"),
    "policy": Property(Document(), required=True, api="PolicyDocument"),
    "role": Property(required=True, replaces=True, api="RoleName"),
}


def _create_role(aws: Aws, inputs: Json) -> str:
    tags = [{"Key": key, "Value": value} for key, value in inputs["tags"].items()]
    aws.client("iam").create_role(**to_api(_ROLE, inputs), Tags=tags)
    return str(inputs["name"])


def _read_role(aws: Aws, name: str, _: Json) -> Json:
    role = aws.client("iam").get_role(RoleName=name)["Role"]
    return {
        **from_api(_ROLE, role),
        "arn": role["Arn"],
        "assumeRolePolicy": json.dumps(role["AssumeRolePolicyDocument"]),
        "createDate": role["CreateDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        "tags": {tag["Key"]: tag["Value"] for tag in role.get("Tags", [])},
        "uniqueId": role["RoleId"],
    }


def _update_role(aws: Aws, name: str, olds: Json, news: Json) -> None:
    iam = aws.client("iam")
    iam.update_role(
        RoleName=name,
        Description=news.get("description", ""),
        MaxSessionDuration=news["maxSessionDuration"],
    )
    if olds["assumeRolePolicy"] != news["assumeRolePolicy"]:
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=news["assumeRolePolicy"])
    if olds.get("permissionsBoundary") != news.get("permissionsBoundary"):
        if "permissionsBoundary" in news:
            iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=news["permissionsBoundary"])
        else:
            iam.delete_role_permissions_boundary(RoleName=name)


def _retag_role(aws: Aws, name: str, _: Json, tags: Tags, removed: list[str]) -> None:
    iam = aws.client("iam")
    iam.tag_role(RoleName=name, Tags=[{"Key": key, "Value": value} for key, value in tags.items()])
    iam.untag_role(RoleName=name, TagKeys=removed)


def _put_role_policy(aws: Aws, inputs: Json) -> str:
    aws.client("iam").put_role_policy(**to_api(_ROLE_POLICY, inputs))
    return f"{inputs['role']}:{inputs['name']}"


def _read_role_policy(aws: Aws, resource_id: str, _: Json) -> Json:
    role, name = _split_policy_id(resource_id)
    answer = aws.client("iam").get_role_policy(RoleName=role, PolicyName=name)
    return {"name": name, "role": role, "policy": json.dumps(answer["PolicyDocument"])}


def _delete_role_policy(aws: Aws, resource_id: str, _: Json) -> None:
    role, name = _split_policy_id(resource_id)
    aws.client("iam").delete_role_policy(RoleName=role, PolicyName=name)


def _split_policy_id(resource_id: str) -> tuple[str, str]:
    role, separator, name = resource_id.partition(":")
    if not separator:
        raise ProviderError(f"the ID of a role policy is <role>:<policy>, not {resource_id!r}")
    return role, name


RESOURCES = (
    ResourceType(
        "aws:iam/role:Role",
        _ROLE,
        create=_create_role,
        read=_read_role,
        update=_update_role,
        delete=lambda aws, name, _: aws.client("iam").delete_role(RoleName=name),
        retag=_retag_role,
        outputs=("arn", "createDate", "uniqueId"),
        regional=False,
    ),
    ResourceType(
        "aws:iam/rolePolicy:RolePolicy",
        _ROLE_POLICY,
        create=_put_role_policy,
        read=_read_role_policy,
        update=lambda aws, _, __, news: _put_role_policy(aws, news),
        delete=_delete_role_policy,
        regional=False,
    ),
)
