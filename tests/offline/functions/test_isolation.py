"""What a function's process has, and what it must not have: Lambda's environment and nothing of ours."""

import pytest
from lambda_cloud import ACCOUNT, Cloud, archive

IMPORTABLE = """
import importlib
def handler(event, context):
    found = []
    for name in event:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
        found.append(name)
    return found
"""
POWERTOOLS = "arn:aws:lambda:us-east-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-arm64:29"


def test_a_function_runs_from_the_deployed_archive_never_from_the_source_tree(cloud: Cloud) -> None:
    source = "import lambda_src\ndef handler(event, context):\n    return lambda_src.WHO\n"
    code = archive(source, **{"lambda_src/__init__": "WHO = 'the archive'"})
    arn = cloud.deploy(source)
    cloud.client("lambda").update_function_code(FunctionName=arn, ZipFile=code)
    assert cloud.call(arn) == "the archive"


def test_nothing_of_this_project_or_its_tools_can_be_imported(cloud: Cloud) -> None:
    arn = cloud.deploy(IMPORTABLE)
    names = ["lambda_src", "offline", "policies", "components", "cli", "lambda_cloud", "bootstrap"]
    tools = ["pytest", "moto", "simpy", "pulumi", "yaml", "editables", "aws_lambda_powertools"]
    assert cloud.call(arn, names + tools) == []


def test_the_runtimes_own_packages_can_be_imported(cloud: Cloud) -> None:
    arn = cloud.deploy(IMPORTABLE, Timeout=30)
    names = ["boto3", "botocore", "urllib3", "jmespath", "dateutil", "s3transfer", "awslambdaric"]
    assert cloud.call(arn, names) == names


def test_powertools_can_be_imported_with_its_layer_of_any_version(cloud: Cloud) -> None:
    arn = cloud.deploy(IMPORTABLE, Layers=[POWERTOOLS])
    assert cloud.call(arn, ["aws_lambda_powertools"]) == ["aws_lambda_powertools"]


def test_a_published_layer_is_unpacked(cloud: Cloud) -> None:
    layer = cloud.client("lambda").publish_layer_version(
        LayerName="shared", Content={"ZipFile": archive("", **{"python/shared": "WHO = 'the layer'"})}
    )
    source = "import shared\ndef handler(event, context):\n    return shared.WHO\n"
    assert cloud.call(cloud.deploy(source, Layers=[layer["LayerVersionArn"]])) == "the layer"


def test_an_unknown_layer_is_refused(cloud: Cloud) -> None:
    arn = POWERTOOLS.replace("Powertools", "Else")
    with pytest.raises(cloud.client("lambda").exceptions.ResourceNotFoundException):
        cloud.deploy(IMPORTABLE, Layers=[arn])


def test_the_environment_is_lambdas(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUR_SECRET", "x")
    arn = cloud.deploy(
        "import os\ndef handler(event, context):\n    return dict(os.environ)\n",
        Environment={"Variables": {"QUEUE_URL": "u", "AWS_REGION": "reserved"}},
        MemorySize=256,
    )
    environment = cloud.call(arn)
    assert set(environment) - {"LC_CTYPE"} == {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_ENDPOINT_URL",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "HOME",
        "LAMBDA_TASK_ROOT",
        "LANG",
        "PATH",
        "QUEUE_URL",
        "TZ",
    }
    assert environment["AWS_REGION"] == "us-east-1"
    assert environment["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.13"
    assert environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert environment["_HANDLER"] == "index.handler"


def test_a_function_acts_with_its_role_in_a_session_named_like_itself(cloud: Cloud) -> None:
    arn = cloud.deploy(
        "import boto3\ndef handler(event, context):\n"
        "    return boto3.client('sts').get_caller_identity()['Arn']\n",
        Timeout=30,
    )
    assert cloud.call(arn) == f"arn:aws:sts::{ACCOUNT}:assumed-role/function-1/function-1"


def test_credentials_that_expired_in_virtual_time_are_renewed(cloud: Cloud) -> None:
    arn = cloud.deploy(
        "import os, time\ndef handler(event, context):\n    time.sleep(event)\n"
        "    return os.environ['AWS_ACCESS_KEY_ID']\n",
        Timeout=900,
    )
    keys = [cloud.call(arn, 899) for _ in range(6)]
    assert len(set(keys)) == 2
    assert keys == sorted(keys, key=keys.index)
