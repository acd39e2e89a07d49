"""Recipient conditions, and how the rules fit SES's quotas."""

from typing import Any

import pytest

from components import receiving


def conditions(**keys: Any) -> list[str]:
    return receiving.conditions({"domain": "example.com", **keys})


LISTED = {"mailboxes": ["b@example.com", "a@example.com", "b@example.com"]}


def test_a_list_without_patterns_becomes_the_conditions_so_that_ses_refuses_all_others() -> None:
    assert conditions(**LISTED) == ["a@example.com", "b@example.com"]


def test_addresses_that_only_a_rule_speaks_of_are_let_in_for_it() -> None:
    rules = [
        {"recipients": ["left@example.com"], "action": "bounce"},
        {"senders": ["*"], "action": "drop"},
    ]

    assert conditions(**LISTED, rules=rules) == ["a@example.com", "b@example.com", "left@example.com"]


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"mailboxes": []},
        {"mailboxes": ["a@example.com", "team-*@example.com"]},
        {**LISTED, "rules": [{"recipients": ["x-*@example.com"], "action": "drop"}]},
        {**LISTED, "rules": [{"recipients": ["example.com"], "action": "drop"}]},
        {**LISTED, "mailboxTable": "more"},
        {**LISTED, "otherwise": {"action": "accept"}},
        {**LISTED, "mode": "observe"},
    ],
)
def test_where_ses_cannot_know_every_address_the_handler_decides_for_the_domain(keys: dict[str, Any]) -> None:
    assert conditions(**keys) == ["example.com"]
    assert conditions(**keys, subdomains=True) == ["example.com", ".example.com"]


def test_conditions_are_a_labels() -> None:
    assert receiving.conditions({"domain": "bücher.example"}) == ["xn--bcher-kva.example"]
    assert receiving.conditions({"domain": "bücher.example", "mailboxes": ["A@Bücher.example"]}) == [
        "A@xn--bcher-kva.example"
    ]


def test_500_recipients_are_one_rule_and_the_501st_another() -> None:
    recipients = [f"m{number}@example.com" for number in range(1001)]

    assert [len(part) for part in receiving.split(recipients[:500])] == [500]
    assert [len(part) for part in receiving.split(recipients)] == [500, 500, 1]
    assert [one for part in receiving.split(recipients) for one in part] == recipients


def test_the_handler_leaves_alone_whom_ses_has_bounced() -> None:
    bounces = [{"recipients": ["fax@example.com"]}, {"recipients": [".example.com"]}]

    assert receiving.decided_by_ses(bounces) == [
        {"name": "staticBounces", "recipients": ["fax@example.com", ".example.com"], "action": "drop"}
    ]
    assert receiving.decided_by_ses([]) == []
