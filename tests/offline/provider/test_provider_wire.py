"""Values on the wire, and archives as the files of a function."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_samples import code
from pulumi.runtime import rpc

from offline.provider import archives, wire
from offline.provider.errors import ProviderError
from offline.provider.paths import join

JSON = st.recursive(
    st.booleans() | st.integers(-(2**52), 2**52) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.text(), JSON))
def test_values_come_back_as_they_went(properties: dict[str, Any]) -> None:
    assert wire.load(wire.dump(properties)) == properties


def test_absent_values_are_left_out() -> None:
    assert wire.load(wire.dump({"a": None, "b": {"c": None}, "d": 1.5})) == {"b": {}, "d": 1.5}


def test_sentinels_are_those_of_the_sdk() -> None:
    assert wire.UNKNOWN == rpc.UNKNOWN
    assert rpc._special_sig_key == wire.SIGNATURE
    assert rpc._special_secret_sig == wire.SECRET
    assert (rpc._special_asset_sig, rpc._special_archive_sig) == (wire.ASSET, wire.ARCHIVE)


def test_paths_quote_what_is_no_identifier() -> None:
    assert join("", "tags") == "tags"
    assert join("tags", "stage") == "tags.stage"
    assert join("tags", "aws:stage") == 'tags["aws:stage"]'


def unzipped(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def archive(**content: Any) -> dict[str, Any]:
    return {wire.SIGNATURE: wire.ARCHIVE, **content}


def test_an_archive_of_assets_is_zipped_the_same_way_every_time(tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("from a file")
    file = {wire.SIGNATURE: wire.ASSET, "path": str(tmp_path / "file.txt")}
    text = {wire.SIGNATURE: wire.ASSET, "text": "text"}
    inner = archive(assets={"deep.txt": text})
    one = archives.zip_bytes(archive(assets={"a.txt": text, "b": inner, "c.txt": file}))
    other = archives.zip_bytes(archive(assets={"c.txt": file, "b": inner, "a.txt": text}))
    assert one == other
    assert unzipped(one) == {"a.txt": "text", "b/deep.txt": "text", "c.txt": "from a file"}


def test_files_in_the_package_can_be_read_by_everybody() -> None:
    with zipfile.ZipFile(io.BytesIO(archives.zip_bytes(code("v1")))) as package:
        assert package.infolist()[0].external_attr >> 16 == 0o644


def test_a_folder_is_an_archive_and_a_zip_file_stays_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "source"
    (folder / "package").mkdir(parents=True)
    (folder / "package" / "module.py").write_text("pass")
    data = archives.zip_bytes(archive(path=str(folder)))
    assert unzipped(data) == {"package/module.py": "pass"}
    ready = tmp_path / "ready.zip"
    ready.write_bytes(data)
    assert archives.zip_bytes(archive(path=str(ready))) == data


def test_nothing_is_fetched_from_the_network() -> None:
    remote = {wire.SIGNATURE: wire.ASSET, "uri": "https://example.com/a"}
    for each in (archive(uri="https://example.com/a.zip"), archive(assets={"a": remote})):
        with pytest.raises(ProviderError, match="network"):
            archives.zip_bytes(each)
