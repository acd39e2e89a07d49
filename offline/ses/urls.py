"""Where the v1 API answers: as in moto."""

from moto.ses.urls import url_bases  # noqa: F401  moto reads it here

from offline.ses.responses import EmailResponse

url_paths = {"{0}/$": EmailResponse.dispatch}
