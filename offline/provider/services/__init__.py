"""The resource types and functions of pulumi-aws that the provider has, a file for each AWS service."""
