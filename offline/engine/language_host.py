# ruff: noqa: N802, ARG002 - the methods' names and parameters are the protocol's
"""A Python language host for the real Pulumi engine, where Pulumi's own is not to be had.

Pulumi's installer brings `pulumi-language-python`; as a Go module it cannot be fetched, although the engine
can. This host runs what the engine asks for: programs, component plugins and policy packs whose virtual
environment exists already. It installs nothing, generates no SDKs and names no required plugins, which the
engine can do without: each provider is then looked for on PATH when it is first used.

Protocol: `pulumirpc.LanguageRuntime`, documented in the SDK's `pulumi/runtime/proto/language_pb2.pyi`.
"""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime.proto import language_pb2 as language
from pulumi.runtime.proto import language_pb2_grpc, plugin_pb2

from offline.engine import plugin

SHOWN_TO_USER = 32
"""Exit code of `pulumi-language-python-exec` when the program's error is already among the diagnostics."""


class PythonHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Runs Python programs and plugins for the engine.

    `engine` is its address, host:port; `program_runner` the SDK's `pulumi-language-python-exec`.
    """

    def __init__(self, engine: str, program_runner: Path) -> None:
        self._engine = engine
        self._program_runner = program_runner
        self._children: set[subprocess.Popen[bytes]] = set()

    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo()

    def InstallDependencies(self, request: Any, context: Any) -> Iterator[Any]:
        return iter(())

    def Run(self, request: language.RunRequest, context: Any) -> language.RunResponse:
        """Run a program to its end; `bail` tells the engine that the user has seen the error already."""
        command = program_command(request, self._engine, self._program_runner)
        child = self._start(command, request.pwd, program_environment(request))
        exit_code = child.wait()
        self._children.discard(child)
        if exit_code == SHOWN_TO_USER:
            return language.RunResponse(bail=True)
        return language.RunResponse(
            error=f"the program ended with exit code {exit_code}" if exit_code else ""
        )

    def RunPlugin(
        self, request: language.RunPluginRequest, context: Any
    ) -> Iterator[language.RunPluginResponse]:
        """Run a plugin until it or the engine ends; its output goes to the engine as it comes."""
        environment = dict(entry.split("=", 1) for entry in request.env)
        child = self._start(plugin_command(request), request.pwd, environment, output=subprocess.PIPE)
        context.add_callback(child.terminate)
        yield from output_of(child)
        yield language.RunPluginResponse(exitcode=child.wait())
        self._children.discard(child)

    def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:
        self.terminate()
        return empty_pb2.Empty()

    def terminate(self) -> None:
        """End the programs and plugins that still run."""
        for child in list(self._children):
            child.terminate()

    def _start(
        self, command: Sequence[str], folder: str, environment: Mapping[str, str], output: int | None = None
    ) -> "subprocess.Popen[bytes]":
        child = subprocess.Popen(  # noqa: S603 - running the user's program is what a language host is for
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
            # The engine ends its plugins by SIGINT to the host's process group. Outside of that group a child
            # ends by `terminate`, without a KeyboardInterrupt's traceback among the user's diagnostics.
            process_group=0,
        )
        self._children.add(child)
        return child


def interpreter(info: language.ProgramInfo) -> str:
    """The Python of the project's `virtualenv` option, relative to the project; else the host's own."""
    environment = dict(info.options).get("virtualenv")
    if not environment:
        return sys.executable
    return str(Path(info.root_directory, environment, "bin", "python"))


def program_command(request: language.RunRequest, engine: str, program_runner: Path) -> list[str]:
    """The command line that runs a program under the SDK's runner."""
    options = {
        "monitor": request.monitor_address,
        "engine": engine,
        "organization": request.organization,
        "project": request.project,
        "stack": request.stack,
        "root_directory": request.info.root_directory,
        "pwd": request.pwd,
        "dry_run": "true" if request.dryRun else "false",
        "parallel": str(request.parallel),
    }
    flags = [argument for name, value in options.items() for argument in (f"--{name}", value)]
    program = Path(request.info.program_directory, request.info.entry_point)
    return [interpreter(request.info), "-u", str(program_runner), *flags, str(program), *request.args]


def program_environment(request: language.RunRequest) -> dict[str, str]:
    """The variables in which the SDK reads the stack's configuration."""
    return {
        "PULUMI_CONFIG": json.dumps(dict(request.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
    }


def plugin_command(request: language.RunPluginRequest) -> list[str]:
    """The command line of a plugin: a policy pack runs under the SDK's `pulumi.policy`, others alone."""
    start = [interpreter(request.info), "-u"]
    folder = request.info.program_directory
    if request.kind == "analyzer":
        return [*start, "-m", "pulumi.policy", *request.args, folder]
    return [*start, folder, *request.args]


def output_of(child: "subprocess.Popen[bytes]") -> Iterator[language.RunPluginResponse]:
    """What a process writes on stdout and stderr, as it comes, until both are closed."""
    pieces: queue.Queue[language.RunPluginResponse | None] = queue.Queue()

    def forward(stream: str) -> None:
        while piece := getattr(child, stream).read1():
            pieces.put(language.RunPluginResponse(**{stream: piece}))
        pieces.put(None)

    streams = ("stdout", "stderr")
    for stream in streams:
        threading.Thread(target=forward, args=(stream,), daemon=True).start()
    for _ in streams:
        yield from iter(pieces.get, None)


def serve(engine: str, program_runner: Path) -> None:
    """Answer the engine at `engine` until it interrupts."""
    host = PythonHost(engine, program_runner)
    plugin.serve(lambda server: language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server))
    host.terminate()
