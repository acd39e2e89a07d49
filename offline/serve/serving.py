"""The offline cloud, deployed and kept up until it is interrupted."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from threading import Thread
from typing import Any

from offline import accounts, stacks
from offline.cloud import Cloud
from offline.serve import smtp
from offline.serve.page import PREFIX
from offline.stacks import PROGRAM, Stack


@dataclass(frozen=True)
class Served:
    """Where a served cloud is reached.

    Attributes:
        endpoint: The AWS endpoint's URL.
        page: What a browser opens.
        smtp: Host and port of SES's inbound SMTP.
        environment: The variables with which AWS clients act in the receiving account.
        outputs: The stacks' outputs, by stack.
    """

    endpoint: str
    page: str
    smtp: str
    environment: dict[str, str]
    outputs: dict[str, dict[str, Any]]

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        return asdict(self)

    def to_text(self) -> str:
        """For people, the variables as a shell takes them."""
        exports = "\n".join(f"export {name}={value}" for name, value in self.environment.items())
        where = f"AWS endpoint  {self.endpoint}\nbrowser       {self.page}\nSMTP          {self.smtp}"
        return f"{where}\n\n{exports}\n"


@contextmanager
def serving(deployed: Sequence[Stack], port: int, smtp_port: int) -> Iterator[Served]:
    """A cloud with these stacks, by the wall clock, for as long as the context lasts.

    Args:
        deployed: The stacks; the first receives the mail, the others are deployed before it.
        port: Of the AWS endpoint; 0 takes a free one.
        smtp_port: Of SES's inbound SMTP.

    Raises:
        StackError: If a stack cannot be deployed.
        OSError: If a port is taken.
    """
    receiving = deployed[0]
    with ExitStack() as resources:
        cloud = resources.enter_context(Cloud(receiving.region, real_time=True, port=port, kept=1000))
        outputs = {
            stack.name: dict(stacks.deploy(stack, PROGRAM, cloud.endpoint).outputs)
            for stack in deployed[::-1]
        }
        thread = Thread(target=cloud.timeline.run_forever, name="timeline")
        thread.start()
        resources.callback(thread.join)
        resources.callback(cloud.timeline.stop)
        mail = smtp.server(cloud, smtp_port)
        mail.start()
        resources.callback(mail.stop)
        yield Served(
            endpoint=cloud.endpoint,
            page=f"{cloud.endpoint}{PREFIX}/",
            smtp=f"127.0.0.1:{smtp_port}",
            environment=_environment(cloud.endpoint, receiving),
            outputs=outputs,
        )


def _environment(endpoint: str, stack: Stack) -> dict[str, str]:
    credentials = accounts.session(endpoint, stack.account, stack.region).get_credentials()
    assert credentials is not None  # the session was made with them
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": stack.region,
        "AWS_DEFAULT_REGION": stack.region,
        "AWS_ACCESS_KEY_ID": credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
        "AWS_SESSION_TOKEN": str(credentials.token),
    }
