"""Print docs/findings.md."""

import sys

from policies.findings.pages import document

sys.stdout.write(document())
