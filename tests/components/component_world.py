"""A deployment that is only recorded: Pulumi's mocks, and the dependencies that they leave out."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import yaml
from pulumi.runtime import mocks, rpc

ROOT = Path(__file__).parents[2]
ACCOUNT = "111111111111"


def settings_of(stack: str) -> dict[str, str]:
    """The file of an environment as the engine hands it to the program: every value as text."""
    values = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"]
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}


@dataclass(frozen=True)
class Registered:
    """One resource as the program registered it."""

    urn: str
    type: str
    name: str
    inputs: Mapping[str, Any]
    parent: str
    dependencies: frozenset[str]
    """URNs."""

    def document(self, key: str) -> Any:
        """An input that is JSON text."""
        return json.loads(self.inputs[key])


@dataclass
class Deployment:
    """What a program registered and said."""

    resources: list[Registered] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)

    def of(self, kind: str) -> list[Registered]:
        """The resources of a type, given by its class's name."""
        return [one for one in self.resources if one.type.split(":")[-1] == kind]

    def named(self, name: str) -> Registered:
        """The resource of that logical name."""
        (found,) = [one for one in self.resources if one.name == name]
        return found

    def before(self, one: Registered) -> list[str]:
        """Logical names of all that must exist before a resource."""
        return [other.name for other in self.resources if other.urn in one.dependencies]


@dataclass
class Account(mocks.Mocks):
    """The account that is deployed to."""

    region: str = "us-east-1"
    active_rule_set: str | None = None
    no_active_rule_set: str = "reading SES Active Receipt Rule Set: empty result"
    """How the provider fails when there is none."""
    bucket_policies: Mapping[str, str] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    """Outputs that a preview does not know."""

    def call(self, args: mocks.MockCallArgs) -> Any:
        match args.token:
            case "aws:index/getCallerIdentity:getCallerIdentity":
                return {"accountId": ACCOUNT}
            case "aws:index/getRegion:getRegion":
                return {"region": self.region}
            case "aws:ses/getActiveReceiptRuleSet:getActiveReceiptRuleSet":
                if self.active_rule_set is None:
                    return {}, [("", self.no_active_rule_set)]
                return {"ruleSetName": self.active_rule_set}
            case "aws:s3/getBucketPolicy:getBucketPolicy":
                if args.args["bucket"] not in self.bucket_policies:
                    return {}, [("", "reading S3 Bucket Policy: couldn't find resource")]
                return {"policy": self.bucket_policies[args.args["bucket"]]}
        raise NotImplementedError(args.token)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        service = args.typ.split(":")[1].split("/")[0]
        made = {
            "name": args.name,
            "arn": f"arn:aws:{service}:{self.region}:{ACCOUNT}:{args.name}",
            "url": f"https://sqs.{self.region}.amazonaws.com/{ACCOUNT}/{args.name}",
            "dkimSigningAttributes": {"tokens": ["one", "two", "three"]},
            **args.inputs,
        }
        return f"{args.name}-id", {key: value for key, value in made.items() if key not in self.unknown}


class Monitor(mocks.MockMonitor):
    def __init__(self, account: Account, deployment: Deployment) -> None:
        super().__init__(account)
        self._deployment = deployment

    def RegisterResource(self, request: Any) -> Any:
        response = super().RegisterResource(request)
        self._deployment.resources.append(
            Registered(
                response.urn,
                request.type,
                request.name,
                rpc.deserialize_properties(request.object),
                request.parent,
                frozenset(request.dependencies),
            )
        )
        return response


class Deploy(Protocol):
    def __call__(
        self, program: Callable[[], Any], account: Account | None = None, *, preview: bool = False
    ) -> Deployment: ...


class Warnings(logging.Handler):
    def __init__(self, into: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._into = into

    def emit(self, record: logging.LogRecord) -> None:
        self._into.append(record.getMessage())
