"""Who may, and what a change of policies widens or narrows: exact, with a proof for each answer."""

from policies.access.changes import Change, Difference, diff
from policies.access.grants import Access, Grant, who_can

__all__ = ["Access", "Change", "Difference", "Grant", "diff", "who_can"]
