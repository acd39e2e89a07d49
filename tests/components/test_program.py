"""The program: configuration in, components, exports."""

import runpy
from typing import Any

import pulumi
import pytest
from component_world import ROOT, Account, Deploy, settings_of


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_each_environment_deploys_and_exports_what_others_need(
    stack: str, deploy: Deploy, stack_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    stack_config.update(settings_of(stack))
    exported: dict[str, Any] = {}
    monkeypatch.setattr(pulumi, "export", exported.__setitem__)

    account = Account(region=stack_config["aws:region"])

    deployment = deploy(lambda: runpy.run_path(str(ROOT / "__main__.py"))["service"], account)

    assert deployment.of("ReceiptRule")
    assert set(exported) == {
        "ruleSetName",
        "handlerFunctionName",
        "handlerFunctionArn",
        "senderFunctionName",
        "senderFunctionArn",
        "queueName",
        "queueArn",
        "queueUrl",
        "deadLetterQueueName",
        "deadLetterQueueArn",
        "deadLetterQueueUrl",
        "identityArns",
        "dnsRecords",
    }
