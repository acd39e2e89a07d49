"""The owner's side of cross-account bouncing: who may use an identity, as policies attached to it."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
from pulumi_aws import sesv2

from components import grants
from components.errors import refuse
from components.inputs import derive
from components.lookup import location
from components.naming import default_name, outputs
from lambda_src.errors import ConfigurationError
from policies import documents


class SendingAuthorizationArgs(TypedDict):
    identity: pulumi.Input[str]
    """The verified domain or address of this account that others may use."""
    grants: pulumi.Input[list[pulumi.Input[dict[str, Any]]]]
    """Who may use it: objects of accountId or roleArn, authorizes (`bounceSender` or `recipient`), addresses
    and actions. They are split over several policies if they are known at preview."""
    bounce_sender: NotRequired[pulumi.Input[str]]
    """The From address of a grant that names none. Default: `mailer-daemon@{domain}`, or the identity if it
    is an address."""
    policy_name: NotRequired[pulumi.Input[str]]
    """What the policies are called, with a number after it. Default: `ses-bounce-{stack}`."""


class SendingAuthorization(pulumi.ComponentResource):
    """Sending authorization policies, for accounts that name the identity as their BounceSenderArn or
    RecipientArn.

    AWS does not list ses:SendBounce among the actions of such policies: `ses-bounce probe` asks SES whether
    it counts.
    """

    identity_arn: pulumi.Output[str]
    """What the grantees name as BounceSenderArn or RecipientArn."""
    policy_names: pulumi.Output[list[str]]
    """Names of the policies."""

    def __init__(
        self, name: str, args: SendingAuthorizationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("ses-bounce:index:SendingAuthorization", name, None, opts)
        place = location(self)
        self.identity_arn = pulumi.Output.format(
            "arn:aws:ses:{}:{}:identity/{}", place.region, place.account, args["identity"]
        )
        granted = derive(_packed, args["identity"], args["grants"], args.get("bounce_sender"))
        policies = [
            sesv2.EmailIdentityPolicy(
                f"{name}-policy-{number}",
                email_identity=args["identity"],
                policy_name=pulumi.Output.concat(
                    args.get("policy_name", default_name().replace(".", "-")), f"-{number}"
                ),
                policy=pulumi.Output.all(self.identity_arn, one).apply(
                    lambda known: documents.render(documents.identity_policy(*known))
                ),
                opts=pulumi.ResourceOptions(parent=self),
            )
            for number, one in enumerate(_each(granted), 1)
        ]
        self.policy_names = pulumi.Output.all(*(policy.policy_name for policy in policies))
        self.register_outputs(outputs(self))


def _packed(
    identity: str, given: Sequence[Mapping[str, Any]], bounce_sender: str | None
) -> list[list[documents.Grant]]:
    sender = bounce_sender or (identity if "@" in identity else f"mailer-daemon@{identity}")
    refuse(grants.errors(identity, given, sender))
    return grants.read(identity, given, sender)


def _each(
    packed: list[list[documents.Grant]] | pulumi.Output[list[list[documents.Grant]]],
) -> Sequence[pulumi.Input[list[documents.Grant]]]:
    """The grants of each policy; those of a single one when they are not known yet."""
    return packed if isinstance(packed, list) else [packed.apply(_only)]


def _only(packed: list[list[documents.Grant]]) -> list[documents.Grant]:
    if len(packed) != 1:
        fix = "do not fit in one policy, and can be split over several only when they are known at preview"
        refuse([ConfigurationError("grants", f"{len(packed)} policies", fix)])
    return packed[0]
