"""The components as a plugin of other languages sees them: the schema that Pulumi infers from them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from pulumi.provider.experimental.component import ComponentProvider

import components
from components import schema
from components.naming import schema_name

COMPONENTS = [getattr(components, name) for name in components.__all__]


@pytest.fixture(scope="module")
def inferred() -> Any:
    provider = ComponentProvider(COMPONENTS, "ses-bounce")
    return json.loads(provider.schema or "")


def test_every_component_has_its_token_and_a_description(inferred: Any) -> None:
    tokens = {f"ses-bounce:index:{name}" for name in components.__all__}

    assert set(inferred["resources"]) == tokens
    assert all(one["description"] for one in inferred["resources"].values())


def properties(inferred: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for token, resource in inferred["resources"].items():
        for kind in ("inputProperties", "properties"):
            for name, value in resource.get(kind, {}).items():
                yield f"{token} {kind} {name}", value


def test_every_input_and_output_has_a_description(inferred: Any) -> None:
    assert [where for where, value in properties(inferred) if not value.get("description")] == []


def test_no_input_needs_a_conversion_that_the_host_gets_wrong(inferred: Any) -> None:
    """The host raises for an Output given to an integer, and loses a nested object given as one."""
    for where, value in properties(inferred):
        assert value.get("type") != "integer", where
        assert "#/types/" not in json.dumps(value), where


def test_no_output_is_a_number(inferred: Any) -> None:
    for resource in inferred["resources"].values():
        assert not {"number", "integer"} & {
            one.get("type") for one in resource.get("properties", {}).values()
        }


def test_the_service_takes_the_keys_of_the_configuration(inferred: Any) -> None:
    service = inferred["resources"]["ses-bounce:index:BounceService"]

    assert set(service["inputProperties"]) == set(schema.SCHEMA["properties"])
    assert service["requiredInputs"] == ["domain"]


def test_docstrings_tell_the_defaults_of_the_schema(inferred: Any) -> None:
    service = inferred["resources"]["ses-bounce:index:BounceService"]["inputProperties"]

    for key, known in schema.SCHEMA["properties"].items():
        if "default" in known:
            shown = service[key]["description"].replace("`", "").replace("\n", " ")
            default = json.dumps(known["default"]).strip('"')
            assert f"Default: {default}" in shown, key


@pytest.mark.parametrize("component", COMPONENTS, ids=components.__all__)
def test_outputs_go_by_the_names_of_the_schema(component: Any, inferred: Any) -> None:
    known = inferred["resources"][f"ses-bounce:index:{component.__name__}"]["properties"]

    assert {schema_name(name) for name in component.__annotations__} == set(known)


def test_only_the_services_used_are_imported() -> None:
    program = (
        "import sys, components, components.configuration\n"
        "print([name for name in ('s3.bucket', 'ec2.instance', 'rds.instance', 'sns.topic') "
        "if f'pulumi_aws.{name}' in sys.modules])"
    )

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"
