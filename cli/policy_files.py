"""Policies from files, or from a revision of a file in git (`REV:path`)."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from cli.errors import BadInput
from policies.evaluation import Policy, PolicyError, compile_policy


def read(source: str) -> Policy:
    """The policy of a file or of `REV:path`, named after it.

    Raises:
        BadInput: It cannot be read, or is no policy.
    """
    try:
        text = Path(source).read_text(encoding="utf-8")
    except FileNotFoundError:
        text = _from_git(source)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{source}: {error}") from error
    try:
        return compile_policy(text, name=source)
    except PolicyError as error:
        raise BadInput(str(error)) from error


def read_all(sources: Iterable[str] | None) -> tuple[Policy, ...]:
    """The policies of several files."""
    return tuple(read(source) for source in sources or ())


def _from_git(source: str) -> str:
    revision, _, path = source.partition(":")
    if not path or revision.startswith("-"):
        raise BadInput(f"{source}: there is no such file")
    shown = subprocess.run(  # noqa: S603 - git, with one argument that is no option
        ["git", "show", f"{revision}:{path}"],  # noqa: S607 - the user's own git
        capture_output=True,
        text=True,
        check=False,
    )
    if shown.returncode:
        raise BadInput(f"{source}: neither a file nor a revision of one ({shown.stderr.strip()})")
    return shown.stdout
