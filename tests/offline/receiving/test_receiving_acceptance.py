"""What SES says to RCPT TO."""

import pytest
from receiving_world import START, World

from offline.receiving.record import (
    Refused,
)


def test_mail_that_no_rule_matches_is_refused_during_smtp(world: World) -> None:
    world.rule("rule", Recipients=["user@example.com"])
    assert world.deliver("nobody@example.com") is None
    (refused,) = world.receiving.log
    assert refused == Refused(
        START, "", "nobody@example.com", 550, "5.1.1 Requested action not taken: mailbox unavailable"
    )


def test_each_recipient_is_refused_for_itself(world: World) -> None:
    world.rule("rule", Recipients=["user@example.com"])
    message = world.deliver("user+tag@example.com", "nobody@example.com", "user@example.org")
    assert message is not None
    assert message.recipients == ("user+tag@example.com",)
    assert [entry.recipient for entry in world.logged(Refused)] == ["nobody@example.com", "user@example.org"]
    assert {entry.message_id for entry in world.receiving.log} == {message.message_id}


@pytest.mark.parametrize("recipient", ["user@example.org", "user@com", "example.com", ""])
def test_a_rule_without_conditions_takes_the_verified_domains_only(world: World, recipient: str) -> None:
    world.rule("rule")
    assert world.deliver(recipient) is None
    assert world.deliver("any@sub.example.com") is not None


def test_nothing_is_received_without_an_active_set_or_by_disabled_rules(world: World) -> None:
    world.rule("rule", Enabled=False)
    assert world.deliver() is None
    world.ses.update_receipt_rule(RuleSetName="set", Rule={"Name": "rule", "Enabled": True})
    assert world.deliver() is not None
    world.ses.set_active_receipt_rule_set()
    assert world.deliver() is None


def test_a_blocked_client_is_refused_unless_it_is_allowed(world: World) -> None:
    world.rule("rule")
    for name, policy, cidr in (("all", "Block", "0.0.0.0/0"), ("friend", "Allow", "192.0.2.0/24")):
        ip_filter = {"Policy": policy, "Cidr": cidr}
        world.ses.create_receipt_filter(Filter={"Name": name, "IpFilter": ip_filter})
    assert world.receiving.accepts("user@example.com", "192.0.2.7", tls=True).code == 250
    reply = world.receiving.accepts("user@example.com", "198.51.100.7", tls=True)
    assert (reply.code, reply.text) == (554, "5.7.1 Requested action not taken: message refused")
    assert world.receiving.accepts("user@example.com", "2001:db8::1", tls=True).code == 250


def test_a_rule_may_insist_on_tls(world: World) -> None:
    world.rule("rule", TlsPolicy="Require")
    assert world.receiving.accepts("user@example.com", "192.0.2.7", tls=True).positive
    reply = world.receiving.accepts("user@example.com", "192.0.2.7", tls=False)
    assert (reply.code, reply.text) == (530, "5.7.0 Must issue a STARTTLS command first")
