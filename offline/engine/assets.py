"""Hashes of assets and archives: the engine computes them, and a provider sees by them what has changed."""

import hashlib
from collections.abc import Mapping
from typing import Any

from offline.provider import archives, wire


def hashed(value: Any) -> Any:
    """The value, with the SHA-256 of its content in every asset and archive in it."""
    if wire.is_signed(value, wire.ARCHIVE):
        return {**value, "hash": archives.digest(value)}
    if wire.is_signed(value, wire.ASSET):
        return {**value, "hash": hashlib.sha256(archives.asset_bytes(value)).hexdigest()}
    if isinstance(value, Mapping):
        return {key: hashed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [hashed(each) for each in value]
    return value
