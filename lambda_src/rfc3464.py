"""What the fields of a delivery status notification may hold, as RFC 3464, RFC 3463 and SES's API page say.

A DSN's fields are ASCII without control characters: nothing that is put into one can begin another.
"""

from lambda_src.fields import one_of, syntax

PRINTABLE = r"[\x20-\x7e]"

#: RFC 3464 §2.3.3.
ACTION = one_of("failed", "delayed", "delivered", "relayed", "expanded")

#: RFC 3463 §2: class 2, 4 or 5; subject and detail of up to three digits without leading zeros.
STATUS = syntax(
    r"[245]\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})",
    "must be a status code class.subject.detail like 5.1.1 (RFC 3463 §2)",
)

#: RFC 3464 §2.1.2; SES: `mta-name-type; mta-name`.
MTA_NAME = syntax(
    r"[A-Za-z0-9-]+;[ ]*[\x21-\x7e]" + PRINTABLE + r"{0,253}",
    "must be 'mta-name-type; mta-name' like 'dns; mx.example.com' (RFC 3464 §2.1.2)",
)

#: RFC 3464 §2.3.6 wants `diagnostic-type; text`; SES's page says "usually an SMTP response": both pass.
DIAGNOSTIC_CODE = syntax(
    PRINTABLE + "+",
    "must be ASCII without line breaks, like 'smtp; 550 5.1.1 No such user'",
)

#: SES: 1 to 50 letters, digits and dashes.
EXTENSION_NAME = syntax(r"[A-Za-z0-9-]{1,50}", "must be 1 to 50 letters, digits and dashes")

#: SES: at most 2048 characters, no line break.
EXTENSION_VALUE = syntax(
    PRINTABLE + r"{0,2048}", "must be at most 2048 characters of ASCII without line breaks"
)
