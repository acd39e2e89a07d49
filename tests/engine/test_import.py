"""Resources that exist already become part of a stack by `pulumi import`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from offline import accounts
from offline.cloud import Cloud
from offline.engine.workspace import Workspace

pytestmark = pytest.mark.engine


def test_an_existing_rule_set_and_identity_are_imported(
    cloud: Cloud, workspace: Callable[[Path], Workspace], tmp_path: Path
) -> None:
    session = accounts.session(cloud.endpoint, "111111111111", "us-east-1")
    session.client("ses", endpoint_url=cloud.endpoint).create_receipt_rule_set(RuleSetName="made-by-hand")
    session.client("sesv2", endpoint_url=cloud.endpoint).create_email_identity(
        EmailIdentity="example.com", Tags=[{"Key": "owner", "Value": "postmaster"}]
    )
    existing = tmp_path / "existing.json"
    existing.write_text(
        json.dumps(
            {
                "resources": [
                    {"type": "aws:ses/receiptRuleSet:ReceiptRuleSet", "name": "rules", "id": "made-by-hand"},
                    {"type": "aws:sesv2/emailIdentity:EmailIdentity", "name": "domain", "id": "example.com"},
                ]
            }
        )
    )
    project = workspace(Path(__file__).parent / "programs" / "adopted")
    project.init("dev", {"aws:region": "us-east-1"})
    imported = project.run(
        "import", "dev", "--file", str(existing), "--generate-code=false", "--protect=false"
    )
    assert imported.errors == ""
    assert imported.changes["import"] == 2
    assert project.run("up", "dev").changes == {"same": 3}
