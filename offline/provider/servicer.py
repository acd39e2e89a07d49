"""The provider as an engine sees it: the calls of Pulumi's resource-provider protocol.

One servicer is one configured provider: one account and Region. Like pulumi-aws, it leaves secrets and
resource references to the engine, which keeps them from providers that do not ask for them. Errors are raised
as :class:`ProviderError`; the plugin process turns them into gRPC's.
"""
# ruff: noqa: N802, ARG002 - the protocol names its calls and their parameters

from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderServicer

from offline import accounts
from offline.provider import lifecycle, wire
from offline.provider.aws import Aws, Connection
from offline.provider.catalogue import FUNCTIONS, RESOURCES, VERSION
from offline.provider.check import Failure, check
from offline.provider.configuration import check_configuration, configuration
from offline.provider.diff import delete_before_replace, differences
from offline.provider.errors import ProviderError
from offline.provider.schema import ResourceType
from offline.provider.state import planned, planned_update
from offline.provider.wire import Json

_CHANGES = {
    ("add", False): proto.PropertyDiff.ADD,
    ("add", True): proto.PropertyDiff.ADD_REPLACE,
    ("delete", False): proto.PropertyDiff.DELETE,
    ("delete", True): proto.PropertyDiff.DELETE_REPLACE,
    ("update", False): proto.PropertyDiff.UPDATE,
    ("update", True): proto.PropertyDiff.UPDATE_REPLACE,
}


class AwsProvider(ResourceProviderServicer):
    """pulumi-aws for the types of the catalogue, at the AWS endpoint with a URL."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._configured: Aws | None = None

    def Handshake(
        self, request: proto.ProviderHandshakeRequest, context: object = None
    ) -> proto.ProviderHandshakeResponse:
        return proto.ProviderHandshakeResponse()

    def GetPluginInfo(self, request: Empty, context: object = None) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=VERSION)

    def CheckConfig(self, request: proto.CheckRequest, context: object = None) -> proto.CheckResponse:
        failures = check_configuration(wire.load(request.news))
        return proto.CheckResponse(inputs=request.news, failures=_check_failures(failures))

    def DiffConfig(self, request: proto.DiffRequest, context: object = None) -> proto.DiffResponse:
        changed = wire.load(request.old_inputs) != wire.load(request.news)
        return proto.DiffResponse(
            changes=proto.DiffResponse.DIFF_SOME if changed else proto.DiffResponse.DIFF_NONE
        )

    def Configure(self, request: proto.ConfigureRequest, context: object = None) -> proto.ConfigureResponse:
        at = configuration(wire.load(request.args))
        connection = Connection(
            lambda: accounts.session(self._endpoint, at.account, at.region, role=at.role), self._endpoint
        )
        self._configured = Aws(connection, at.account, at.region, at.default_tags)
        return proto.ConfigureResponse(supportsPreview=True)

    def Check(self, request: proto.CheckRequest, context: object = None) -> proto.CheckResponse:
        kind = _type_of(request.urn)
        news, olds = wire.load(request.news), wire.load(request.olds)
        inputs, failures = check(kind.inputs, news, olds, _name_of(request.urn), request.randomSeed)
        return proto.CheckResponse(inputs=wire.dump(inputs), failures=_check_failures(failures))

    def Diff(self, request: proto.DiffRequest, context: object = None) -> proto.DiffResponse:
        kind = _type_of(request.urn)
        olds, news = wire.load(request.old_inputs), wire.load(request.news)
        if kind.regional:
            here = self._aws.region
            olds["region"] = wire.load(request.olds).get("region", here)
            news.setdefault("region", here)
        found = differences(kind.inputs, olds, news)
        return proto.DiffResponse(
            changes=proto.DiffResponse.DIFF_SOME if found else proto.DiffResponse.DIFF_NONE,
            diffs=[each.path for each in found],
            replaces=[each.path for each in found if each.replaces],
            deleteBeforeReplace=delete_before_replace(kind.inputs, olds, news),
            hasDetailedDiff=True,
            detailedDiff={
                each.path: proto.PropertyDiff(kind=_CHANGES[each.change, each.replaces], inputDiff=True)
                for each in found
            },
        )

    def Create(self, request: proto.CreateRequest, context: object = None) -> proto.CreateResponse:
        kind = _type_of(request.urn)
        inputs = wire.load(request.properties)
        aws = self._aws_of(inputs)
        if request.preview:
            return proto.CreateResponse(properties=wire.dump(planned(kind, inputs, aws)))
        resource_id, state = lifecycle.create(kind, inputs, aws)
        return proto.CreateResponse(id=resource_id, properties=wire.dump(state))

    def Read(self, request: proto.ReadRequest, context: object = None) -> proto.ReadResponse:
        kind = _type_of(request.urn)
        known, inputs = wire.load(request.properties), wire.load(request.inputs)
        found = lifecycle.read(kind, request.id, known, inputs, self._aws_of(known))
        if found is None:
            return proto.ReadResponse()
        resource_id, inputs, state = found
        return proto.ReadResponse(id=resource_id, inputs=wire.dump(inputs), properties=wire.dump(state))

    def Update(self, request: proto.UpdateRequest, context: object = None) -> proto.UpdateResponse:
        kind = _type_of(request.urn)
        state, olds, news = (wire.load(part) for part in (request.olds, request.old_inputs, request.news))
        aws = self._aws_of(news)
        if request.preview:
            return proto.UpdateResponse(properties=wire.dump(planned_update(kind, state, olds, news, aws)))
        return proto.UpdateResponse(
            properties=wire.dump(lifecycle.update(kind, request.id, state, olds, news, aws))
        )

    def Delete(self, request: proto.DeleteRequest, context: object = None) -> Empty:
        state = wire.load(request.properties)
        lifecycle.delete(_type_of(request.urn), request.id, state, self._aws_of(state))
        return Empty()

    def Invoke(self, request: proto.InvokeRequest, context: object = None) -> proto.InvokeResponse:
        function = FUNCTIONS.get(request.tok)
        if function is None:
            raise ProviderError(f"{request.tok} is not among the functions of the offline provider")
        args, failures = check(function.inputs, wire.load(request.args), {}, "", b"")
        if failures:
            return proto.InvokeResponse(failures=_check_failures(failures))
        result = lifecycle.invoke(function, args, self._aws_of(args))
        return proto.InvokeResponse(**{"return": wire.dump(result)})

    def Cancel(self, request: Empty, context: object = None) -> Empty:
        return Empty()

    @property
    def _aws(self) -> Aws:
        if self._configured is None:
            raise ProviderError("the provider is not configured")
        return self._configured

    def _aws_of(self, properties: Json) -> Aws:
        return self._aws.in_region(properties.get("region", self._aws.region))


def _type_of(urn: str) -> ResourceType:
    token = urn.split("::")[2].rpartition("$")[2]
    if token not in RESOURCES:
        raise ProviderError(f"{token} is not among the resource types of the offline provider")
    return RESOURCES[token]


def _name_of(urn: str) -> str:
    return urn.split("::", 3)[3]


def _check_failures(failures: list[Failure]) -> list[proto.CheckFailure]:
    return [proto.CheckFailure(property=each.path, reason=each.reason) for each in failures]
