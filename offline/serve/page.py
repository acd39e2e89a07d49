"""The cloud's state for a browser, at `/_ses-bounce/`: one page, and the bounces as they were sent."""

from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from moto.ses.models import ses_backends
from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule

from offline import snapshot

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from offline.cloud import Cloud

PREFIX = "/_ses-bounce"

_ROUTES = Map([Rule("/", endpoint="state"), Rule("/bounces/<message_id>", endpoint="bounce")])
_TEMPLATES = Environment(
    loader=PackageLoader("offline.serve"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def page(cloud: "Cloud") -> "WSGIApplication":
    """The application for a browser; it stands at `PREFIX`."""

    @Request.application
    def application(request: Request) -> Response:
        try:
            endpoint, values = _ROUTES.bind_to_environ(request.environ).match()
            return _bounce(values["message_id"]) if endpoint == "bounce" else _state(cloud)
        except HTTPException as error:
            return Response(f"{error}\n", status=error.code)

    return application


def _state(cloud: "Cloud") -> Response:
    html = _TEMPLATES.get_template("page.html.j2").render(state=snapshot.look(cloud), prefix=PREFIX)
    return Response(html, mimetype="text/html")


def _bounce(message_id: str) -> Response:
    for *_, backend in ses_backends.iter_backends():
        for bounce in backend.sent_bounces:
            if bounce.message_id == message_id:
                return Response(bounce.raw, mimetype="text/plain")
    raise NotFound
