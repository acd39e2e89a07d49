"""Entry point of `pulumi-resource-aws`: the offline provider as a plugin of the real engine.

The engine starts one such process for each provider of the program. The offline cloud is at AWS_ENDPOINT_URL.
"""

import os
import sys
from collections.abc import Callable
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from offline.engine import plugin
from offline.provider.errors import InitializationError, ProviderError
from offline.provider.servicer import AwsProvider
from offline.provider.wire import dump


def main() -> None:
    """Serve the engine, which has given its address as the last argument; the provider never calls back."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if not endpoint:
        sys.exit("pulumi-resource-aws of the offline cloud: AWS_ENDPOINT_URL does not say where that is")
    provider = AwsProvider(endpoint)
    plugin.serve(
        lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server),
        interceptors=[ProviderErrors()],
    )


class ProviderErrors(grpc.ServerInterceptor):  # type: ignore[misc]  # grpc has no types
    """Answers the provider's errors as the protocol wants them."""

    def intercept_service(self, continuation: Callable[[Any], Any], details: Any) -> Any:
        handler = continuation(details)
        return grpc.unary_unary_rpc_method_handler(
            answering(handler.unary_unary), handler.request_deserializer, handler.response_serializer
        )


def answering(method: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """The method, ending a call with the text of a ProviderError.

    A resource that was made and then failed goes along, so that it gets into the state.
    """

    def answer(request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return method(request, context)
        except InitializationError as error:
            context.set_trailing_metadata([("grpc-status-details-bin", half_made(error).SerializeToString())])
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except ProviderError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))

    return answer


def half_made(error: InitializationError) -> status_pb2.Status:
    """The status by which the engine learns of a resource that exists but is not as it should be."""
    resource = provider_pb2.ErrorResourceInitFailed(
        id=error.resource_id,
        inputs=dump(error.inputs),
        properties=dump(error.properties),
        reasons=[str(error)],
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error))
    status.details.add().Pack(resource)
    return status
