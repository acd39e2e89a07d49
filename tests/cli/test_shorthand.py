"""The AWS CLI's shorthand syntax, as its User Guide shows it."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.shorthand import ShorthandError, parse


@pytest.mark.parametrize(
    ("text", "structure"),
    [
        (
            "Recipient=a@b.example,BounceType=DoesNotExist",
            {"Recipient": "a@b.example", "BounceType": "DoesNotExist"},
        ),
        ("DiagnosticCode=smtp; 550 5.1.1 gone", {"DiagnosticCode": "smtp; 550 5.1.1 gone"}),
        ('ArrivalDate="Thu, 1 Jan 2026 00:00:00 +0000"', {"ArrivalDate": "Thu, 1 Jan 2026 00:00:00 +0000"}),
        (r"Value=one\, two", {"Value": "one, two"}),
        ("Names=[a, b],Last=c", {"Names": ["a", "b"], "Last": "c"}),
        ("Names=[]", {"Names": []}),
        (
            "Dsn={Status=5.1.1,ExtensionFields=[{Name=X-A,Value=1},{Name=X-B,Value=2}]},End=",
            {
                "Dsn": {
                    "Status": "5.1.1",
                    "ExtensionFields": [{"Name": "X-A", "Value": "1"}, {"Name": "X-B", "Value": "2"}],
                },
                "End": "",
            },
        ),
    ],
)
def test_reads_what_the_aws_cli_reads(text: str, structure: dict[str, object]) -> None:
    assert parse(text) == structure


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Recipient", "expected a key and '=' at 'Recipient'"),
        ("A=1,A=2", "'A' is given twice"),
        ("A=[1,2", "expected ']' at 'the end'"),
        ("A={B=1", "expected '}' at 'the end'"),
        ('A="1" 2', "expected ',' or the end at '2'"),
    ],
)
def test_says_where_it_stopped(text: str, complaint: str) -> None:
    with pytest.raises(ShorthandError, match="^" + complaint.replace("{", r"\{").replace("[", r"\[")):
        parse(text)


@given(st.dictionaries(st.from_regex(r"[A-Z][a-z]{0,5}", fullmatch=True), st.text(), min_size=1))
def test_quoted_values_come_back_whole(structure: dict[str, str]) -> None:
    def quoted(value: str) -> str:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

    assert parse(",".join(f"{key}={quoted(value)}" for key, value in structure.items())) == structure


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ShorthandError):
        assert isinstance(parse(text), dict)
