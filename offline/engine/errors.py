"""What stops a deployment."""


class DeploymentError(Exception):
    """The deployment stopped; what was made until then is in its state. The text is for the user."""
