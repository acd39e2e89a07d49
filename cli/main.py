"""Entry point: put the verbs together and turn bad input into one line and exit 2."""

import importlib
import os
import pkgutil
import sys

import typer

import cli
from cli.errors import BadInput

# Of its usage errors typer exports only this one; its base class is what any wrong command line raises.
WrongUsage: type[Exception] = typer.BadParameter.__mro__[1]


def build() -> typer.Typer:
    """The command with every verb of this folder that has a `register`."""
    app = typer.Typer(
        name="ses-bounce",
        help="Bounce mail that Amazon SES received, properly: offline cloud, clients, policy audit.",
        add_completion=False,
    )
    for module in sorted(m.name for m in pkgutil.iter_modules(cli.__path__)):
        register = getattr(importlib.import_module(f"cli.{module}"), "register", None)
        if register is not None:
            register(app)
    return app


def main() -> None:
    """Run the command; exit 0 done, 1 the answer is no, 2 bad input, 130 interrupted."""
    try:
        code = build()(sys.argv[1:] or ["--help"], standalone_mode=False)
    except (BadInput, WrongUsage) as error:
        code = _complain(error)
    except (typer.Abort, KeyboardInterrupt):
        code = 130
    except BrokenPipeError:  # the reader is gone, as with `| head`: what is still buffered has nowhere to go
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


def _complain(error: Exception) -> int:
    message = getattr(error, "format_message", error.__str__)()
    sys.stderr.write(f"ses-bounce: {' '.join(message.split())}\n")
    return 2


if __name__ == "__main__":
    main()
