"""AWS Lambda: functions from an archive, permissions, event source mappings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from offline.provider import archives
from offline.provider.aws import Aws
from offline.provider.errors import ProviderError
from offline.provider.kinds import Boolean, Code, Integer, ListOf, MapOf, Object, String
from offline.provider.mapping import from_api, to_api
from offline.provider.schema import Autoname, Property, ResourceType, Tags
from offline.provider.wire import Json

_ARN = String(r"arn:.+")


@dataclass(frozen=True)
class _FunctionName(String):
    """A function's name or ARN: AWS takes both and tells the ARN."""

    def canonical(self, value: str) -> str:
        return value.rpartition(":")[2]


_CONFIGURATION: Mapping[str, Property] = {
    "description": Property(),
    "environment": Property(Object({"variables": Property(MapOf())})),
    "ephemeralStorage": Property(Object({"size": Property(Integer(512, 10_240))}), computed=True),
    "handler": Property(required=True),
    "layers": Property(ListOf(_ARN)),
    "memorySize": Property(Integer(128, 10_240), default=128),
    "role": Property(String(r"arn:aws[\w-]*:iam::\d{12}:role/.+"), required=True),
    "runtime": Property(required=True),
    "timeout": Property(Integer(1, 900), default=3),
    "tracingConfig": Property(
        Object({"mode": Property(String(allowed=("Active", "PassThrough")), required=True)}), computed=True
    ),
}
"""What UpdateFunctionConfiguration takes and GetFunctionConfiguration tells."""

_LOGGING: Mapping[str, Property] = {
    # moto takes it and does not tell it
    "loggingConfig": Property(
        Object(
            {
                "applicationLogLevel": Property(),
                "logFormat": Property(String(allowed=("JSON", "Text")), required=True),
                "logGroup": Property(),
                "systemLogLevel": Property(),
            }
        ),
        unread=True,
    ),
}

_FUNCTION: Mapping[str, Property] = {
    **_CONFIGURATION,
    **_LOGGING,
    "architectures": Property(ListOf(String(allowed=("arm64", "x86_64"))), computed=True),
    "code": Property(Code(), required=True, unread=True),
    "name": Property(String(r"[A-Za-z0-9_-]{1,64}"), replaces=True, autoname=Autoname(), api="FunctionName"),
}
"""``handler``, ``runtime`` and ``code`` are optional in pulumi-aws, for container images and code in S3."""

_EMPTY = {"Description": "", "Environment": {"Variables": {}}, "Layers": []}
"""What takes a setting away; other settings that a program leaves out keep their value."""

_MAPPING: Mapping[str, Property] = {
    "batchSize": Property(Integer(1, 10_000), computed=True),
    "enabled": Property(Boolean(), default=True),
    "eventSourceArn": Property(_ARN, required=True, replaces=True),
    "functionName": Property(_FunctionName(), required=True),
    "functionResponseTypes": Property(ListOf(String(allowed=("ReportBatchItemFailures",)), ordered=False)),
}

_PERMISSION: Mapping[str, Property] = {
    "action": Property(String(r"lambda:\w+|lambda:\*"), required=True, replaces=True),
    "function": Property(required=True, replaces=True, api="FunctionName"),
    "principal": Property(required=True, replaces=True),
    "sourceAccount": Property(String(r"\d{12}"), replaces=True),
    "sourceArn": Property(_ARN, replaces=True),
    "statementId": Property(String(r"[A-Za-z0-9_-]{1,100}"), replaces=True, autoname=Autoname()),
}


def _create_function(aws: Aws, inputs: Json) -> str:
    parameters = to_api({key: prop for key, prop in _FUNCTION.items() if key != "code"}, inputs)
    code = {"ZipFile": archives.zip_bytes(inputs["code"])}
    aws.client("lambda").create_function(**parameters, Code=code, Tags=inputs["tags"])
    return str(inputs["name"])


def _read_function(aws: Aws, name: str, _: Json) -> Json:
    answer = aws.client("lambda").get_function(FunctionName=name)
    told = answer["Configuration"]
    layers = [layer["Arn"] for layer in told.get("Layers", [])]
    arn = told["FunctionArn"]
    invoke_arn = f"arn:aws:apigateway:{aws.region}:lambda:path/2015-03-31/functions/{arn}/invocations"
    return {
        **from_api(_CONFIGURATION, {**told, "Layers": layers}),
        "architectures": told["Architectures"],
        "arn": arn,
        "codeSha256": told["CodeSha256"],
        "invokeArn": invoke_arn,
        "lastModified": told["LastModified"],
        "name": name,
        "sourceCodeSize": told["CodeSize"],
        "tags": answer.get("Tags", {}),
        "version": told["Version"],
    }


def _update_function(aws: Aws, name: str, olds: Json, news: Json) -> None:
    lambda_ = aws.client("lambda")
    settings = {**_CONFIGURATION, **_LOGGING}
    before, after = to_api(settings, olds), to_api(settings, news)
    if before != after:
        gone = {key: empty for key, empty in _EMPTY.items() if key in before and key not in after}
        lambda_.update_function_configuration(FunctionName=name, **after, **gone)
    if any(olds.get(key) != news.get(key) for key in ("code", "architectures")):
        architectures = {"Architectures": news["architectures"]} if "architectures" in news else {}
        lambda_.update_function_code(
            FunctionName=name, ZipFile=archives.zip_bytes(news["code"]), **architectures
        )


def _retag_function(aws: Aws, _: str, state: Json, tags: Tags, removed: list[str]) -> None:
    lambda_ = aws.client("lambda")
    lambda_.tag_resource(Resource=state["arn"], Tags=dict(tags))
    lambda_.untag_resource(Resource=state["arn"], TagKeys=removed)


def _create_permission(aws: Aws, inputs: Json) -> str:
    aws.client("lambda").add_permission(**to_api(_PERMISSION, inputs))
    return str(inputs["statementId"])


def _read_permission(aws: Aws, statement_id: str, known: Json) -> Json | None:
    policy = json.loads(aws.client("lambda").get_policy(FunctionName=known["function"])["Policy"])
    statement = next((each for each in policy["Statement"] if each["Sid"] == statement_id), None)
    if statement is None:
        return None
    principal = statement["Principal"]
    conditions = statement.get("Condition", {})
    return {
        "action": statement["Action"],
        "function": known["function"],
        "principal": principal if isinstance(principal, str) else next(iter(principal.values())),
        "sourceAccount": conditions.get("StringEquals", {}).get("AWS:SourceAccount"),
        "sourceArn": conditions.get("ArnLike", {}).get("AWS:SourceArn"),
        "statementId": statement_id,
    }


def _import_permission(import_id: str) -> tuple[str, Json]:
    function, separator, statement_id = import_id.partition("/")
    if not separator:
        raise ProviderError(f"the import ID of a permission is <function>/<statement>, not {import_id!r}")
    return statement_id, {"function": function}


def _create_mapping(aws: Aws, inputs: Json) -> str:
    return str(aws.client("lambda").create_event_source_mapping(**to_api(_MAPPING, inputs))["UUID"])


def _read_mapping(aws: Aws, uuid: str, _: Json) -> Json:
    told = aws.client("lambda").get_event_source_mapping(UUID=uuid)
    return {
        **from_api(_MAPPING, told),
        "arn": told["EventSourceMappingArn"],
        "enabled": told["State"] in ("Creating", "Enabled", "Enabling", "Updating"),
        "functionArn": told["FunctionArn"],
        "functionName": told["FunctionArn"],
        "state": told["State"],
        "uuid": uuid,
    }


def _update_mapping(aws: Aws, uuid: str, _: Json, news: Json) -> None:
    parameters = to_api(_MAPPING, {"functionResponseTypes": [], **news})
    del parameters["EventSourceArn"]
    aws.client("lambda").update_event_source_mapping(UUID=uuid, **parameters)


RESOURCES = (
    ResourceType(
        "aws:lambda/function:Function",
        _FUNCTION,
        create=_create_function,
        read=_read_function,
        update=_update_function,
        delete=lambda aws, name, _: aws.client("lambda").delete_function(FunctionName=name),
        retag=_retag_function,
        outputs=("arn", "codeSha256", "invokeArn", "lastModified", "sourceCodeSize", "version"),
        volatile=("codeSha256", "lastModified", "sourceCodeSize"),
    ),
    ResourceType(
        "aws:lambda/permission:Permission",
        _PERMISSION,
        create=_create_permission,
        read=_read_permission,
        delete=lambda aws, statement_id, state: aws.client("lambda").remove_permission(
            FunctionName=state["function"], StatementId=statement_id
        ),
        from_import_id=_import_permission,
    ),
    ResourceType(
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        _MAPPING,
        create=_create_mapping,
        read=_read_mapping,
        update=_update_mapping,
        delete=lambda aws, uuid, _: aws.client("lambda").delete_event_source_mapping(UUID=uuid),
        outputs=("arn", "functionArn", "state", "uuid"),
    ),
)
