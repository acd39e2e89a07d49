"""What the SDK calls the resource monitor: answers a running program's requests, for the embedded engine."""
# ruff: noqa: N802 - the protocol names its calls

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, resource_pb2
from pulumi.runtime.proto.alias_pb2 import Alias

from offline.engine.deployer import Deployer, Goal
from offline.engine.errors import DeploymentError
from offline.provider import wire
from offline.provider.errors import ProviderError

...
