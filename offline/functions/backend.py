"""moto's Lambda, made to run what it holds: Invoke, SQS event sources, the public Powertools layer."""

import base64
import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

from moto.awslambda import models, urls
from moto.awslambda.exceptions import InvalidParameterValueException, LambdaClientError

from offline import sqs
from offline.authorization.callers import find_role
from offline.authorization.decisions import may
from offline.authorization.requirements import Requirement
from offline.functions.event_sources import EventSources
from offline.functions.file_system import POWERTOOLS_LAYER
from offline.functions.result import NOT_FOUND, ROLE_REFUSED, THROTTLED, InvokeResult

if TYPE_CHECKING:
    from offline.functions.functions import Functions

LOG_TAIL = 4096
"""Bytes of the log that Invoke returns (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html)."""
READING_A_QUEUE = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
"""What an execution role must be allowed to do with a queue that is an event source."""
STATUS = {THROTTLED: 429, NOT_FOUND: 404, ROLE_REFUSED: 403}


class InvokeRefused(LambdaClientError):  # type: ignore[misc] # noqa: N818 — named as moto names its exceptions
    """The Invoke API refuses, before the function runs."""

    def __init__(self, code: str, result: InvokeResult) -> None:
        super().__init__(code, json.loads(result.payload)["Message"])
        self.code = STATUS[code]


class LambdaFunction(models.LambdaFunction):  # type: ignore[misc] # moto is not followed by mypy
    """A function that runs in `LambdaBackend.functions`, instead of in a container."""

    def __init__(self, account_id: str, spec: dict[str, Any], region: str, version: str | int = 1) -> None:
        super().__init__(account_id, spec, region, version)
        self._set_log_group(spec)

    def update_configuration(self, config_updates: dict[str, Any]) -> dict[str, Any]:
        self._set_log_group(config_updates)
        configuration: dict[str, Any] = super().update_configuration(config_updates)
        return configuration

    def _set_log_group(self, settings: Mapping[str, Any]) -> None:
        if "LoggingConfig" in settings:
            default = f"/aws/lambda/{self.function_name}"
            self.logs_group_name = settings["LoggingConfig"].get("LogGroup", default)

    def invoke(
        self, body: Any, request_headers: Mapping[str, str], response_headers: dict[str, Any]
    ) -> bytes:
        """The Invoke API. moto's own event sources (SNS, streams) pass no headers: they are asynchronous."""
        functions = LambdaBackend.functions
        if functions is None:
            raise RuntimeError("functions run only inside the context of Functions")
        event = body.encode() if isinstance(body, str) else body or b"{}"
        kind = request_headers.get("X-Amz-Invocation-Type", "RequestResponse") if request_headers else "Event"
        if kind == "DryRun":
            return b""
        if kind == "Event":
            accepted = functions.invoke(self.function_arn, event, "Event")
            functions.timeline.call_soon_threadsafe(lambda: functions.timeline.env.process(accepted))
            return b""
        result = functions.timeline.complete(functions.invoke(self.function_arn, event))
        if result.error in STATUS:
            raise InvokeRefused(result.error, result)
        if result.error:
            response_headers["x-amz-function-error"] = "Unhandled"
        response_headers["x-amz-log-result"] = base64.b64encode(result.log.encode()[-LOG_TAIL:]).decode()
        return result.payload


class LambdaBackend(models.LambdaBackend):  # type: ignore[misc] # moto is not followed by mypy
    """moto's backend, which tells what polls the queues of its event source mappings."""

    functions: ClassVar["Functions | None"] = None
    event_sources: ClassVar[EventSources | None] = None
    _url_module = urls

    def create_event_source_mapping(self, spec: dict[str, Any]) -> models.EventSourceMapping:
        _refuse_filters(spec)
        _refuse_unreadable(self.get_function(spec["FunctionName"]).role, spec["EventSourceArn"])
        mapping = super().create_event_source_mapping(spec)
        if self.event_sources:
            self.event_sources.update(mapping)
        return mapping

    def update_event_source_mapping(
        self, uuid: str, spec: dict[str, Any]
    ) -> models.EventSourceMapping | None:
        _refuse_filters(spec)
        mapping = super().update_event_source_mapping(uuid, spec)
        if mapping and self.event_sources:
            self.event_sources.update(mapping)
        return mapping

    def delete_event_source_mapping(self, uuid: str) -> models.EventSourceMapping | None:
        mapping = super().delete_event_source_mapping(uuid)
        if mapping and self.event_sources:
            self.event_sources.remove(mapping)
        return mapping

    def put_function_event_invoke_config(self, function_name: str, config: dict[str, Any]) -> dict[str, Any]:
        if any(config.get("DestinationConfig", {}).values()):
            raise InvalidParameterValueException(
                "Destinations of asynchronous invocations do not exist offline."
            )
        answer: dict[str, Any] = super().put_function_event_invoke_config(function_name, config)
        return answer

    def layers_versions_by_arn(self, layer_version_arn: str) -> Any:
        """moto's own layers, and any version of the Powertools layer, which holds what is installed here."""
        version = super().layers_versions_by_arn(layer_version_arn)
        if version is None and POWERTOOLS_LAYER.search(layer_version_arn):
            return SimpleNamespace(arn=layer_version_arn, code_size=0)
        return version


def _refuse_filters(spec: Mapping[str, Any]) -> None:
    if (spec.get("FilterCriteria") or {}).get("Filters"):
        raise InvalidParameterValueException("Event filters do not exist offline.")


def _refuse_unreadable(role_arn: str, source_arn: str) -> None:
    """A mapping is refused while the execution role may not read the queue.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    """
    *_, service, region, _, _ = source_arn.split(":", 5)
    if service != "sqs":
        return
    role = find_role(role_arn)
    for action in READING_A_QUEUE:
        if not may(role, Requirement(f"sqs:{action}", source_arn), region):
            raise InvalidParameterValueException(
                f"The function execution role does not have permissions to call {action} on SQS"
            )


def install() -> None:
    """Make moto use this Lambda and our SQS; a first installation begins with no functions and no queues."""
    sqs.install()
    if models.lambda_backends.backend is not LambdaBackend:
        models.LambdaFunction = LambdaFunction
        models.lambda_backends.backend = LambdaBackend
        models.lambda_backends.clear()


def attach(functions: "Functions") -> None:
    """Let these functions run what moto's Lambda holds, and will hold."""
    LambdaBackend.functions = functions
    LambdaBackend.event_sources = EventSources(functions)


def detach() -> None:
    """Run nothing any more."""
    if LambdaBackend.event_sources:
        LambdaBackend.event_sources.close()
    LambdaBackend.functions = LambdaBackend.event_sources = None
