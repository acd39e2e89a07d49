"""The embedded engine: deploys a Pulumi program from inside this process, without Pulumi's own engine.

It runs the same program against the same provider. What Pulumi's engine has and this one has not, it refuses.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from offline.engine.deployer import Deployer
from offline.engine.errors import DeploymentError
from offline.engine.monitor import Log, Monitor
from offline.engine.program import Run, run_program
from offline.engine.project import read_project, resolve_config
from offline.engine.provider_client import ProviderFactory
from offline.engine.secrecy import reveal
from offline.engine.state import Change, Resource, State
from offline.engine.urns import STACK_TYPE, Namer

__all__ = ["Change", "Deployment", "DeploymentError", "Resource", "Result", "State"]


@dataclass(frozen=True)
class Result:
    """What a deployment, or a preview of one, came to."""

    outputs: Mapping[str, Any]
    """The stack's outputs, secrets in plain; what a preview does not know is ``wire.UNKNOWN``."""
    resources: tuple[Resource, ...]
    """The resources that there are now, each after those that it depends on."""
    changes: tuple[Change, ...]
    """What happened to each resource, in order."""
    warnings: tuple[str, ...] = ()
    """What the program warned of."""

    @property
    def counts(self) -> dict[str, int]:
        """Number of changes by operation."""
        return dict(Counter(change.operation for change in self.changes))


class Deployment:
    """A stack of a Pulumi program, deployed by the embedded engine.

    ``config`` is that of a ``Pulumi.<stack>.yaml`` (see :func:`offline.engine.project.read_stack_config`).
    ``state`` is what the stack consists of; hand it over to go on with a stack that is deployed already.
    """

    def __init__(
        self,
        program: Path,
        stack: str,
        config: Mapping[str, Any],
        provider: ProviderFactory,
        state: State | None = None,
    ) -> None:
        self._project = read_project(program)
        self._config = resolve_config(self._project, stack, config)
        self._namer = Namer(stack, self._project.name)
        self._provider = provider
        self.state = state or State()

    def preview(self) -> Result:
        """What :meth:`up` would do. Raises :class:`DeploymentError` where it would stop."""
        return self._run(preview=True)

    def up(self) -> Result:
        """Deploys the program: makes what is new, changes what is different, deletes what is no longer there.

        Raises :class:`DeploymentError` when the program or a resource fails; :attr:`state` says what there is
        by then, and the next :meth:`up` goes on from there.
        """
        return self._run(preview=False)

    def destroy(self) -> Result:
        """Deletes all resources of the stack. Raises :class:`DeploymentError` when one cannot be deleted."""
        deployer, log = self._deployer(preview=False), Log()
        try:
            deployer.delete_the_rest()
        finally:
            self.state = deployer.progress.state
        return self._result(deployer, log)

    def _run(self, *, preview: bool) -> Result:
        deployer, log = self._deployer(preview=preview), Log()
        run = Run(self._project.main, self._project.name, self._namer.stack, self._config, preview)
        try:
            run_program(run, Monitor(deployer), log)
            deployer.delete_the_rest()
        except DeploymentError:
            raise
        except Exception as error:
            raise DeploymentError(_reason(error)) from error
        finally:
            if not preview:
                self.state = deployer.progress.state
        return self._result(deployer, log)

    def _result(self, deployer: Deployer, log: Log) -> Result:
        progress = deployer.progress
        stack = self._namer.urn(STACK_TYPE, f"{self._project.name}-{self._namer.stack}")
        outputs = reveal(progress.resources[stack].outputs) if stack in progress.resources else {}
        return Result(
            outputs, tuple(progress.state.resources.values()), tuple(progress.changes), tuple(log.warnings)
        )

    def _deployer(self, *, preview: bool) -> Deployer:
        return Deployer(self._namer, self._config, self._provider, self.state, preview=preview)


def _reason(error: Exception) -> str:
    """The error's text, after its type where the text alone would say little."""
    builtin = type(error).__module__ == "builtins" and type(error) is not Exception
    return f"{type(error).__name__}: {error}" if builtin else str(error)
