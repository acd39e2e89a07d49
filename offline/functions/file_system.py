"""What a function finds on disk: its archive (/var/task), layers (/opt) and the runtime (/var/runtime)."""

import io
import re
import zipfile
from pathlib import Path

from moto.awslambda.models import lambda_backends

from offline.functions import packages
from offline.functions.deployment import Deployment

POWERTOOLS_LAYER = re.compile(r":layer:AWSLambdaPowertoolsPythonV3-python3\d+-(arm64|x86_64):\d+$")
"""https://docs.powertools.aws.dev/lambda/python/latest/getting-started/install/"""


class FileSystem:
    """Folders below `root`, unpacked when first needed and kept; equal archives share one."""

    def __init__(self, root: Path, *, virtual_time: bool) -> None:
        self._root = root
        self._runtime = packages.link(
            root / "runtime", *packages.RUNTIME, *(packages.CLOCK if virtual_time else ())
        )
        self._folders: dict[str, Path] = {}
        self._logs = 0

    def task_root(self, deployment: Deployment) -> Path:
        """The folder of the deployed archive."""
        return self._unpacked(deployment.code_sha256, deployment.code)

    def search_path(self, deployment: Deployment) -> list[Path]:
        """Where the function's process may import from: archive, layers, runtime, in Lambda's order."""
        layers = (self._layer(arn) for arn in deployment.layers)
        return [self.task_root(deployment), *layers, self._runtime]

    def new_log(self, name: str) -> Path:
        """An empty file for what a process writes."""
        self._logs += 1
        path = self._root / f"{name}-{self._logs}.log"
        path.touch()
        return path

    def _layer(self, arn: str) -> Path:
        if POWERTOOLS_LAYER.search(arn):
            if arn not in self._folders:
                self._folders[arn] = packages.link(self._new(), *packages.POWERTOOLS)
            return self._folders[arn]
        _, _, _, region, account, *_ = arn.split(":")
        layer = lambda_backends[account][region].layers_versions_by_arn(arn)
        return self._unpacked(layer.code_sha_256, layer.code_bytes) / "python"

    def _unpacked(self, digest: str, archive: bytes) -> Path:
        if digest not in self._folders:
            folder = self._new()
            with zipfile.ZipFile(io.BytesIO(archive)) as file:
                file.extractall(folder)
            self._folders[digest] = folder
        return self._folders[digest]

    def _new(self) -> Path:
        return self._root / f"unpacked-{len(self._folders)}"
