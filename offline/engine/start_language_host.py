"""Entry point of `pulumi-language-python`: the language host without the SDK's start-up time.

The engine starts a host twice a command. Importing `pulumi` takes a second, of which the protocol's messages,
all that the host needs, are a third: so its packages are entered as mere folders before the host is imported.
"""

import importlib.util
import sys
import types
from pathlib import Path

from offline.engine.installation import RUNNER


def main() -> None:
    """Serve the engine, whose address is the last argument; the SDK's program runner stands beside this."""
    sdk = importlib.util.find_spec("pulumi")
    assert sdk is not None
    assert sdk.origin is not None
    folder = Path(sdk.origin).parent
    enter_as_folder("pulumi", folder)
    enter_as_folder("pulumi.runtime", folder / "runtime")
    from offline.engine.language_host import serve  # noqa: PLC0415 - only now

    serve(engine=sys.argv[-1], program_runner=Path(sys.argv[0]).with_name(RUNNER))


def enter_as_folder(package: str, folder: Path) -> None:
    """Let the modules in `folder` be imported as those of `package`, without running its `__init__`."""
    module = types.ModuleType(package)
    module.__path__ = [str(folder)]
    sys.modules[package] = module


if __name__ == "__main__":
    main()
