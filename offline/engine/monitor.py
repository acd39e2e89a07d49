"""What Pulumi's SDK calls the resource monitor and the engine: the embedded engine as a program meets it."""
# ruff: noqa: N802, ARG002 - the protocol names its calls and their parameters

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, provider_pb2, resource_pb2

from offline.engine.deployer import Deployer
from offline.engine.errors import DeploymentError
from offline.provider import wire
from offline.provider.errors import ProviderError

P = ParamSpec("P")
T = TypeVar("T")


class Refusal(grpc.RpcError):  # type: ignore[misc]  # grpc is untyped
    """An error as the SDK expects it from a monitor behind gRPC, so that programs can catch it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self._reason = reason

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return self._reason


def _refusing(call: Callable[P, T]) -> Callable[P, T]:
    @wraps(call)
    def refusing(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return call(*args, **kwargs)
        except (DeploymentError, ProviderError) as error:
            raise Refusal(str(error)) from error

    return refusing


class Monitor:
    """Answers a running program; all that it does not answer, the SDK takes for an engine too old for it."""

    def __init__(self, deployer: Deployer) -> None:
        self._deployer = deployer

    def GetDeploymentInfo(self, request: Empty) -> resource_pb2.DeploymentInfo:
        return resource_pb2.DeploymentInfo(
            supportedFeatures=[
                resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
                resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
            ]
        )

    @_refusing
    def RegisterResource(
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        resource = self._deployer.register(request)
        return resource_pb2.RegisterResourceResponse(
            urn=resource.urn, id=resource.id, object=wire.dump(resource.outputs)
        )

    @_refusing
    def ReadResource(self, request: resource_pb2.ReadResourceRequest) -> resource_pb2.ReadResourceResponse:
        resource = self._deployer.read(request)
        return resource_pb2.ReadResourceResponse(
            urn=resource.urn, id=resource.id, properties=wire.dump(resource.outputs)
        )

    def RegisterResourceOutputs(self, request: resource_pb2.RegisterResourceOutputsRequest) -> Empty:
        self._deployer.set_outputs(request.urn, wire.load(request.outputs))
        return Empty()

    @_refusing
    def Invoke(self, request: resource_pb2.ResourceInvokeRequest) -> resource_pb2.ResourceInvokeResponse:
        answer = self._deployer.provider(request.provider).invoke(
            provider_pb2.InvokeRequest(tok=request.tok, args=request.args)
        )
        return resource_pb2.ResourceInvokeResponse(
            failures=answer.failures, **{"return": getattr(answer, "return")}
        )

    def SignalAndWaitForShutdown(self, request: Empty) -> Empty:
        return Empty()


class Log:
    """Keeps what the program warns of, and worse."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def Log(self, request: engine_pb2.LogRequest) -> Empty:
        if request.severity >= engine_pb2.WARNING:
            self.warnings.append(request.message)
        return Empty()
