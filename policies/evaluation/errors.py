"""What is wrong with a policy, and where."""


class PolicyError(ValueError):
    """A policy that AWS would not accept, or that cannot be decided.

    Attributes:
        path: Where, as a JSON pointer (RFC 6901): `/Statement/0/Condition/Bool`; empty: the whole document.
        message: What is wrong, in one sentence without the place.
        policy: The name the policy was compiled under, or empty.
    """

    def __init__(self, path: str, message: str, policy: str = "") -> None:
        where = " ".join(part for part in (policy, path) if part)
        super().__init__(f"{where}: {message}" if where else message)
        self.path = path
        self.message = message
        self.policy = policy
