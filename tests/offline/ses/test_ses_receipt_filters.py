"""Receipt IP address filters."""

from collections.abc import Callable
from typing import Any

Refused = Callable[..., tuple[str, str]]


def test_filters_are_made_listed_and_deleted(ses: Any) -> None:
    for name, policy in (("b", "Block"), ("a", "Allow")):
        ip_filter = {"Policy": policy, "Cidr": "10.0.0.1/24"}
        ses.create_receipt_filter(Filter={"Name": name, "IpFilter": ip_filter})
    assert ses.list_receipt_filters()["Filters"] == [
        {"Name": "a", "IpFilter": {"Policy": "Allow", "Cidr": "10.0.0.1/24"}},
        {"Name": "b", "IpFilter": {"Policy": "Block", "Cidr": "10.0.0.1/24"}},
    ]
    for _ in range(2):
        ses.delete_receipt_filter(FilterName="a")
    assert [found["Name"] for found in ses.list_receipt_filters()["Filters"]] == ["b"]


def test_filters_that_ses_does_not_take(ses: Any, refused: Refused) -> None:
    def create(name: str, cidr: str = "10.0.0.0/24", policy: str = "Block") -> tuple[str, str]:
        ip_filter = {"Policy": policy, "Cidr": cidr}
        return refused(ses.create_receipt_filter, Filter={"Name": name, "IpFilter": ip_filter})

    assert create("") == ("InvalidParameterValue", "filterName must not be empty")
    for name in ("a b", "a.b", "-a", "a" * 65):
        assert create(name) == ("InvalidParameterValue", f"Not a valid filterName: {name}")
    for cidr in ("", "example.com", "10.0.0.0/33"):
        assert create("a", cidr) == ("InvalidParameterValue", f"Invalid CIDR block: {cidr}")
    assert create("a", policy="Drop") == (
        "ValidationError",
        "1 validation error detected: Value at 'filter.ipFilter.policy' failed to satisfy constraint: "
        "Member must satisfy enum value set: [Allow, Block]",
    )
    for number in range(100):
        ip_filter = {"Policy": "Block", "Cidr": "2001:db8::/32"}
        ses.create_receipt_filter(Filter={"Name": f"f{number}", "IpFilter": ip_filter})
    assert create("f0") == ("AlreadyExists", "Filter already exists: f0")
    assert create("a") == ("LimitExceeded", "Too many filters")
