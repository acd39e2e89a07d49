"""Receipt rule sets and their rules.

The checks, their order and their texts follow AWS as others observed it (2026); quotas are the DG's.
"""

import re
from collections.abc import Mapping
from typing import Any

from moto.ses.exceptions import AlreadyExists, InvalidParameterValue, RuleDoesNotExist, RuleSetDoesNotExist
from moto.ses.models import ReceiptRuleSet

from offline.ses import inferred, receipt_actions, validation
from offline.ses.exceptions import LimitExceededError
from offline.ses.identities import Identities
from offline.ses.targets import RuleReference

MAX_RULE_SETS, MAX_RULES, MAX_RECIPIENTS = 40, 200, 500

_PATTERN = r"^[a-zA-Z0-9_.-]+$"
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?")
_RULE_DEFAULTS = {"Enabled": False, "TlsPolicy": "Optional", "Recipients": [], "ScanEnabled": False}
_ACTION_DEFAULTS = {"SNSAction": {"Encoding": "UTF-8"}, "LambdaAction": {"InvocationType": "Event"}}


class ReceiptRules(Identities):
    """The part of the backend that keeps receipt rule sets."""

    receipt_rule_set: dict[str, ReceiptRuleSet]

    def create_receipt_rule_set(self, rule_set_name: str) -> None:
        """Add an empty rule set, up to 40."""
        if rule_set_name not in self.receipt_rule_set and len(self.receipt_rule_set) >= MAX_RULE_SETS:
            raise LimitExceededError(inferred.TOO_MANY_RULE_SETS)
        super().create_receipt_rule_set(rule_set_name)  # type: ignore[misc]  # moto's backend comes next

    def describe_receipt_rule(self, rule_set_name: str, rule_name: str) -> dict[str, Any]:
        """One rule of a set."""
        rules: list[dict[str, Any]] = self._rule_set(rule_set_name).rules
        return rules[_position(rules, rule_name)]

    def create_receipt_rule(self, rule_set_name: str, rule: dict[str, Any], after: str | None) -> None:
        """Add a rule behind the one named, or in front of all."""
        _check_rule(rule, after)
        rules = self._rule_set(rule_set_name).rules
        if any(other["Name"] == rule["Name"] for other in rules):
            raise AlreadyExists(f"Rule already exists: {rule['Name']}")
        if len(rules) >= MAX_RULES:
            raise LimitExceededError("Too many rules")
        place = _position(rules, after) + 1 if after else 0
        rules.insert(place, self._checked(rule_set_name, rule))

    def update_receipt_rule(self, rule_set_name: str, rule: dict[str, Any]) -> None:
        """Replace the rule of that name, where it stands."""
        _check_rule(rule, None)
        rules = self._rule_set(rule_set_name).rules
        place = _position(rules, rule["Name"])
        rules[place] = self._checked(rule_set_name, rule)

    def delete_receipt_rule(self, rule_set_name: str, rule_name: str) -> None:
        """Delete a rule; one that does not exist is no error."""
        rule_set = self._rule_set(rule_set_name)
        rule_set.rules = [rule for rule in rule_set.rules if rule["Name"] != rule_name]

    def set_receipt_rule_position(self, rule_set_name: str, rule_name: str, after: str | None) -> None:
        """Move a rule behind the one named, or in front of all; behind itself, it stays."""
        rules = self._rule_set(rule_set_name).rules
        rule = rules[_position(rules, rule_name)]
        others = [other for other in rules if other is not rule]
        if after != rule_name:
            others.insert(_position(others, after) + 1 if after else 0, rule)
            rules[:] = others

    def reorder_receipt_rule_set(self, rule_set_name: str, rule_names: list[str]) -> None:
        """Put a set's rules in the given order, which must name them all."""
        rules = self._rule_set(rule_set_name).rules
        ordered = [rules[_position(rules, name)] for name in rule_names]
        if sorted(rule_names) != sorted(rule["Name"] for rule in rules):
            raise InvalidParameterValue(inferred.RULES_NOT_ALL_NAMED)
        rules[:] = ordered

    def _rule_set(self, name: str) -> ReceiptRuleSet:
        self._validate_name_param("ruleSetName", name)
        if name not in self.receipt_rule_set:
            raise RuleSetDoesNotExist(f"Rule set does not exist: {name}")
        return self.receipt_rule_set[name]

    def _checked(self, rule_set_name: str, rule: Mapping[str, Any]) -> dict[str, Any]:
        """The rule as it is stored: with defaults, if SES may use the targets of its actions."""
        reference = RuleReference(self.account_id, self.region_name, rule_set_name, rule["Name"])
        actions = rule.get("Actions", [])
        receipt_actions.check(actions, reference, self._is_verified_address)
        stored = [
            {kind: _ACTION_DEFAULTS.get(kind, {}) | settings for kind, settings in action.items()}
            for action in actions
        ]
        return _RULE_DEFAULTS | dict(rule) | {"Actions": stored}

    def _validate_name_param(self, param_name: str, name: str) -> None:
        validation.refuse(_name_violations(param_name, name))
        if not _NAME.fullmatch(name):
            raise InvalidParameterValue(f"Not a valid {param_name}: {name}")


def _check_rule(rule: Mapping[str, Any], after: str | None) -> None:
    named = {"after": after, "rule.name": rule["Name"]}
    validation.refuse(
        [found for path, name in named.items() if name is not None for found in _name_violations(path, name)]
    )
    if not _NAME.fullmatch(rule["Name"]):
        raise InvalidParameterValue(f"Not a valid ruleName: {rule['Name']}")
    if len(rule.get("Recipients", [])) > MAX_RECIPIENTS:
        raise LimitExceededError(inferred.TOO_MANY_RECIPIENTS)


def _name_violations(path: str, name: str) -> list[str]:
    found = [] if name else [validation.violation(path, "have length greater than or equal to 1")]
    if not re.fullmatch(_PATTERN, name):
        found.append(validation.violation(path, f"satisfy regular expression pattern: {_PATTERN}"))
    return found


def _position(rules: list[dict[str, Any]], name: str) -> int:
    for place, rule in enumerate(rules):
        if rule["Name"] == name:
            return place
    raise RuleDoesNotExist(f"Rule does not exist: {name}")
