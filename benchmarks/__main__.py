"""Run every benchmark, or those named: `python -m benchmarks [NAME ...]`."""

import importlib
import pkgutil
import sys

from rich.console import Console
from rich.table import Table

import benchmarks

MARKS = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}


def main(wanted: list[str]) -> None:
    """Print a table row per figure as soon as its benchmark is done."""
    names = [m.name for m in pkgutil.iter_modules(benchmarks.__path__) if m.name.startswith("bench_")]
    table = Table("benchmark", "what", "figure", "goal", "", title="ses-bounce: measured in one run")
    console = Console()
    for name in names:
        if wanted and name.removeprefix("bench_") not in wanted:
            continue
        console.print(f"measuring {name.removeprefix('bench_')} …", style="dim")
        for figure in importlib.import_module(f"benchmarks.{name}").measure():
            value = f"{figure.value:,.2f} {figure.unit}"
            table.add_row(
                name.removeprefix("bench_"), figure.name, value, figure.goal or "", MARKS[figure.met]
            )
    console.print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
