"""Times as AWS clients write them, read into aware datetimes."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

RULE = "must be a time: ISO 8601, RFC 822 with a numeric zone, or seconds since 1970"


def parse(value: str | float | datetime) -> datetime:
    """Read a time in any form that the AWS CLI and boto3 take for a timestamp, as UTC.

    A string of digits is seconds since 1970, as for the AWS CLI; a time without a zone is UTC.

    Raises:
        ValueError: It is none of these, or not within the years 1 to 9999.
    """
    try:
        moment = _read(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, OSError) as error:
        raise ValueError(RULE) from error


def iso(moment: datetime) -> str:
    """A UTC time as ISO 8601, `2026-01-01T00:00:00Z`: the form of the request's JSON and of the envelope."""
    return moment.isoformat().replace("+00:00", "Z")


def _read(value: str | float | datetime) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromtimestamp(float(value), UTC)
    except ValueError:
        if not isinstance(value, str):
            raise
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        return parsedate_to_datetime(value)
