"""A pack of one mandatory rule, which needs no provider."""

from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)


def short(resource: ResourceValidationArgs, report: ReportViolation) -> None:
    if len(resource.name) > 20:
        report(f"{resource.name} has {len(resource.name)} characters")


PolicyPack(
    "short-names",
    [
        ResourceValidationPolicy(
            "short-names", "Names have at most 20 characters.", short, EnforcementLevel.MANDATORY
        )
    ],
)
