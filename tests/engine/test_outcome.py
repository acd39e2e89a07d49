"""The events of the real engine, read."""

from offline.engine.outcome import Outcome, read_events

LINES = """\
Some commands begin with a line for people.
{"sequence":0,"diagnosticEvent":{"message":"using a plugin from $PATH\\n","severity":"warning"}}
{"sequence":1,"diagnosticEvent":{"urn":"urn:pulumi:dev::p::t::a","message":"careful\\n","severity":"warning"}}
{"sequence":2,"resourcePreEvent":{"metadata":{"op":"refresh","urn":"urn:pulumi:dev::p::t::a","detailedDiff":null}}}
{"sequence":3,"resOutputsEvent":{"metadata":{"op":"update","urn":"urn:pulumi:dev::p::t::a","detailedDiff":{"b":{},"a":{}}}}}
{"sequence":4,"diagnosticEvent":{"message":"refused\\n","severity":"error"}}
{"sequence":5,"policyEvent":{"policyName":"short-names"}}
{"sequence":6,"summaryEvent":{"resourceChanges":{"update":1}}}
{"sequence":7,"cancelEvent":{}}
"""
OUTCOME = Outcome(255, read_events(LINES), stderr="error: stopped\n")


def test_of_several_steps_with_a_resource_the_last_counts() -> None:
    assert OUTCOME.operations == {"a": "update"}
    assert OUTCOME.differences == {"a": ["a", "b"]}


def test_errors_are_those_among_the_diagnostics_and_those_on_stderr() -> None:
    assert OUTCOME.errors == "refused\n\nerror: stopped"


def test_only_the_programs_own_warnings_count() -> None:
    assert OUTCOME.warnings == ("careful",)


def test_changes_and_violations() -> None:
    assert OUTCOME.changes == {"update": 1}
    assert OUTCOME.violations == ["short-names"]


def test_a_command_that_ended_early_changed_nothing() -> None:
    assert Outcome(255, (), stderr="").changes == {}
