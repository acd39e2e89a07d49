"""A Pulumi provider for the AWS resource types of this project, reaching AWS only at a given endpoint."""
