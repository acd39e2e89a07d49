"""What a rule does with a recipient: accept, drop, or bounce with given words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from lambda_src import template
from lambda_src.errors import ConfigurationError
from lambda_src.fields import Fields, one_of
from lambda_src.request import (
    BOUNCE_TYPE,
    EXPLANATION,
    ExtensionField,
    RecipientDsnFields,
    message_dsn,
    recipient_dsn_fields,
)
from lambda_src.template import MESSAGE_NAMES, RECIPIENT_NAMES, Template

ACCEPT, BOUNCE, DROP = "accept", "bounce", "drop"
CONSEQUENCE_KEYS = ("action", "bounceType", "dsn", "explanation")


@dataclass(frozen=True)
class DsnTemplate:
    """RecipientDsnFields whose diagnostic code and extension values may name the recipient."""

    fields: RecipientDsnFields
    diagnostic_code: Template | None
    extension_values: tuple[Template, ...]

    def render(self, values: Mapping[str, str]) -> RecipientDsnFields:
        """The fields for one recipient."""
        if self._constant:
            return self.fields
        return RecipientDsnFields(
            self.fields.action,
            self.fields.status,
            self.fields.final_recipient,
            self.fields.remote_mta,
            None if self.diagnostic_code is None else self.diagnostic_code.render(values),
            self.fields.last_attempt_date,
            _extension_fields(self.fields.extension_fields, self.extension_values, values),
        )

    @cached_property
    def _constant(self) -> bool:
        texts = (self.diagnostic_code, *self.extension_values)
        return all(text is None or text.constant for text in texts)


@dataclass(frozen=True)
class MessageDsnTemplate:
    """MessageDsn, sent with every request, whose extension values may name the message."""

    reporting_mta: str | None
    extension_fields: tuple[ExtensionField, ...]
    extension_values: tuple[Template, ...]

    def render(self, values: Mapping[str, str]) -> tuple[ExtensionField, ...]:
        """The extension fields for one message."""
        return _extension_fields(self.extension_fields, self.extension_values, values)


@dataclass(frozen=True)
class Consequence:
    """An action, and for a bounce either its type or its DSN fields, never both."""

    action: str
    bounce_type: str | None = None
    dsn: DsnTemplate | None = None
    explanation: Template | None = None


def read(fields: Fields) -> Consequence:
    """Read `action`, `bounceType`, `dsn` and `explanation`."""
    action = fields.required("action", one_of(ACCEPT, BOUNCE, DROP))
    words = [key for key in ("bounceType", "dsn", "explanation") if fields.raw(key) is not None]
    if action != BOUNCE:
        if words:
            raise fields.refuse(words[0], f"goes with action {BOUNCE} only")
        return Consequence(action)
    if ("bounceType" in words) == ("dsn" in words):
        raise fields.refuse("bounceType", f"action {BOUNCE} needs exactly one of bounceType and dsn")
    return Consequence(
        action,
        bounce_type=fields.optional("bounceType", BOUNCE_TYPE),
        dsn=fields.one("dsn", _dsn),
        explanation=read_explanation(fields),
    )


def read_explanation(fields: Fields) -> Template | None:
    """Read `explanation`, a template over the recipient's names."""
    text = fields.optional("explanation", EXPLANATION)
    return None if text is None else _template(text, fields.path("explanation"), RECIPIENT_NAMES)


def read_message_dsn(document: object, path: str) -> MessageDsnTemplate:
    """Read `messageDsn`: `{reportingMta, extensionFields}`. ArrivalDate is filled in from the receipt."""
    raw = _aws_names(document)
    fields = Fields(raw, path, ConfigurationError, ("ReportingMta", "ExtensionFields"))
    values, sample = _extension_templates(fields, MESSAGE_NAMES)
    reporting_mta = fields.raw("ReportingMta")
    checked = message_dsn(
        {
            "ReportingMta": "dns; sample" if reporting_mta is None else reporting_mta,
            "ExtensionFields": sample,
        },
        path,
        ConfigurationError,
    )
    return MessageDsnTemplate(
        checked.reporting_mta if reporting_mta is not None else None, checked.extension_fields, values
    )


def _dsn(document: object, path: str) -> DsnTemplate:
    raw = _aws_names(document)
    if not isinstance(raw, dict):
        raise ConfigurationError(path, document, "must be an object")
    fields = Fields(raw, path, ConfigurationError, raw)
    values, sample = _extension_templates(fields, RECIPIENT_NAMES)
    text = fields.optional("DiagnosticCode")
    diagnostic = None if text is None else _template(text, fields.path("DiagnosticCode"), RECIPIENT_NAMES)
    checked = recipient_dsn_fields(
        {
            **raw,
            "DiagnosticCode": diagnostic and diagnostic.render(_Sample()),
            "ExtensionFields": sample,
        },
        path,
        ConfigurationError,
    )
    return DsnTemplate(checked, diagnostic, values)


def _extension_templates(
    fields: Fields, names: Collection[str]
) -> tuple[tuple[Template, ...], list[dict[str, str]]]:
    """The templates of `ExtensionFields`, and the same fields rendered with samples for the validator."""

    def extension_field(document: object, path: str) -> tuple[str, Template]:
        one = Fields(document, path, ConfigurationError, ("Name", "Value"))
        return one.required("Name"), _template(one.required("Value"), one.path("Value"), names)

    found = fields.each("ExtensionFields", extension_field)
    return (
        tuple(value for _, value in found),
        [{"Name": name, "Value": value.render(_Sample())} for name, value in found],
    )


def _extension_fields(
    fields: tuple[ExtensionField, ...], templates: tuple[Template, ...], values: Mapping[str, str]
) -> tuple[ExtensionField, ...]:
    if not fields:
        return ()
    return tuple(
        ExtensionField(field.name, value.render(values))
        for field, value in zip(fields, templates, strict=True)
    )


def _template(text: str, path: str, names: Collection[str]) -> Template:
    try:
        return template.parse(text, names)
    except ValueError as error:
        raise ConfigurationError(path, text, str(error)) from None


def _aws_names(document: object) -> object:
    """The same with AWS's field names: `status` may be written for `Status`, as the rest of the file is."""
    if isinstance(document, Mapping):
        return {str(key)[:1].upper() + str(key)[1:]: _aws_names(value) for key, value in document.items()}
    if isinstance(document, list | tuple):
        return [_aws_names(entry) for entry in document]
    return document


class _Sample(dict[str, str]):
    """A value for every name, to check the rest of a text by."""

    def __missing__(self, name: str) -> str:
        return name
