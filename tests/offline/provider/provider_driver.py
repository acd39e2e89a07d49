"""The provider as an engine drives it, with dictionaries in place of messages."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi.runtime.proto import provider_pb2 as proto

from offline import accounts
from offline.provider import wire
from offline.provider.servicer import AwsProvider

ACCOUNT = "111111111111"
REGION = "eu-west-1"


@dataclass(frozen=True)
class Made:
    """A resource made through the provider."""

    urn: str
    id: str
    inputs: dict[str, Any]
    state: dict[str, Any]


@dataclass
class Driver:
    """One configured provider and the account that it manages."""

    endpoint: str
    configuration: Mapping[str, str] = field(
        default_factory=lambda: {"region": REGION, "allowedAccountIds": f'["{ACCOUNT}"]'}
    )

    def __post_init__(self) -> None:
        self.provider = AwsProvider(self.endpoint)
        self.provider.Configure(proto.ConfigureRequest(args=wire.dump(self.configuration)))
        self._seeds = itertools.count()

    def client(self, service: str, region: str = REGION) -> Any:
        return accounts.session(self.endpoint, ACCOUNT, region).client(service, endpoint_url=self.endpoint)

    @staticmethod
    def urn(token: str, name: str = "it") -> str:
        return f"urn:pulumi:dev::ses-bounce::{token}::{name}"

    def check(
        self, urn: str, inputs: dict[str, Any], olds: Mapping[str, Any] | None = None
    ) -> proto.CheckResponse:
        seed = next(self._seeds).to_bytes(4, "big")
        return self.provider.Check(
            proto.CheckRequest(urn=urn, news=wire.dump(inputs), olds=wire.dump(olds or {}), randomSeed=seed)
        )

    def refusals(self, token: str, inputs: dict[str, Any]) -> dict[str, str]:
        """Reason by property path."""
        return {each.property: each.reason for each in self.check(self.urn(token), inputs).failures}

    def checked(
        self, urn: str, inputs: dict[str, Any], olds: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        answer = self.check(urn, inputs, olds)
        assert not answer.failures
        return wire.load(answer.inputs)

    def create(self, token: str, inputs: dict[str, Any], name: str = "it") -> Made:
        urn = self.urn(token, name)
        checked = self.checked(urn, inputs)
        answer = self.provider.Create(proto.CreateRequest(urn=urn, properties=wire.dump(checked)))
        return Made(urn, answer.id, checked, wire.load(answer.properties))

    def preview(self, token: str, inputs: dict[str, Any]) -> dict[str, Any]:
        urn = self.urn(token)
        checked = wire.dump(self.checked(urn, inputs))
        answer = self.provider.Create(proto.CreateRequest(urn=urn, properties=checked, preview=True))
        assert not answer.id
        return wire.load(answer.properties)

    def diff(self, made: Made, inputs: dict[str, Any]) -> proto.DiffResponse:
        news = self.checked(made.urn, inputs, made.inputs)
        return self.provider.Diff(
            proto.DiffRequest(
                urn=made.urn,
                id=made.id,
                olds=wire.dump(made.state),
                old_inputs=wire.dump(made.inputs),
                news=wire.dump(news),
            )
        )

    def update(self, made: Made, inputs: dict[str, Any], *, preview: bool = False) -> Made:
        news = self.checked(made.urn, inputs, made.inputs)
        answer = self.provider.Update(
            proto.UpdateRequest(
                urn=made.urn,
                id=made.id,
                olds=wire.dump(made.state),
                old_inputs=wire.dump(made.inputs),
                news=wire.dump(news),
                preview=preview,
            )
        )
        return Made(made.urn, made.id, news, wire.load(answer.properties))

    def refresh(self, made: Made) -> Made | None:
        answer = self.provider.Read(
            proto.ReadRequest(
                urn=made.urn, id=made.id, properties=wire.dump(made.state), inputs=wire.dump(made.inputs)
            )
        )
        return (
            Made(made.urn, answer.id, wire.load(answer.inputs), wire.load(answer.properties))
            if answer.id
            else None
        )

    def imported(self, token: str, import_id: str) -> Made | None:
        return self.refresh(Made(self.urn(token), import_id, {}, {}))

    def delete(self, made: Made) -> None:
        self.provider.Delete(proto.DeleteRequest(urn=made.urn, id=made.id, properties=wire.dump(made.state)))

    def invoke(self, token: str, args: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self.provider.Invoke(proto.InvokeRequest(tok=token, args=wire.dump(args or {})))
        assert not answer.failures
        return wire.load(getattr(answer, "return"))
