"""Mail for the offline cloud, and the bounces that come of it."""

from moto.ses.models import ses_backends

from offline.cloud import Cloud
from offline.receiving import InboundMail
from offline.ses.bounces import SentBounce

REGION = "us-east-1"
MAIL = b"From: paul@example.net\r\nTo: somebody@example.com\r\nSubject: hello\r\n\r\nhello\r\n"


def send(cloud: Cloud, *recipients: str, account: str) -> list[SentBounce]:
    """Deliver a mail to the recipients and wait until all is settled: the bounces that `account` sent."""
    sent_before = len(ses_backends[account][REGION].sent_bounces)
    mail = InboundMail(raw=MAIL, mail_from="paul@example.net", rcpt_to=recipients)
    cloud.timeline.env.process(cloud.receiving.receive(mail))
    cloud.timeline.run_until_settled()
    return ses_backends[account][REGION].sent_bounces[sent_before:]
