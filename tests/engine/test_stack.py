"""The project's own program, deployed by the real engine into two environments, and changed in one."""

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from account_contents import Contents, anonymous, contents

from offline import accounts
from offline.cloud import Cloud
from offline.engine.embedded import Deployment
from offline.engine.outcome import Outcome
from offline.engine.project import read_stack_config
from offline.engine.workspace import Workspace
from offline.provider.servicer import AwsProvider

pytestmark = pytest.mark.engine

PROGRAM = Path(__file__).parents[2]
DEV, DEV_REGION = "111111111111", "us-east-1"
PROD, PROD_REGION = "222222222222", "eu-west-1"


@dataclass
class Environments:
    """Both environments deployed, and what was seen on the way."""

    workspace: Workspace
    cloud: Cloud
    before: Contents
    previewed: Outcome
    after_preview: Contents
    ups: dict[str, Outcome]

    def dev(self) -> Contents:
        return contents(self.cloud.endpoint, DEV, DEV_REGION)

    def prod(self) -> Contents:
        return contents(self.cloud.endpoint, PROD, PROD_REGION)

    def client(self, service: str) -> Any:
        """A boto3 client in the account of dev."""
        session = accounts.session(self.cloud.endpoint, DEV, DEV_REGION)
        return session.client(service, endpoint_url=self.cloud.endpoint)


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environments]:
    with Cloud(DEV_REGION) as cloud:
        folder = tmp_path_factory.mktemp("environments")
        yield deployed(cloud, Workspace(PROGRAM, folder, {"AWS_ENDPOINT_URL": cloud.endpoint}))


def deployed(cloud: Cloud, project: Workspace) -> Environments:
    session = accounts.session(cloud.endpoint, PROD, PROD_REGION)
    session.client("s3", endpoint_url=cloud.endpoint).create_bucket(
        Bucket="example-com-mail", CreateBucketConfiguration={"LocationConstraint": PROD_REGION}
    )
    session.client("ses", endpoint_url=cloud.endpoint).create_receipt_rule_set(RuleSetName="legacy-rules")
    project.init("dev")
    project.init("prod")
    before = contents(cloud.endpoint, PROD, PROD_REGION)
    previewed = project.run("preview", "dev")
    after_preview = contents(cloud.endpoint, DEV, DEV_REGION)
    with ThreadPoolExecutor() as pool:
        dev, prod = pool.map(lambda stack: project.run("up", stack), ("dev", "prod"))
    return Environments(project, cloud, before, previewed, after_preview, {"dev": dev, "prod": prod})


def test_the_preview_of_an_empty_account_shows_everything_and_makes_nothing(
    environments: Environments,
) -> None:
    assert environments.previewed.exit_code == 0
    assert environments.previewed.changes == environments.ups["dev"].changes
    assert environments.after_preview == {}


def test_two_environments_are_deployed_into_two_accounts_at_once(environments: Environments) -> None:
    assert [up.errors for up in environments.ups.values()] == ["", ""]
    assert environments.dev()["rule_sets/active"] == "ses-bounce-dev"
    assert environments.prod()["rule_sets/active"] == "ses-bounce-prod"


def test_a_second_up_changes_nothing(environments: Environments) -> None:
    created = environments.ups["dev"].changes["create"]
    assert environments.workspace.run("up", "dev").changes == {"same": created}


def test_the_embedded_engine_makes_the_same(environments: Environments) -> None:
    account = "444444444444"
    config = {**read_stack_config(PROGRAM / "Pulumi.dev.yaml"), "aws:allowedAccountIds": [account]}
    endpoint = environments.cloud.endpoint
    Deployment(PROGRAM, "dev", config, lambda: AwsProvider(endpoint)).up()
    embedded = contents(endpoint, account, DEV_REGION)
    assert anonymous(embedded, account) == anonymous(environments.dev(), DEV)


def test_a_changed_rule_replaces_nothing(environments: Environments) -> None:
    settings = environments.workspace.project / "Pulumi.dev.yaml"
    config = yaml.safe_load(settings.read_text())
    config["config"]["ses-bounce:rules"][0]["explanation"] = "Please write to postmaster@example.com."
    settings.write_text(yaml.safe_dump(config))
    up = environments.workspace.run("up", "dev")
    assert up.exit_code == 0
    assert set(up.changes) == {"same", "update"}
    assert {name for name, what in up.operations.items() if what == "update"} == {
        "ses-bounce-handler-receipt-handler",
        "ses-bounce-handler-bounce-sender",
    }


def test_a_renamed_component_with_an_alias_replaces_nothing(environments: Environments) -> None:
    program = environments.workspace.project / "__main__.py"
    original = program.readlink()
    program.unlink()
    shutil.copyfile(Path(__file__).parent / "programs" / "renamed" / "__main__.py", program)
    preview = environments.workspace.run("preview", "dev")
    program.unlink()
    program.symlink_to(original)
    assert preview.exit_code == 0
    assert set(preview.changes) <= {"same", "update"}


def test_refresh_finds_a_policy_edited_by_hand_and_up_repairs_it(environments: Environments) -> None:
    iam = environments.client("iam")
    role = next(each for each in iam.list_roles()["Roles"] if "bounce-sender" in each["RoleName"])["RoleName"]
    [policy] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    found = environments.dev()
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    iam.put_role_policy(
        RoleName=role,
        PolicyName=policy,
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [everything]}),
    )
    refresh = environments.workspace.run("refresh", "dev")
    assert refresh.differences == {"ses-bounce-handler-bounce-sender-permissions": ["policy"]}
    assert environments.workspace.run("up", "dev").changes["update"] == 1
    assert environments.dev() == found


def test_mistakes_in_the_configuration_stop_the_preview(environments: Environments) -> None:
    environments.workspace.init(
        "mistaken",
        {
            "aws:region": DEV_REGION,
            "aws:allowedAccountIds": ["333333333333"],
            "ses-bounce:domain": "example.com",
            "ses-bounce:rules": [{"name": "r", "action": "bounce", "bounceType": "NoSuch"}],
        },
    )
    preview = environments.workspace.run("preview", "mistaken")
    assert preview.exit_code != 0
    assert "rules[0].bounceType" in preview.errors
    assert contents(environments.cloud.endpoint, "333333333333", DEV_REGION) == {}


def test_destroy_leaves_what_it_never_made(environments: Environments) -> None:
    destroy = environments.workspace.run("destroy", "prod")
    assert destroy.changes == {"delete": environments.ups["prod"].changes["create"]}
    assert environments.prod() == environments.before
