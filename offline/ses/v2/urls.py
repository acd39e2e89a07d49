"""Where the v2 API answers: as in moto, and for the operations that moto lacks."""

from moto.sesv2.urls import url_bases  # noqa: F401  moto reads it here
from moto.sesv2.urls import url_paths as moto_paths

from offline.ses.v2.responses import SESV2Response

_IDENTITY = "{0}/v2/email/identities/(?P<EmailIdentity>[^/]+)"

_PATHS = (
    *moto_paths,
    "{0}/v2/email/account$",
    "{0}/v2/email/account/details$",
    f"{_IDENTITY}/configuration-set$",
    f"{_IDENTITY}/dkim$",
    f"{_IDENTITY}/dkim/signing$",
    f"{_IDENTITY}/feedback$",
    f"{_IDENTITY}/mail-from$",
)

url_paths = dict.fromkeys(_PATHS, SESV2Response.dispatch)
