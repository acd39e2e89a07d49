"""AWS on this machine: moto, completed by what it lacks, plus a Pulumi provider and an engine for it."""
