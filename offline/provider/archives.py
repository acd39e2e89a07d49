"""Pulumi archives as zip files, always with the same bytes for the same files."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from offline.provider import wire
from offline.provider.errors import ProviderError
from offline.provider.wire import Json

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip file can tell."""


def zip_bytes(archive: Json) -> bytes:
    """The zip file of an archive in Pulumi's wire form; one that is a zip file already stays as it is."""
    ready = _zip_file(archive)
    if ready:
        return ready.read_bytes()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in sorted(_files(archive)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            package.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def digest(archive: Json) -> str:
    """The SHA-256, in hex, of an archive's files and their names."""
    ready = _zip_file(archive)
    if ready:
        return hashlib.sha256(ready.read_bytes()).hexdigest()
    files = {name: hashlib.sha256(content).hexdigest() for name, content in _files(archive)}
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def _zip_file(archive: Json) -> Path | None:
    path = Path(archive.get("path", ""))
    return path if path.suffix == ".zip" else None


def _files(archive: Json) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file in a directory or a collection of assets."""
    if "assets" in archive:
        for name, asset in archive["assets"].items():
            if wire.is_signed(asset, wire.ARCHIVE):
                yield from ((f"{name}/{inner}", content) for inner, content in _files(asset))
            else:
                yield name, asset_bytes(asset)
    elif "path" in archive:
        root = Path(archive["path"])
        for file in root.rglob("*"):
            if file.is_file():
                yield file.relative_to(root).as_posix(), file.read_bytes()
    else:
        raise ProviderError("an archive from the network is not within the reach of the offline provider")


def asset_bytes(asset: Json) -> bytes:
    """The content of an asset in Pulumi's wire form."""
    if "text" in asset:
        return str(asset["text"]).encode()
    if "path" in asset:
        return Path(asset["path"]).read_bytes()
    raise ProviderError("an asset from the network is not within the reach of the offline provider")
