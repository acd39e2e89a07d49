"""The Python language host, asked as the engine asks it, without an engine."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import language_pb2 as language
from pulumi.runtime.proto.language_pb2_grpc import LanguageRuntimeStub

from offline.engine.language_host import plugin_command, program_command

RUNNER = """
import signal, sys
stack = sys.argv[sys.argv.index("--stack") + 1]
if stack == "pause":
    print("started", flush=True)
    signal.pause()
sys.exit(int(stack))
"""


@pytest.fixture
def host(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A host whose program runner ends with the exit code that the stack is named after."""
    runner = tmp_path / "pulumi-language-python-exec"
    runner.write_text(RUNNER)
    launcher = tmp_path / "pulumi-language-python"
    launcher.write_text("from offline.engine.start_language_host import main; main()")
    process = subprocess.Popen(
        [sys.executable, launcher, "127.0.0.1:1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    yield process
    process.kill()
    process.communicate()


@pytest.fixture
def engine(host: subprocess.Popen[str]) -> Iterator[LanguageRuntimeStub]:
    with grpc.insecure_channel(f"127.0.0.1:{host.stdout.readline().strip()}") as channel:
        yield LanguageRuntimeStub(channel)


def info(folder: Path, **options: str) -> language.ProgramInfo:
    struct = Struct()
    struct.update(options)
    return language.ProgramInfo(
        root_directory=str(folder), program_directory=str(folder), entry_point=".", options=struct
    )


@pytest.mark.parametrize(
    ("exit_code", "expected"),
    [
        ("0", language.RunResponse()),
        ("32", language.RunResponse(bail=True)),
        ("3", language.RunResponse(error="the program ended with exit code 3")),
    ],
)
def test_a_program_that_showed_its_error_bails(
    engine: LanguageRuntimeStub, tmp_path: Path, exit_code: str, expected: language.RunResponse
) -> None:
    request = language.RunRequest(stack=exit_code, pwd=str(tmp_path), info=info(tmp_path))
    assert engine.Run(request) == expected


def test_a_plugins_output_reaches_the_engine_before_its_exit_code(
    engine: LanguageRuntimeStub, tmp_path: Path
) -> None:
    (tmp_path / "__main__.py").write_text(
        "import os, sys; print(os.environ['COLOUR'], sys.argv[1]); sys.stderr.write('note'); sys.exit(4)"
    )
    request = language.RunPluginRequest(
        kind="resource", pwd=str(tmp_path), args=["127.0.0.1:1"], env=["COLOUR=blue"], info=info(tmp_path)
    )
    *pieces, end = engine.RunPlugin(request)
    assert b"".join(piece.stdout for piece in pieces) == b"blue 127.0.0.1:1\n"
    assert b"".join(piece.stderr for piece in pieces) == b"note"
    assert end.exitcode == 4


def test_an_interrupt_ends_host_and_program_without_a_word(
    host: subprocess.Popen[str], engine: LanguageRuntimeStub, tmp_path: Path
) -> None:
    running = engine.Run.future(language.RunRequest(stack="pause", pwd=str(tmp_path), info=info(tmp_path)))
    assert host.stdout.readline() == "started\n"
    os.killpg(host.pid, signal.SIGINT)  # as the engine does with its plugins
    # The program writes to the host's own stdout and stderr: they end when both processes have.
    stdout, stderr = host.communicate(timeout=10)
    assert (host.returncode, stdout, stderr) == (0, "", "")
    assert running.done()


def test_the_projects_virtual_environment_runs_the_program(tmp_path: Path) -> None:
    request = language.RunRequest(info=info(tmp_path, virtualenv=".venv"))
    assert program_command(request, "", Path("runner"))[0] == f"{tmp_path}/.venv/bin/python"
    assert program_command(language.RunRequest(), "", Path("runner"))[0] == sys.executable


def test_a_policy_pack_runs_under_the_sdks_policy_module(tmp_path: Path) -> None:
    request = language.RunPluginRequest(kind="analyzer", args=["127.0.0.1:1"], info=info(tmp_path))
    assert plugin_command(request)[-4:] == ["-m", "pulumi.policy", "127.0.0.1:1", str(tmp_path)]
