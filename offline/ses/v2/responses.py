"""The v2 REST API's operations that moto lacks or answers too simply."""

import json
from typing import Any

from moto.sesv2.responses import SESV2Response as MotoSESV2Response

from offline.ses.exceptions import V2BadRequestError
from offline.ses.v2.models import SESV2Backend


class SESV2Response(MotoSESV2Response):  # type: ignore[misc]  # moto has no types here
    """moto's translation of v2 requests, completed."""

    sesv2_backend: SESV2Backend

    def _body(self) -> dict[str, Any]:
        return json.loads(self.body) if self.body else {}

    def _required(self, name: str) -> Any:
        """A member of the body that AWS's model requires."""
        value = self._body().get(name)
        if value is None:
            raise V2BadRequestError(
                f"1 validation error detected: Value at '{name[0].lower()}{name[1:]}' failed to satisfy "
                "constraint: Member must not be null"
            )
        return value

    def get_email_identity(self) -> str:
        return json.dumps(self.sesv2_backend.describe_email_identity(self._get_param("EmailIdentity")))

    def create_email_identity_policy(self) -> str:
        self.sesv2_backend.create_email_identity_policy(
            self._get_param("EmailIdentity"), self._get_param("PolicyName"), self._required("Policy")
        )
        return "{}"

    def update_email_identity_policy(self) -> str:
        self.sesv2_backend.update_email_identity_policy(
            self._get_param("EmailIdentity"), self._get_param("PolicyName"), self._required("Policy")
        )
        return "{}"

    def put_email_identity_mail_from_attributes(self) -> str:
        body = self._body()
        self.sesv2_backend.put_mail_from(
            self._get_param("EmailIdentity"), body.get("MailFromDomain"), body.get("BehaviorOnMxFailure")
        )
        return "{}"

    def put_email_identity_dkim_attributes(self) -> str:
        enabled = bool(self._body().get("SigningEnabled"))
        self.sesv2_backend.put_dkim(self._get_param("EmailIdentity"), enabled)
        return "{}"

    def put_email_identity_dkim_signing_attributes(self) -> str:
        answer = self.sesv2_backend.put_dkim_signing(
            self._get_param("EmailIdentity"),
            self._required("SigningAttributesOrigin"),
            self._body().get("SigningAttributes", {}),
        )
        return json.dumps(answer)

    def put_email_identity_feedback_attributes(self) -> str:
        identity = self.sesv2_backend.get_email_identity(self._get_param("EmailIdentity"))
        identity.feedback_forwarding_status = bool(self._body().get("EmailForwardingEnabled"))
        return "{}"

    def put_email_identity_configuration_set_attributes(self) -> str:
        identity = self.sesv2_backend.get_email_identity(self._get_param("EmailIdentity"))
        identity.configuration_set_name = self._body().get("ConfigurationSetName")
        return "{}"

    def untag_resource(self) -> str:
        self.sesv2_backend.untag_resource(self._get_param("ResourceArn"), self.querystring["TagKeys"])
        return "{}"

    def get_account(self) -> str:
        core = self.sesv2_backend.core_backend
        quota = core.get_send_quota()
        return json.dumps(
            {
                "DedicatedIpAutoWarmupEnabled": False,
                "EnforcementStatus": "HEALTHY",
                "ProductionAccessEnabled": core.production_access,
                "SendingEnabled": True,
                "SendQuota": {
                    "Max24HourSend": quota.max24_hour_send,
                    "MaxSendRate": quota.max_send_rate,
                    "SentLast24Hours": quota.sent_last24_hours,
                },
            }
        )

    def put_account_details(self) -> str:
        """Production access is granted as soon as it is asked for."""
        self.sesv2_backend.core_backend.production_access = bool(self._body().get("ProductionAccessEnabled"))
        return "{}"
