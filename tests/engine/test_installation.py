"""Which engine is used, and what is said when there is none."""

from pathlib import Path

import pytest

from offline.engine import installation


def executable(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.touch(mode=0o755)
    return path


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is all of PATH, on a machine where nothing was built."""
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setattr(installation, "BUILT", tmp_path / "built")
    monkeypatch.delenv("CI", raising=False)
    return tmp_path / "path"


def test_the_engine_on_path_goes_before_the_built_one(on_path: Path) -> None:
    built = executable(installation.BUILT, "pulumi")
    assert installation.find() == built
    installed = executable(on_path, "pulumi")
    assert installation.find() == installed


@pytest.mark.parametrize(
    ("tools", "remedy"), [((), "install Pulumi, or Go to build it"), (("go",), "run `make engine`")]
)
def test_without_an_engine_the_error_says_how_to_get_one(
    on_path: Path, tools: tuple[str, ...], remedy: str
) -> None:
    for tool in tools:
        executable(on_path, tool)
    with pytest.raises(installation.EngineMissingError, match=f"no Pulumi engine: {remedy}"):
        installation.find()


def test_without_pulumi_and_go_make_engine_says_so_and_fails_only_in_ci(
    on_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert installation.main() == 0
    assert capsys.readouterr().out == (
        "no Pulumi engine: neither pulumi nor go is on PATH; tests that need it are skipped\n"
    )
    monkeypatch.setenv("CI", "true")
    assert installation.main() == 1


def test_a_failed_build_fails_with_one_line(on_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    executable(on_path, "go").write_text("#!/bin/sh\nexit 1\n")
    assert installation.main() == 1
    assert capsys.readouterr().out.splitlines()[-1] == "the Pulumi engine could not be built"


def test_what_is_built_is_built_again_when_its_sources_change(
    on_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("go.mod", "go.sum"):
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(installation, "SOURCES", tmp_path)
    installation.BUILT.mkdir()
    (installation.BUILT / ".sources").write_text(installation.digest())
    assert installation.is_current()
    (tmp_path / "go.sum").write_text("another version")
    assert not installation.is_current()
