"""The v1 Query API's operations that moto lacks: requests in, results out."""

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import get_service_model
from moto.ses.responses import EmailResponse as MotoEmailResponse

from offline.ses import validation
from offline.ses.models import SESBackend


class EmailResponse(MotoEmailResponse):  # type: ignore[misc]  # moto has no types here
    """moto's translation of v1 requests, completed."""

    backend: SESBackend

    def _checked(self) -> dict[str, Any]:
        """The request's parameters, once they satisfy the constraints of AWS's service model."""
        operation = get_service_model("ses").operation_model(self._get_action())
        validation.check(self.params, operation.input_shape)
        return dict(self.params)

    def send_bounce(self) -> ActionResult:
        bounce = self.backend.send_bounce(self._checked())
        return ActionResult({"MessageId": bounce.message_id})

    def put_identity_policy(self) -> ActionResult:
        parameters = self._checked()
        self.backend.put_identity_policy(
            parameters["Identity"], parameters["PolicyName"], parameters["Policy"]
        )
        return EmptyResult()

    def get_identity_policies(self) -> ActionResult:
        parameters = self._checked()
        policies = self.backend.get_identity_policies(parameters["Identity"], parameters["PolicyNames"])
        return ActionResult({"Policies": policies})

    def list_identity_policies(self) -> ActionResult:
        names = self.backend.list_identity_policies(self._checked()["Identity"])
        return ActionResult({"PolicyNames": names})

    def delete_identity_policy(self) -> ActionResult:
        parameters = self._checked()
        self.backend.delete_identity_policy(parameters["Identity"], parameters["PolicyName"])
        return EmptyResult()

    def create_receipt_rule(self) -> ActionResult:
        parameters = self._checked()
        self.backend.create_receipt_rule(
            parameters["RuleSetName"], parameters["Rule"], parameters.get("After")
        )
        return EmptyResult()

    def update_receipt_rule(self) -> ActionResult:
        parameters = self._checked()
        self.backend.update_receipt_rule(parameters["RuleSetName"], parameters["Rule"])
        return EmptyResult()

    def delete_receipt_rule(self) -> ActionResult:
        parameters = self._checked()
        self.backend.delete_receipt_rule(parameters["RuleSetName"], parameters["RuleName"])
        return EmptyResult()

    def set_receipt_rule_position(self) -> ActionResult:
        parameters = self._checked()
        self.backend.set_receipt_rule_position(
            parameters["RuleSetName"], parameters["RuleName"], parameters.get("After")
        )
        return EmptyResult()

    def reorder_receipt_rule_set(self) -> ActionResult:
        parameters = self._checked()
        self.backend.reorder_receipt_rule_set(parameters["RuleSetName"], parameters["RuleNames"])
        return EmptyResult()

    def create_receipt_filter(self) -> ActionResult:
        self.backend.create_receipt_filter(self._checked()["Filter"])
        return EmptyResult()

    def list_receipt_filters(self) -> ActionResult:
        return ActionResult({"Filters": self.backend.list_receipt_filters()})

    def delete_receipt_filter(self) -> ActionResult:
        self.backend.delete_receipt_filter(self._checked()["FilterName"])
        return EmptyResult()

    def verify_domain_dkim(self) -> ActionResult:
        domain = self._checked()["Domain"]
        self.backend.verify_domain(domain)
        attributes = self.backend.get_identity_dkim_attributes([domain])
        return ActionResult({"DkimTokens": attributes[domain]["DkimTokens"]})

    def set_identity_dkim_enabled(self) -> ActionResult:
        parameters = self._checked()
        identity = self.backend.find_identity(parameters["Identity"])
        identity.dkim_attributes["SigningEnabled"] = parameters["DkimEnabled"]
        return EmptyResult()
