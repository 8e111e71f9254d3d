"""What Amazon SES reports of e-mails, by way of Amazon SNS, which signs what it posts.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html. The certificate is
fetched from Amazon alone, and a subscription is confirmed only for a topic that was configured.
"""

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from onboarding.gateways.email_reports import ForgedReport, MailReport, UnreadableReport, What

_AMAZON = re.compile(r"sns\.[a-z0-9-]{3,30}\.amazonaws\.com(\.cn)?")
_PATIENCE = 5.0
_LARGEST_CERTIFICATE = 20_000
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {"1": hashes.SHA1, "2": hashes.SHA256}
_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


class Sns(Protocol):
    """What is fetched from Amazon. Both raise OSError where it does not answer."""

    def certificate(self, url: str) -> bytes:
        """The PEM at an address that was checked to be Amazon's."""

    def confirm(self, url: str) -> None:
        """Says yes to a subscription, at an address that was checked to be Amazon's."""


class AmazonSns:
    """The real one."""

    def certificate(self, url: str) -> bytes:
        return _fetched(url)

    def confirm(self, url: str) -> None:
        _get(url)


@dataclass(frozen=True)
class Notice:
    """A post that Amazon signed: reports, or a subscription that waits for `confirm_url`."""

    reports: tuple[MailReport, ...] = ()
    confirm_url: str = ""


def read_notice(body: bytes, topics: Sequence[str], sns: Sns) -> Notice:
    """Raises ForgedReport, UnreadableReport, and OSError where the certificate cannot be had."""
    try:
        said = json.loads(body)
        if not isinstance(said, dict):
            raise UnreadableReport("It is no notice of Amazon's.")
        posted = {name: value for name, value in said.items() if isinstance(value, str)}
    except (ValueError, RecursionError) as wrong:
        raise UnreadableReport("It is no notice of Amazon's.") from wrong
    if posted.get("TopicArn") not in topics:
        raise ForgedReport("It belongs to a topic that is not configured.")
    _refuse_forged(posted, sns)
    if posted.get("Type") == "SubscriptionConfirmation":
        return Notice(confirm_url=_amazons(posted.get("SubscribeURL", "")))
    elif posted.get("Type") != "Notification":
        return Notice()
    try:
        return Notice(reports=tuple(_reports(json.loads(posted["Message"]))))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as wrong:
        raise UnreadableReport("It holds no notification of SES's.") from wrong


def _refuse_forged(posted: dict[str, str], sns: Sns) -> None:
    url = _amazons(posted.get("SigningCertURL", ""))
    kind = _HASHES.get(posted.get("SignatureVersion", ""))
    if kind is None or not urlsplit(url).path.endswith(".pem"):
        raise ForgedReport("It is not signed as Amazon signs.")
    try:
        key = x509.load_pem_x509_certificate(sns.certificate(url)).public_key()
        signature = base64.b64decode(posted.get("Signature", ""), validate=True)
        if not isinstance(key, rsa.RSAPublicKey):
            raise ForgedReport("It is not signed as Amazon signs.")
        key.verify(signature, canonical(posted), padding.PKCS1v15(), kind())
    except (InvalidSignature, ValueError) as wrong:
        raise ForgedReport("Its signature is not right.") from wrong


def canonical(posted: dict[str, str]) -> bytes:
    """What Amazon signs: names and values by turns, a line each, in the order of the alphabet."""
    names = _NOTIFICATION if posted.get("Type") == "Notification" else _CONFIRMATION
    return "".join(f"{name}\n{posted[name]}\n" for name in names if name in posted).encode()


def _amazons(url: str) -> str:
    """The address, if it is one of Amazon's own. Raises ForgedReport."""
    try:
        parts = urlsplit(url)
        is_amazons = _AMAZON.fullmatch(parts.netloc) and parts.scheme == "https"
    except ValueError:
        is_amazons = None
    if not is_amazons:
        raise ForgedReport("It points elsewhere than to Amazon.")
    return url


def _reports(said: dict[str, Any]) -> list[MailReport]:
    kind = said.get("notificationType") or said.get("eventType")
    message_id = _original_id(said["mail"])
    if kind == "Bounce":
        bounce = said["bounce"]
        what = What.BOUNCED if bounce["bounceType"] == "Permanent" else What.GIVEN_UP
        first = next(iter(bounce.get("bouncedRecipients") or [{}]))
        answer = first.get("diagnosticCode") or bounce.get("bounceSubType") or bounce["bounceType"]
        return [MailReport(what, message_id, answer=str(answer)[:480])]
    elif kind == "Complaint":
        answer = said["complaint"].get("complaintFeedbackType") or "Marked as spam."
        return [MailReport(What.COMPLAINED, message_id, answer=str(answer)[:480])]
    elif kind == "Delivery":
        answer = said["delivery"].get("smtpResponse") or "Delivered."
        return [MailReport(What.DELIVERED, message_id, answer=str(answer)[:480])]
    elif kind == "DeliveryDelay":
        return [MailReport(What.DELAYED, message_id, answer=str(said["deliveryDelay"])[:480])]
    else:
        return []


def _original_id(mail: dict[str, Any]) -> str:
    """Ours, which stands in the headers where SES is told to include them: it sends the e-mail on
    under one of its own."""
    for header in mail.get("headers") or []:
        if str(header.get("name", "")).lower() == "message-id":
            return str(header.get("value", ""))[:200]
    return f"<{mail.get('messageId', '')}>"[:200]


@lru_cache(maxsize=8)
def _fetched(url: str) -> bytes:
    return _get(url)[:_LARGEST_CERTIFICATE]


def _get(url: str) -> bytes:
    answer = requests.get(url, timeout=_PATIENCE, allow_redirects=False)
    if answer.status_code != 200:
        raise OSError(f"Amazon answered {answer.status_code}.")
    return answer.content
