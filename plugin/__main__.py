"""The components as a Pulumi package, for programs in any language."""

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # whoever uses the package has a clone of the whole project

from pulumi.provider.experimental import component_provider_host  # noqa: E402

from components import (  # noqa: E402
    BounceHandler,
    BounceMonitoring,
    BounceService,
    ReceiptRules,
    SendingAuthorization,
    VerifiedIdentity,
)

component_provider_host(
    name="ses-bounce",
    version=tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"],
    components=[
        BounceHandler,
        BounceMonitoring,
        BounceService,
        ReceiptRules,
        SendingAuthorization,
        VerifiedIdentity,
    ],
)
