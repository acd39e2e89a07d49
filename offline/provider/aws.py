"""The AWS account and Region that one provider instance manages, reached by boto3 at one endpoint."""

import dataclasses
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import boto3


class Connection:
    """boto3 clients of one account at one endpoint, each made when first asked for."""

    def __init__(self, open_session: Callable[[], boto3.Session], endpoint: str) -> None:
        self._open_session = open_session
        self._endpoint = endpoint
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()  # making clients is not thread-safe in boto3, using them is

    @cached_property
    def _session(self) -> boto3.Session:
        return self._open_session()

    def client(self, service: str, region: str) -> Any:
        """The client of a service, by boto3's name, in a Region."""
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                self._clients[key] = self._session.client(  # type: ignore[call-overload]  # any service
                    service, region_name=region, endpoint_url=self._endpoint
                )
            return self._clients[key]


@dataclass(frozen=True)
class Aws:
    """What a resource type needs in order to reach AWS: the account, the Region and the clients for them."""

    connection: Connection
    account: str
    region: str
    default_tags: Mapping[str, str] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """The boto3 client of a service in this Region."""
        return self.connection.client(service, self.region)

    def in_region(self, region: str) -> "Aws":
        """The same account in another Region, as a resource's ``region`` property may ask."""
        return dataclasses.replace(self, region=region)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account and Region."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"
