"""Entry point: put the verbs together and turn bad input into one line and exit 2."""

import importlib
import pkgutil
import sys

import typer

import cli
from cli.errors import BadInput


def build() -> typer.Typer:
    """The command with every verb of this folder that has a `register`."""
    app = typer.Typer(
        name="ses-bounce",
        help="Bounce mail that Amazon SES received, properly: offline cloud, clients, policy audit.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for module in sorted(m.name for m in pkgutil.iter_modules(cli.__path__)):
        register = getattr(importlib.import_module(f"cli.{module}"), "register", None)
        if register is not None:
            register(app)
    return app


def main() -> None:
    """Run the command; exit 0 done, 1 the answer is no, 2 bad input."""
    try:
        build()()
    except BadInput as error:
        sys.stderr.write(f"ses-bounce: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
