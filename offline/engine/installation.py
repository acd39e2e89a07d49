"""The real Pulumi engine: found on PATH, or built from its Go modules into `.engine/bin` (`make engine`).

Pulumi's installer is the usual way to get it. Where only package registries are reached, engine and YAML host
are built from the versions that `go.mod` pins, and our own Python language host stands in for Pulumi's.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

SOURCES = Path(__file__).parent
BUILT = SOURCES.parents[1] / ".engine" / "bin"
PROGRAMS = (
    "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    "./sdkgen",
)
SDK = "github.com/pulumi/pulumi/sdk/v3"
RUNNER = "pulumi-language-python-exec"
"""The SDK's program that runs a Python program."""
TAGS = "osusergo,grpcnotrace"
"""Pulumi's own build tags that need no C compiler."""


class EngineMissingError(Exception):
    """There is no engine, and here is why."""


def find() -> Path:
    """The `pulumi` to run: the one on PATH, else the built one.

    Raises EngineMissingError when there is neither.
    """
    found = shutil.which("pulumi") or shutil.which("pulumi", path=BUILT)
    if found is None:
        remedy = "run `make engine`" if shutil.which("go") else "install Pulumi, or Go to build it"
        raise EngineMissingError(f"no Pulumi engine: {remedy}")
    return Path(found)


def is_current() -> bool:
    """Whether what is built is what the sources say."""
    stamp = BUILT / ".sources"
    return stamp.exists() and stamp.read_text() == digest()


def digest() -> str:
    """SHA-256 of everything that decides what is built."""
    sources = (SOURCES / "go.mod", SOURCES / "go.sum", *sorted(SOURCES.glob("sdkgen/*.go")))
    decided = hashlib.sha256(repr((PROGRAMS, TAGS)).encode())
    for source in sources:
        decided.update(source.read_bytes())
    return decided.hexdigest()


def build() -> None:
    """Build engine, YAML host and SDK generator; put the Python host beside them. Takes minutes once."""
    BUILT.mkdir(parents=True, exist_ok=True)
    version = f"{SDK}/go/common/version.Version={_of_sdk('Version')}"
    _go("build", "-tags", TAGS, "-ldflags", f"-s -w -X {version}", "-o", f"{BUILT}{os.sep}", *PROGRAMS)
    shutil.copyfile(Path(_of_sdk("Dir"), "python", "cmd", RUNNER), BUILT / RUNNER)
    write_launcher(BUILT / "pulumi-language-python", module="offline.engine.start_language_host")
    (BUILT / ".sources").write_text(digest())


def _of_sdk(fact: str) -> str:
    """What Go knows of the SDK's module; its `Dir` once it is downloaded, which the build sees to."""
    return _go("list", "-m", "-f", f"{{{{.{fact}}}}}", SDK).strip()


def _go(*arguments: str) -> str:
    """Run the Go tool on our module; its progress goes to stderr."""
    command = ("go", *arguments)
    return subprocess.run(command, cwd=SOURCES, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


def write_launcher(path: Path, *, module: str) -> None:
    """Write an executable at `path` that calls `main()` of a module of ours, in this Python."""
    path.write_text(f"#!{sys.executable}\nfrom {module} import main\n\nmain()\n")
    path.chmod(0o755)


def main() -> int:
    """`make engine`: 0 when there is an engine, or when none is possible here; in CI it must be possible."""
    pulumi = shutil.which("pulumi")
    if pulumi is None and shutil.which("go") is None:
        say("no Pulumi engine: neither pulumi nor go is on PATH; tests that need it are skipped")
        return int(bool(os.environ.get("CI")))
    if pulumi is None and not is_current():
        say("building the Pulumi engine from its Go modules: some minutes, once")
        try:
            build()
        except subprocess.CalledProcessError:
            say("the Pulumi engine could not be built")
            return 1
    say(f"Pulumi engine: {pulumi or BUILT / 'pulumi'}")
    return 0


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
