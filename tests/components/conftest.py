"""Fixtures of the components' tests: configuration, and deployments that are only recorded."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pulumi
import pytest
from component_world import Account, Deploy, Deployment, Monitor, Warnings
from pulumi.runtime import config as pulumi_config
from pulumi.runtime import mocks


@pytest.fixture
def stack_config() -> Iterator[dict[str, Any]]:
    """The stack's configuration, to be filled in."""
    before = dict(pulumi_config.CONFIG.get())
    pulumi_config.set_all_config({})
    yield pulumi_config.CONFIG.get()
    pulumi_config.set_all_config(before)


@pytest.fixture
def _event_loop() -> Iterator[None]:
    """A loop of the test's own, quiet about the futures of a failed Output that nobody awaits any more."""
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda *_: None)
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture
def deploy(_event_loop: None) -> Deploy:
    """Runs a program as Pulumi would; the outputs are those of the component that it returns."""

    def run(
        program: Callable[[], Any], account: Account | None = None, *, preview: bool = False
    ) -> Deployment:
        account = account or Account()
        deployment = Deployment()
        logger = logging.Logger("pulumi")
        logger.addHandler(Warnings(deployment.warnings))
        mocks.set_mocks(account, "ses-bounce", "dev", preview, logger, monitor=Monitor(account, deployment))

        @mocks.test
        def deployed() -> pulumi.Output[None]:
            made = program()
            values = vars(made).items()
            outputs = {k: v for k, v in values if isinstance(v, pulumi.Output) and k[0] != "_"}
            return pulumi.Output.all(**outputs).apply(deployment.outputs.update)

        deployed()
        return deployment

    return run
