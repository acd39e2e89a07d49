"""The stack: configuration in, components, exports."""

import pulumi

from components import BounceService, configuration
from components.naming import outputs

service = BounceService("ses-bounce", configuration.read().service_args())
for name, value in outputs(service).items():
    pulumi.export(name, value)
