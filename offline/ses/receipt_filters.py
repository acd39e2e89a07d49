"""Receipt IP address filters."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from moto.ses.exceptions import AlreadyExists, InvalidParameterValue

from offline.ses.exceptions import LimitExceededError

MAX_FILTERS = 100
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]{0,62}[A-Za-z0-9])?")


class ReceiptFilters:
    """The part of the backend that keeps receipt filters."""

    receipt_filters: dict[str, Mapping[str, Any]]

    def create_receipt_filter(self, receipt_filter: Mapping[str, Any]) -> None:
        """Add a filter: `{Name, IpFilter: {Policy, Cidr}}`. The texts were observed on AWS.

        Raises:
            InvalidParameterValue: For a bad name or address range.
            AlreadyExists: For a name that is taken.
            LimitExceededError: For the 101st filter.
        """
        name, cidr = receipt_filter["Name"], receipt_filter["IpFilter"]["Cidr"]
        if not name:
            raise InvalidParameterValue("filterName must not be empty")
        if not _NAME.fullmatch(name):
            raise InvalidParameterValue(f"Not a valid filterName: {name}")
        try:
            ipaddress.ip_network(cidr, strict=False)
        except ValueError as error:
            raise InvalidParameterValue(f"Invalid CIDR block: {cidr}") from error
        if name in self.receipt_filters:
            raise AlreadyExists(f"Filter already exists: {name}")
        if len(self.receipt_filters) >= MAX_FILTERS:
            raise LimitExceededError("Too many filters")
        self.receipt_filters[name] = receipt_filter

    def list_receipt_filters(self) -> list[Mapping[str, Any]]:
        """The filters by name."""
        return [self.receipt_filters[name] for name in sorted(self.receipt_filters)]

    def delete_receipt_filter(self, name: str) -> None:
        """Delete a filter; one that does not exist is no error."""
        self.receipt_filters.pop(name, None)

    def admits(self, client_address: str) -> bool:
        """Whether the filters let a client in: blocked addresses are out unless they are allowed too.

        DG, "Email receiving concepts": a block list of 0.0.0.0/0 and an allow list admit only the latter.
        """
        client = ipaddress.ip_address(client_address)
        policies = {
            receipt_filter["IpFilter"]["Policy"]
            for receipt_filter in self.receipt_filters.values()
            if client in ipaddress.ip_network(receipt_filter["IpFilter"]["Cidr"], strict=False)
        }
        return "Block" not in policies or "Allow" in policies
