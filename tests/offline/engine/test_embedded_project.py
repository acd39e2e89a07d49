"""The embedded engine: the project's files and the configuration that a program reads."""

from pathlib import Path

import pulumi
import pulumi.runtime
import pytest
from embedded_stack import Stack

from offline.engine.errors import DeploymentError
from offline.engine.project import read_project, read_stack_config


def test_a_program_reads_its_configuration_typed_and_with_the_projects_defaults(stack: Stack) -> None:
    stack.project["config"] = {
        "domain": {"type": "string"},
        "retention": {"type": "integer", "default": 30},
        "observe": {"type": "boolean", "default": False},
        "aws:region": "us-east-1",
    }
    stack.config |= {
        "domain": "example.com",
        "post:observe": True,
        "post:rules": [{"name": "one", "recipients": ["a@example.com"]}],
        "other:key": "theirs",
    }
    result = stack.up("""
        config = pulumi.Config()
        pulumi.export("domain", config.require("domain"))
        pulumi.export("retention", config.require_int("retention"))
        pulumi.export("observe", config.require_bool("observe"))
        pulumi.export("rules", config.require_object("rules"))
        pulumi.export("other", pulumi.Config("other").require("key"))
        pulumi.export("region", aws.config.region)
        pulumi.export("names", [pulumi.get_project(), pulumi.get_stack()])
    """)
    assert result.outputs == {
        "domain": "example.com",
        "retention": 30,
        "observe": True,
        "rules": [{"name": "one", "recipients": ["a@example.com"]}],
        "other": "theirs",
        "region": "eu-west-1",
        "names": ["post", "dev"],
    }


def test_a_declared_key_without_a_default_must_be_given(stack: Stack) -> None:
    stack.project["config"] = {"domain": {"type": "string"}}
    with pytest.raises(DeploymentError, match="Stack 'dev' is missing configuration value 'domain'"):
        stack.preview("")


def test_the_files_of_a_stack_are_read(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: post\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(
        "config:\n  aws:region: eu-west-1\n  post:rules: [{name: one}]\n"
    )
    assert read_project(tmp_path).main == tmp_path / "__main__.py"
    assert read_stack_config(tmp_path / "Pulumi.dev.yaml") == {
        "aws:region": "eu-west-1",
        "post:rules": [{"name": "one"}],
    }


@pytest.mark.parametrize("content", [b"- a list\n", b"config: [unclosed\n", b"\xff\xfe"])
def test_what_is_no_pulumi_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_bytes(content)
    with pytest.raises(DeploymentError, match=r"Pulumi\.dev\.yaml"):
        read_stack_config(file)
    with pytest.raises(DeploymentError, match=r"Pulumi\.yaml cannot be read"):
        read_project(tmp_path)


def test_an_encrypted_value_is_refused(stack: Stack) -> None:
    stack.config["post:token"] = {"secure": "v1:abc:def"}
    with pytest.raises(DeploymentError, match="post:token is encrypted"):
        stack.preview("")


def test_warnings_are_kept_and_every_run_is_a_fresh_one(stack: Stack) -> None:
    program = """
        pulumi.log.warn("beware")
        pulumi.export("made", "global_name" in globals())
        global_name = 1
    """
    for _ in range(2):
        result = stack.up(program)
        assert result.warnings == ("beware",)
        assert result.outputs == {"made": False}


def test_a_deployment_leaves_the_sdks_own_settings_as_they_were(stack: Stack) -> None:
    stack.project["name"] = "elsewhere"
    stack.config["elsewhere:key"] = "value"
    before = pulumi.runtime.get_root_resource()
    stack.up("")
    assert pulumi.get_project() != "elsewhere"
    assert pulumi.Config("elsewhere").get("key") is None
    assert pulumi.runtime.get_root_resource() is before


def test_a_programs_own_modules_and_files_are_found_beside_it(stack: Stack) -> None:
    (stack.folder / "post_helper.py").write_text("VALUE = open('value.txt').read()")
    (stack.folder / "value.txt").write_text("found")
    result = stack.up("""
        import post_helper
        pulumi.export("value", post_helper.VALUE)
    """)
    assert result.outputs == {"value": "found"}
