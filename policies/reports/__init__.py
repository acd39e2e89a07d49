"""An audit's result in the forms people and machines read."""

from policies.reports.json_report import render as as_json
from policies.reports.markdown_report import render as as_markdown
from policies.reports.result import Result, collect
from policies.reports.sarif_report import render as as_sarif
from policies.reports.table_report import render as as_table

__all__ = ["Result", "as_json", "as_markdown", "as_sarif", "as_table", "collect"]
