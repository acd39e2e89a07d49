"""The rules explained: a page for each, and all of them as docs/findings.md."""

from policies.findings.model import Rule
from policies.findings.rules import RULES


def page(rule: Rule) -> str:
    """What `ses-bounce audit --explain` prints."""
    return f"{rule.id} ({rule.severity.name.lower()}): {rule.title}\n\n{rule.why}\n\nFix: {rule.fix}\n"


def document() -> str:
    """All rules as Markdown."""
    rows = "".join(
        f"| [{rule.id}](#{rule.id.lower()}) | {rule.severity.name.lower()} | {rule.title} |\n"
        for rule in RULES.values()
    )
    sections = "\n".join(
        f"## {rule.id}\n\n**{rule.title}** ({rule.severity.name.lower()})\n\n{rule.why}\n\nFix: {rule.fix}\n"
        for rule in RULES.values()
    )
    return (
        "# Findings of `ses-bounce audit`\n\n"
        "Made from the table in `policies/findings/rules.py` by "
        "`python -m policies.findings > docs/findings.md`.\n\n"
        f"| ID | severity | finding |\n| --- | --- | --- |\n{rows}\n{sections}"
    )
