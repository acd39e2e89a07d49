"""What a role may do in SES by its own policies, and need not."""

from collections.abc import Iterator

from policies.evaluation import PolicySet, Request, decide, parse_principal
from policies.evaluation.languages import TooManyStates
from policies.evaluation.representatives import NotComparable, representatives
from policies.findings import fixes, rules
from policies.findings.actions import SEND_BOUNCE, covered, known
from policies.findings.model import Finding
from policies.findings.view import Placed, View

_SOME_IDENTITY = "some-identity.example"
_SOME_ADDRESS = "anybody-at-all@some-identity.example"


def every_action(view: View) -> Iterator[Finding]:
    """SB026: every action of SES."""
    for placed in view.allows:
        if len(covered(placed.statement)) < len(known()):
            continue
        witness = _request(view, placed, "ses:PutIdentityPolicy")
        if _is_allowed(view, placed, witness):
            yield view.finding(
                rules.ROLE_ALL_ACTIONS,
                placed,
                f"{placed.label} lets the role perform every action of SES.",
                witness=witness,
                fix=fixes.actions(placed.written, [SEND_BOUNCE]),
            )


def every_identity(view: View) -> Iterator[Finding]:
    """SB027: bounces as an identity that no policy names."""
    for placed in view.allows:
        elsewhere = _identity(view, _SOME_IDENTITY)
        requests = [
            _request(view, placed, SEND_BOUNCE, resource=elsewhere, sender=sender)
            for sender in _senders(placed)
        ]
        witness = next((request for request in requests if _is_allowed(view, placed, request)), None)
        if witness:
            yield view.finding(
                rules.ROLE_ALL_IDENTITIES,
                placed,
                f"{placed.label} lets the role bounce as every identity.",
                witness=witness,
                fix=fixes.resource(placed.written, _identity(view, "example.com")),
            )


def every_address(view: View) -> Iterator[Finding]:
    """SB028: bounces from an address that no policy names."""
    for placed in view.allows:
        witness = _request(view, placed, SEND_BOUNCE, sender=_SOME_ADDRESS)
        if _is_allowed(view, placed, witness):
            domain = witness.resource.rpartition("/")[2]
            yield view.finding(
                rules.ROLE_ANY_ADDRESS,
                placed,
                f"{placed.label} lets the role bounce from any address.",
                witness=witness,
                fix=fixes.from_address(placed.written, domain),
            )


def _senders(placed: Placed) -> list[str]:
    """From addresses that stand for all that the statement tells apart."""
    try:
        values = representatives("ses:fromaddress", [placed.statement], "", lambda _: None)
    except (NotComparable, TooManyStates):
        return [_SOME_ADDRESS]
    return [_SOME_ADDRESS, *(value[0] for value in values if value)]


def _request(
    view: View, placed: Placed, action: str, *, resource: str | None = None, sender: str | None = None
) -> Request:
    """A request of the role; without `resource` about one that the statement names."""
    named = placed.statement.resources.texts if placed.statement.resources else ()
    plain = [text for text in named if ":identity/" in text and not set("*?$") & set(text)]
    about = resource or (plain[0] if plain else _identity(view, "example.com"))
    context = {"ses:FromAddress": (sender or f"mailer-daemon@{about.rpartition('/')[2]}",)}
    return Request(parse_principal(view.subject.arn), action, about, None, context)


def _identity(view: View, name: str) -> str:
    partition = view.subject.arn.split(":")[1]
    return f"arn:{partition}:ses:us-east-1:{view.owner}:identity/{name}"


def _is_allowed(view: View, placed: Placed, request: Request) -> bool:
    """Whether the role's policies allow the request, this statement among them."""
    if not placed.statement.covers_action(request.action_name):
        return False
    applies = placed.statement.applies(request.resource, request.lookup)
    return bool(applies) and decide(request, PolicySet(identity=view.policies)).decision == "allowed"
