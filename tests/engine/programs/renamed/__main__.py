"""The project's own program, after somebody gave its component another name."""

import pulumi

from components import BounceService, configuration

former = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="ses-bounce")])
BounceService("mail", configuration.read().service_args(), former)
