"""What nobody has documented about SES and this cloud had to decide, in one place.

Whoever sees AWS's own answer changes it here. What is documented or was observed on AWS stands where it is
used.
"""

from datetime import timedelta

# SendBounce: AWS documents no text for these refusals.
MESSAGE_NOT_FOUND = "The original message was not found: {message_id}"
MESSAGE_EXPIRED = "The original message was received more than 24 hours ago: {message_id}"
NULL_RETURN_PATH = "The original message has a null return path: {message_id}"
NOT_A_RECIPIENT = "Not a recipient of the original message: {recipient}"
NO_RECIPIENTS = "You must specify at least one BouncedRecipientInfo."
NO_REASON = "Either BounceType or RecipientDsnFields must be specified for recipient: {recipient}"
INVALID_ADDRESS = "Invalid email address: {value}"
INVALID_ARN = "Invalid identity ARN: {value}"
INVALID_MTA = "Invalid MTA name, expected 'mta-name-type; mta-name': {value}"
INVALID_STATUS = "Invalid status code: {value}"
INVALID_HEADER_NAME = "Invalid header name: {value}"
INVALID_HEADER_VALUE = "Invalid header value for: {name}"
INVALID_TEXT = "Line breaks are not allowed: {name}"
# A refused request takes its turn of one a second too, as elsewhere in AWS, unless it was itself throttled.
SEND_BOUNCE_INTERVAL = timedelta(seconds=1)

# Sending authorization policies: AWS documents the rules, not the texts.
POLICY_TOO_LARGE = "Policy must not be larger than 4 KB."
POLICY_RESOURCE = "Every statement must have exactly one Resource, the identity's ARN: {arn}"
POLICY_PRINCIPAL = "Every statement must have a Principal."
IDENTITY_UNKNOWN = "Identity <{identity}> does not exist."

# Receipt rules.
TOO_MANY_RULE_SETS = "Too many rule sets"
TOO_MANY_RECIPIENTS = "Too many recipients"
RULES_NOT_ALL_NAMED = "The request must name every rule of the rule set exactly once"
