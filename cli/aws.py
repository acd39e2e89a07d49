"""The options with which every live verb reaches AWS, named as the AWS CLI names them."""

from typing import Annotated, Any

import boto3
import typer
from botocore.exceptions import BotoCoreError

from cli.errors import BadInput

Profile = Annotated[str | None, typer.Option(help="A named profile of the AWS configuration.")]
Region = Annotated[str | None, typer.Option(help="The Region to use.")]
EndpointUrl = Annotated[
    str | None, typer.Option(help="Another endpoint than AWS's, such as the offline cloud's.")
]


def client(
    service: str, profile: str | None, region: str | None, endpoint_url: str | None, **more: Any
) -> Any:
    """A boto3 client for `service`.

    Raises:
        BadInput: If the profile or Region cannot be used.
    """
    try:
        session: Any = boto3.Session(profile_name=profile, region_name=region)
        return session.client(service, endpoint_url=endpoint_url, **more)
    except (BotoCoreError, ValueError) as error:
        raise BadInput(f"cannot reach {service}: {error}") from error
