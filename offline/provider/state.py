"""Between what a program asks for (inputs), what AWS tells, and what Pulumi keeps (the resource's state)."""

from collections.abc import Mapping
from typing import Any

from offline.provider import wire
from offline.provider.aws import Aws
from offline.provider.diff import is_same
from offline.provider.schema import DEFAULTS, Property, ResourceType
from offline.provider.wire import Json


def asked(kind: ResourceType, inputs: Json, aws: Aws) -> Json:
    """The inputs as a type's functions get them: with default tags, without what is the provider's own."""
    own = {key: value for key, value in inputs.items() if key not in (DEFAULTS, "region")}
    if kind.retag:
        own["tags"] = {**aws.default_tags, **inputs.get("tags", {})}
    return own


def planned(kind: ResourceType, inputs: Json, aws: Aws) -> Json:
    """The state that a preview shows of a resource not yet made: what AWS alone knows is unknown."""
    wanted = asked(kind, inputs, aws)
    unknown = dict.fromkeys(kind.computed, wire.UNKNOWN)
    return {**unknown, **_common(kind, wanted, aws), **_without_defaults(inputs)}


def planned_update(kind: ResourceType, state: Json, olds: Json, news: Json, aws: Aws) -> Json:
    """The state that a preview shows of a resource about to be changed."""
    wanted = asked(kind, news, aws)
    kept = {key: value for key, value in state.items() if key in news or key not in olds}
    unknown = dict.fromkeys(kind.volatile, wire.UNKNOWN)
    return {**kept, **unknown, **_common(kind, wanted, aws), **_without_defaults(news)}


def settled(kind: ResourceType, inputs: Json, told: Json, aws: Aws) -> Json:
    """The state of a resource: AWS's word, in the program's spelling where it means the same."""
    told = _without_none(told)
    own_tags = {
        key: value
        for key, value in told.get("tags", {}).items()
        if key in inputs.get("tags", {}) or aws.default_tags.get(key) != value
    }
    unread = {key: inputs[key] for key, prop in kind.inputs.items() if prop.unread and key in inputs}
    state = {**unread, **told, **_common(kind, told, aws)}
    if kind.retag:
        state["tags"] = own_tags
    for key, prop in kind.inputs.items():
        if key in inputs and key in state and is_same(prop.kind, state[key], inputs[key]):
            state[key] = inputs[key]
    return state


def drifted(kind: ResourceType, inputs: Json, state: Json) -> Json:
    """The inputs that would lead to ``state``: the old ones where nothing changed, all of it in an import."""
    found = {}
    for key, prop in kind.inputs.items():
        if key in inputs and _still_stands(prop, key, inputs, state):
            found[key] = state.get(key, inputs[key])
        elif key in state and key not in inputs and _is_news(prop, key, inputs, state):
            found[key] = state[key]
    defaults = [key for key in inputs.get(DEFAULTS, []) if found.get(key) == inputs.get(key)]
    return {**found, DEFAULTS: defaults}


def _still_stands(prop: Property, key: str, inputs: Json, state: Json) -> bool:
    return key in state or prop.unread or inputs[key] in ("", [], {})


def _is_news(prop: Property, key: str, inputs: Json, state: Json) -> bool:
    """Whether AWS has what the program did not ask for; in an import, the program asked for nothing."""
    unasked = prop.computed or state[key] == prop.default
    return key != "region" and state[key] not in ([], {}) and not (inputs and unasked)


def _common(kind: ResourceType, properties: Json, aws: Aws) -> Json:
    region = {"region": aws.region} if kind.regional else {}
    return {**region, "tagsAll": properties.get("tags", {})} if kind.retag else region


def _without_defaults(inputs: Json) -> Json:
    return {key: value for key, value in inputs.items() if key != DEFAULTS}


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_none(each) for key, each in value.items() if each is not None}
    return value
