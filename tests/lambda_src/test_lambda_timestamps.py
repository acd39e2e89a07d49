"""Times are read as the AWS CLI and boto3 read them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_src import timestamps

MOMENT = datetime(2015, 10, 1, 13, 48, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2015-10-01T13:48:59Z",
        "2015-10-01T22:48:59+09:00",
        "2015-10-01T13:48:59",
        "Thu, 1 Oct 2015 22:48:59 +0900",
        "Thu, 01 Oct 2015 13:48:59 GMT",
        "1443707339",
        "1443707339.0",
        1443707339,
        1443707339.0,
        datetime(2015, 10, 1, 13, 48, 59),  # noqa: DTZ001 - a user's datetime without a zone
        datetime(2015, 10, 1, 22, 48, 59, tzinfo=timezone(timedelta(hours=9))),
    ],
)
def test_the_same_moment_in_every_form(value: str | float | datetime) -> None:
    assert timestamps.parse(value) == MOMENT
    assert timestamps.parse(value).tzinfo == UTC


@pytest.mark.parametrize(
    "value",
    ["", "yesterday", "nan", "inf", "1e400", -1e18, float("nan"), "0001-01-01T00:00:00+14:00", "9" * 40],
)
def test_no_time(value: str | float) -> None:
    with pytest.raises(ValueError, match="must be a time"):
        timestamps.parse(value)


@given(st.text() | st.floats() | st.integers())
def test_anything_is_a_time_or_a_value_error(value: str | float) -> None:
    try:
        moment = timestamps.parse(value)
    except ValueError:
        return
    assert moment.tzinfo == UTC


@given(st.datetimes(timezones=st.just(UTC)))
def test_iso_form_reads_back(moment: datetime) -> None:
    assert timestamps.parse(timestamps.iso(moment)) == moment
