"""What is provisioned: one Pulumi ComponentResource a file."""
