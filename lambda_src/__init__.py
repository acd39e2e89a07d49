"""What runs in AWS Lambda: decides, paces and sends. Nothing here imports Pulumi."""
