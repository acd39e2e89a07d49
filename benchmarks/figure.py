"""One measured figure, with the goal it is held against."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What a benchmark found.

    Attributes:
        name: What was measured, in a few words.
        value: The figure.
        unit: Its unit (`s`, `ms`, `x` for a ratio, `/s`).
        goal: The goal in words (`≤ 1.5`), or None where none was set.
        met: Whether the goal is met, or None without a goal.
    """

    name: str
    value: float
    unit: str
    goal: str | None = None
    met: bool | None = None

    @classmethod
    def at_most(cls, name: str, value: float, unit: str, limit: float) -> "Figure":
        """A figure that should not exceed `limit`."""
        return cls(name, value, unit, f"≤ {limit:g}", value <= limit)

    @classmethod
    def at_least(cls, name: str, value: float, unit: str, limit: float) -> "Figure":
        """A figure that should reach `limit`."""
        return cls(name, value, unit, f"≥ {limit:g}", value >= limit)
