"""Amazon SES of moto, completed by what it lacks: receiving, SendBounce, identity policies.

Written in moto's own shape: `models` keep state and rules, `responses` translate requests, `exceptions`
carry AWS's codes and texts. `install` puts it in moto's place in this process.
"""

from moto.core.errors import COMMON_ERROR_CODES
from moto.ses import urls as moto_urls
from moto.ses.models import ses_backends
from moto.sesv2 import urls as moto_v2_urls
from moto.sesv2.models import sesv2_backends

from offline.ses import urls
from offline.ses.authorization import identity_policies, required_authorizations
from offline.ses.models import SESBackend
from offline.ses.v2 import urls as v2_urls
from offline.ses.v2.models import SESV2Backend

__all__ = ["identity_policies", "install", "required_authorizations"]


def install() -> None:
    """Let moto serve SES by this package; calling it again changes nothing.

    Call it before the first SES request: state that moto's own backends hold is forgotten.
    """
    for backends, backend in ((ses_backends, SESBackend), (sesv2_backends, SESV2Backend)):
        if backends.backend is not backend:
            backends.backend = backend
            backends.clear()
    if "Throttling" not in COMMON_ERROR_CODES:  # of every AWS service, though in no service's model
        COMMON_ERROR_CODES.append("Throttling")
    moto_urls.url_paths.update(urls.url_paths)
    moto_v2_urls.url_paths.clear()
    moto_v2_urls.url_paths.update(v2_urls.url_paths)
