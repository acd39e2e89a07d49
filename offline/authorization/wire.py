"""An HTTP request read as a call of an AWS operation, and an error written in the protocol of that call.

The operation and its parameters come from botocore's service models through moto's own router and parsers,
so that what is authorised is what moto then executes.
"""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from botocore.exceptions import UnknownServiceError
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.moto_api._internal import mock_random
from werkzeug import Response
from werkzeug.exceptions import NotFound
from werkzeug.wsgi import get_input_stream

Environ = dict[str, Any]

_CREDENTIAL = re.compile(
    r"Credential=(?P<key>[^/,\s]+)/\d{8}/(?P<region>[^/,\s]+)/(?P<service>[^/,\s]+)/aws4_request"
)

SERVICE_OF_SIGNING_NAME = {"monitoring": "cloudwatch"}
"""botocore's service name where it is not the name that the request was signed with."""


@dataclass(frozen=True)
class Credential:
    """The credential scope of a Signature Version 4: who signed, for which Region and service."""

    access_key: str
    region: str
    service: str


class MalformedRequestError(Exception):
    """A request whose body is not of the form of its operation."""


@dataclass(frozen=True)
class ApiCall:
    """One request for one operation of one service, as botocore's models name them.

    `operation` is empty when the models know no such operation; `credential` is None for an unsigned request.
    """

    service: str
    operation: str
    credential: Credential | None
    request: Request
    model: OperationModel | None
    uri_parameters: Mapping[str, Any]

    @property
    def region(self) -> str:
        return self.credential.region if self.credential else "us-east-1"

    def parameters(self) -> dict[str, Any]:
        """The operation's input under the member names of its model. Raises MalformedRequestError."""
        assert self.model is not None, "an unknown operation has no parameters"
        request = self.request
        protocol = determine_request_protocol(self.model.service_model, request.content_type)
        wire = {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.get_data(),
            "url_path": request.path,
            "url_params": self.uri_parameters,
        }
        try:
            return dict(PROTOCOL_PARSERS[protocol](self.model).parse(wire))
        except (RequestParserError, AttributeError, TypeError, ValueError) as error:
            raise MalformedRequestError(f"the request is no {self.operation}: {error}") from error


def read(environ: Environ) -> ApiCall:
    """The call that a WSGI request makes; its body stays readable for the next application."""
    body = get_input_stream(environ).read()
    environ["wsgi.input"] = io.BytesIO(body)
    if environ.get("HTTP_CONTENT_ENCODING") == "gzip":
        body = gzip.decompress(body)
    request = Request({**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))})
    credential = _credential(request)
    service = _service(request, credential)
    model, uri_parameters = _route(service, request)
    return ApiCall(service, model.name if model else "", credential, request, model, uri_parameters)


def _credential(request: Request) -> Credential | None:
    presigned = request.args.get("X-Amz-Credential")
    signed = f"Credential={presigned}" if presigned else request.headers.get("Authorization", "")
    if match := _CREDENTIAL.search(signed):
        return Credential(match["key"], match["region"], match["service"].lower())
    if key := request.args.get("AWSAccessKeyId"):  # Signature Version 2, as in some presigned URLs of S3
        return Credential(key, "us-east-1", "s3")
    return None


def _service(request: Request, credential: Credential | None) -> str:
    if credential is None:
        return "s3"  # the one service here that serves anonymous callers
    if credential.service == "ses" and request.path.startswith("/v2/"):
        return "sesv2"
    return SERVICE_OF_SIGNING_NAME.get(credential.service, credential.service)


def _route(service: str, request: Request) -> tuple[OperationModel | None, Mapping[str, Any]]:
    try:
        model, uri_parameters = get_service_router(service).match(request)
    except (UnknownServiceError, NotFound, NotImplementedError):
        return None, {}
    return model, uri_parameters


@dataclass(frozen=True)
class AwsError:
    """An error as a service answers it: its code, its text and the HTTP status."""

    code: str
    message: str
    status: int


def error_response(call: ApiCall, error: AwsError) -> Response:
    """`error` in the wire format of the protocol in which the call was made."""
    request_id = str(mock_random.uuid4())
    headers = {"x-amzn-RequestId": request_id, "x-amz-request-id": request_id}
    protocol = _protocol(call)
    if protocol in {"json", "rest-json"}:
        headers["x-amzn-ErrorType"] = error.code
        content = json.dumps({"__type": error.code, "message": error.message})
        kind = "application/x-amz-json-1.0" if protocol == "json" else "application/json"
    elif call.service == "s3":
        content = f"{_XML_DECLARATION}{_xml_error(error)}"
        kind = "application/xml"
    else:
        content = f"<ErrorResponse>{_xml_error(error)}<RequestId>{request_id}</RequestId></ErrorResponse>"
        kind = "text/xml"
    return Response(content, status=error.status, headers=headers, content_type=kind)


_XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


def _protocol(call: ApiCall) -> str:
    if call.model is None:
        return "json" if "X-Amz-Target" in call.request.headers else "query"
    return str(determine_request_protocol(call.model.service_model, call.request.content_type))


def _xml_error(error: AwsError) -> str:
    fault = "Sender" if error.status < 500 else "Receiver"
    return (
        f"<Error><Type>{fault}</Type><Code>{escape(error.code)}</Code>"
        f"<Message>{escape(error.message)}</Message></Error>"
    )
