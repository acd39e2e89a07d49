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


def build(wanted: str) -> typer.Typer:
    """The command with the verb `wanted`, or with all if there is none: some take seconds to import."""
    app = typer.Typer(
        name="ses-bounce",
        help="Bounce mail that Amazon SES received, properly: offline cloud, clients, policy audit.",
        add_completion=False,
    )
    modules = sorted(module.name for module in pkgutil.iter_modules(cli.__path__))
    verb = wanted.replace("-", "_")
    for module in [verb] if verb in modules else modules:
        register = getattr(importlib.import_module(f"cli.{module}"), "register", None)
        if register is not None:
            register(app)
    app.callback()(lambda: None)  # a command with one verb would otherwise do without its name
    return app


def main() -> None:
    """Run the command; exit 0 done, 1 the answer is no, 2 bad input, 130 interrupted."""
    try:
        arguments = sys.argv[1:] or ["--help"]
        code = build(arguments[0])(arguments, standalone_mode=False)
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
