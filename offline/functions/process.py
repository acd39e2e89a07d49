"""The process of an execution environment: with Lambda's environment variables, and nothing of ours.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

import subprocess
import sys
from pathlib import Path

from offline.functions.deployment import Deployment
from offline.functions.file_system import FileSystem
from offline.functions.roles import Credentials

BOOTSTRAP = Path(__file__).with_name("bootstrap.py")


def start(
    deployment: Deployment,
    files: FileSystem,
    *,
    credentials: Credentials,
    endpoint: str,
    runtime_api: str,
    log: Path,
    log_stream: str,
    clock: Path | None,
) -> "subprocess.Popen[bytes]":
    """Start a process that asks `runtime_api` for tasks, calls AWS at `endpoint` and writes to `log`."""
    task_root = files.task_root(deployment)
    defaults = {
        "HOME": str(log.parent),  # no configuration of this machine's user, least of all ~/.aws
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin/:/bin:/opt/bin",
        "TZ": ":UTC",
    }
    reserved = {
        "_HANDLER": deployment.handler,
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_DEFAULT_REGION": deployment.region,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{deployment.runtime}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(deployment.memory),
        "AWS_LAMBDA_FUNCTION_NAME": deployment.name,
        "AWS_LAMBDA_FUNCTION_VERSION": deployment.version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": deployment.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "AWS_REGION": deployment.region,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        "AWS_SESSION_TOKEN": credentials.session_token,
        "LAMBDA_TASK_ROOT": str(task_root),
    }
    if clock:  # then every run takes the same course; bootstrap.py takes this out of the function's sight
        reserved["PYTHONHASHSEED"] = "0"
    folders = [str(folder) for folder in files.search_path(deployment)]
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 — our own program
            [sys.executable, "-S", "-s", "-P", BOOTSTRAP, clock or "", deployment.handler, *folders],
            cwd=task_root,
            env=defaults | dict(deployment.variables) | reserved,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C in a terminal is not for it
        )
