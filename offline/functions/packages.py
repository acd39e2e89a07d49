"""The packages that a function can import besides its archive: folders of links to the installed ones."""

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

RUNTIME = ("awslambdaric", "boto3")
"""What AWS's Python runtimes hold (https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html)."""
CLOCK = ("time-machine",)
"""What virtual time needs in a function's process."""
POWERTOOLS = ("aws-lambda-powertools",)
"""What the public layer of Powertools for AWS Lambda holds."""


def link(folder: Path, *distributions: str) -> Path:
    """Make `folder` hold these distributions and all that they require, and nothing else."""
    folder.mkdir()
    for source in sorted({entry for name in _closure(distributions) for entry in _entries(name)}):
        (folder / source.name).symlink_to(source)
    return folder


def _closure(names: Iterable[str]) -> set[str]:
    found: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += _required(name)
    return found


def _required(name: str) -> Iterator[str]:
    """The installed distributions that `name` requires; a missing one is not for this platform."""
    for requirement in distribution(name).requires or ():
        match = re.match(r"[\w.-]+", requirement)
        if match and "extra ==" not in requirement:
            try:
                yield distribution(match[0]).metadata["Name"]
            except PackageNotFoundError:
                continue


def _entries(name: str) -> Iterator[Path]:
    """The files and folders of a distribution in site-packages."""
    installed = distribution(name)
    for top in {file.parts[0] for file in installed.files or ()} - {"..", "__pycache__"}:
        yield Path(str(installed.locate_file(top)))
