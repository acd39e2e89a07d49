"""Policies from files.

A file holds one of these:

- `{"identity": ARN, "name": …, "policy": …}`, a list of them, or one a line (read line by line, so that the
  file may be of any size);
- a policy document, whose identity or role the caller names;
- what `aws ses get-identity-policies` or `aws sesv2 get-email-identity` print, likewise.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, TextIO

from policies.evaluation import PolicyError
from policies.evaluation.json_text import load
from policies.findings import Document, Subject, Unread
from policies.sources.arns import is_auditable

_ENTRY = frozenset({"identity", "name", "policy"})
Entry = tuple[str, Document]


class _UnreadableError(ValueError):
    """Something that is no policy in a form known here."""


def subjects(lines: TextIO, file: str, identity: str | None) -> Iterator[Subject | Unread]:
    """The identities and roles of a file, each with its policies, and what could not be read.

    The lines of one identity have to stand together, since they are judged together: where they do not, that
    is among the unread.

    Args:
        lines: The file, open.
        file: Its name.
        identity: Whose policies they are, where the file does not say; an ARN.
    """
    try:
        yield from _together(_entries(lines, file, identity), file)
    except (OSError, UnicodeDecodeError) as error:
        yield Unread(file, f"cannot be read: {error}")


def _together(entries: Iterable[Entry | Unread], file: str) -> Iterator[Subject | Unread]:
    done: set[str] = set()
    current: str | None = None
    documents: list[Document] = []
    for entry in entries:
        if isinstance(entry, Unread):
            yield entry
            continue
        arn, document = entry
        if arn != current:
            if current is not None:
                yield Subject(current, tuple(documents))
                done.add(current)
            if arn in done:
                yield Unread(
                    f"{file}:{document.line}",
                    f"the policies of {arn} stand apart and were not judged together: sort by identity",
                )
            current, documents = arn, []
        documents.append(document)
    if current is not None:
        yield Subject(current, tuple(documents))


def _entries(lines: TextIO, file: str, identity: str | None) -> Iterator[Entry | Unread]:
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    first = next(numbered, None)
    if first is None:
        yield Unread(file, "is empty")
    elif file.endswith((".jsonl", ".ndjson")) or _is_entry(first[1]):
        for number, line in chain([first], numbered):
            yield from _whole(line, file, number, identity)
    else:
        rest = "".join(line for _, line in numbered)
        yield from _whole(first[1] + rest, file, first[0], identity)


def _is_entry(line: str) -> bool:
    """Whether a line by itself is a whole entry."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and "identity" in value


def _whole(text: str, file: str, line: int, identity: str | None) -> Iterator[Entry | Unread]:
    try:
        value = load(text)
    except PolicyError as error:
        yield Unread(f"{file}:{line}", error.message)
        return
    items = value if isinstance(value, list) else [value]
    for index, item in enumerate(items):
        where = f"{file}:{line}" + (f" /{index}" if items is value else "")
        try:
            yield from _read(item, file, line, identity)
        except _UnreadableError as error:
            yield Unread(where, str(error))


def _read(item: Any, file: str, line: int, identity: str | None) -> list[Entry]:
    if not isinstance(item, Mapping):
        raise _UnreadableError("is no object")
    if "identity" in item:
        return [_entry(item, file, line)]
    if "Statement" in item:
        return [(_named(identity), Document(file, item, file, line))]
    policies = item.get("Policies")
    if isinstance(policies, Mapping):
        arn = _named(identity)
        return [(arn, _document(name, policy, file, line)) for name, policy in policies.items()]
    raise _UnreadableError(
        "is neither a policy, nor an entry of identity, name and policy, nor AWS CLI output"
    )


def _entry(item: Mapping[str, Any], file: str, line: int) -> Entry:
    if set(item) != _ENTRY:
        raise _UnreadableError("must have identity, name and policy, and nothing else")
    arn, name = item["identity"], item["name"]
    if not isinstance(arn, str) or not is_auditable(arn):
        raise _UnreadableError(f"identity: {arn!r} is no ARN of an SES identity or a role")
    if not isinstance(name, str):
        raise _UnreadableError("name: must be a string")
    return arn, _document(name, item["policy"], file, line)


def _document(name: str, policy: Any, file: str, line: int) -> Document:
    if not isinstance(policy, str | Mapping):
        raise _UnreadableError(f"policy {name!r}: must be an object, or its text")
    return Document(name, policy, file, line)


def _named(identity: str | None) -> str:
    if identity is None:
        raise _UnreadableError("does not say whose policy it is: give --identity ARN")
    return identity
