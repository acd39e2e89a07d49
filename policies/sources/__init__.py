"""Where an audit reads policies, and whom it trusts: what cannot be read is named, never taken for clean."""

from policies.sources.arns import is_auditable
from policies.sources.files import subjects
from policies.sources.trust import TrustError, read_trust

__all__ = ["TrustError", "is_auditable", "read_trust", "subjects"]
