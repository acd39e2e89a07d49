"""Random statements for the property tests: few values, so that they meet often."""

from typing import Any

from evaluation_builders import CALLER, OWNER
from hypothesis import strategies as st

PRINCIPALS = [
    f"arn:aws:iam::{CALLER}:user/a",
    f"arn:aws:iam::{CALLER}:role/r",
    f"arn:aws:sts::{CALLER}:assumed-role/r/s",
    f"arn:aws:iam::{OWNER}:user/a",
    "ses.amazonaws.com",
    "*",
]
KEYS = ["k:a", "k:b"]
VALUES = ["", "x", "y", "xy"]

actions = st.sampled_from(["s3:GetObject", "s3:Get*", "s3:*", "*", "sqs:*"])
resources = st.sampled_from(["arn:aws:s3:::b/x", "arn:aws:s3:::b/*", "*", "arn:aws:s3:::c"])
texts = st.lists(st.sampled_from(["x", "y", "xy"]), min_size=1, max_size=2)
patterns = st.lists(st.sampled_from(["x", "y", "x*", "*y", "*", "?"]), min_size=1, max_size=2)
exactly = ["StringEquals", "StringNotEquals", "StringEqualsIfExists", "StringEqualsIgnoreCase"]
exactly += ["ForAllValues:StringEquals", "ForAnyValue:StringNotEquals"]
like = [
    "StringLike",
    "StringNotLike",
    "StringNotLikeIfExists",
    "ForAnyValue:StringLike",
    "ForAllValues:StringNotLike",
]
keys = st.sampled_from(KEYS)
key_tests = st.one_of(
    st.tuples(st.sampled_from(exactly), keys, texts),
    st.tuples(st.sampled_from(like), keys, patterns),
    st.tuples(st.just("Null"), keys, st.sampled_from([["true"], ["false"]])),
)


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for operator, key, values in draw(st.lists(key_tests, max_size=2)):
        written.setdefault(operator, {})[key] = values
    return written


@st.composite
def statements(draw: st.DrawFn, effect: str | None = None, *, principal: bool = False) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": effect or draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    statement[draw(st.sampled_from(["Action", "Action", "NotAction"]))] = draw(actions)
    statement[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(resources)
    statement["Condition"] = draw(conditions())
    if principal:
        named = draw(st.sampled_from([CALLER, OWNER, *PRINCIPALS[:3], "*"]))
        element = draw(st.sampled_from(["Principal", "Principal", "NotPrincipal"]))
        statement[element] = "*" if named == "*" else {"AWS": named}
    return statement
