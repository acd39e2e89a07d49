"""Where the v2 API answers: as in moto."""

from moto.sesv2.urls import url_bases  # noqa: F401  moto reads it here

from offline.ses.v2.responses import SESV2Response

url_paths = {"{0}/v2/.*$": SESV2Response.dispatch}
