"""A delivery as the gateways take it. Nothing here touches the database."""

from collections.abc import Sequence
from datetime import datetime

from onboarding import config, gateways
from onboarding.gateways.documents import DocumentAltered, DocumentMissing
from onboarding.gateways.email import Accepted, EmailAttachment, OutgoingEmail
from onboarding.gateways.refusals import TemporaryRefusal
from onboarding.gateways.sms import OutgoingSms
from onboarding.notifications.models import Channel, Delivery, DeliveryState
from onboarding.notifications.outcomes import Report
from onboarding.notifications.payload import Attachment, Payload, unsealed
from onboarding.tokens import UnreadableSeal


class Unreadable(Exception):
    """What was to be sent cannot be read any more."""


def hand_over(delivery: Delivery, deadline: float) -> Report:
    """Raises what the gateways raise: see gateways.refusals."""
    words = _words(delivery)
    if delivery.channel == Channel.SMS:
        accepted = gateways.current().sms.send(_text(delivery, words), deadline)
    else:
        accepted = gateways.current().email.send(_letter(delivery, words), deadline)
    state = DeliveryState.DELIVERED if accepted.is_delivered else DeliveryState.SENT
    return Report(state, accepted.answer, provider_id=accepted.provider_id)


def look_up(delivery: Delivery, since: datetime) -> Sequence[Accepted]:
    return gateways.current().sms.look_up(_text(delivery, _words(delivery)), since)


def _words(delivery: Delivery) -> Payload:
    if delivery.payload is None:
        raise Unreadable("Its words were wiped.")
    try:
        return unsealed(delivery.payload)
    except UnreadableSeal as unreadable:
        raise Unreadable("It was sealed under a secret key that is no longer set.") from unreadable


def _text(delivery: Delivery, words: Payload) -> OutgoingSms:
    return OutgoingSms(to=delivery.to, text=words.text, reference=delivery.id)


def _letter(delivery: Delivery, words: Payload) -> OutgoingEmail:
    return OutgoingEmail(
        to=delivery.to,
        from_name=delivery.from_name,
        reply_to=delivery.reply_to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        message_id=delivery.message_id,
        attachments=tuple(_fetched(attachment) for attachment in words.attachments),
        unsubscribe_url=words.unsubscribe_url,
        mark=delivery.id if config.current().postmark_webhook_password else "",
    )


def _fetched(attachment: Attachment) -> EmailAttachment:
    try:
        content = gateways.current().documents.get(attachment.sha256)
    except (DocumentMissing, DocumentAltered, OSError) as unreadable:
        raise TemporaryRefusal(f"The attachment {attachment.name} cannot be read.") from unreadable
    return EmailAttachment(attachment.name, attachment.media_type, content)
