"""What was sent to the customer and what became of it, in plain words with the next step.

Of each kind and channel the newest alone: what was sent before it stands in the timeline.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from onboarding.notifications import states
from onboarding.notifications.models import Channel, Delivery, DeliveryState, Failure, Purpose
from onboarding.record.queries import Job, Record
from onboarding.web.filters import clock_time, phone

_TITLES = {
    Purpose.INVITE: _l("Portal Invite"),
    Purpose.INVITE_SIGN_IN: _l("Portal Invite"),
    Purpose.REVISED_ESTIMATE: _l("New estimate"),
    Purpose.MESSAGE_ANSWERED: _l("Your answer"),
    Purpose.REMINDER: _l("Reminder"),
    Purpose.ONBOARDING_COMPLETED_CUSTOMER: _l("Confirmation"),
    Purpose.CARD_REMOVED: _l("Card removed"),
}
_INVITES = {Purpose.INVITE, Purpose.INVITE_SIGN_IN}
_WHY = {
    Failure.REFUSED: _l("Nobody is reached there."),
    Failure.EXHAUSTED: _l("Tried for hours, and nothing was taken."),
    Failure.EXPIRED: _l("It could not go out in time."),
    Failure.UNKNOWN: _l("Nobody knows whether it arrived."),
    Failure.WITHDRAWN: _l("It was no longer wanted."),
    Failure.UNREADABLE: _l("It could not be read here any more."),
    Failure.CLOSED: _l("Nothing goes there any more."),
    Failure.COMPLAINED: _l("It was marked as spam."),
}
# Given up here: nothing is wrong with the address.
_OURS = {Failure.EXPIRED, Failure.WITHDRAWN}
_PASSED = {Failure.EXHAUSTED, Failure.UNKNOWN, Failure.UNREADABLE}


@dataclass(frozen=True)
class Way:
    """Something that the member can do about it: a page to go to, or an act to post."""

    text: str
    url: str
    is_act: bool = False


@dataclass(frozen=True)
class Sent:
    """`tone` is a chip's: plain, warn or done. `why` is empty where there is nothing to explain."""

    title: str
    to: str
    state: str
    why: str
    tone: str
    at: datetime
    ways: tuple[Way, ...]


def sent(record: Record) -> list[Sent]:
    """The newest first."""
    job = record.job
    if job is None:
        return []
    told = [one for one in job.deliveries if one.purpose in _TITLES and one.contact_id]
    newest = {(_TITLES[Purpose(one.purpose)], one.channel): one for one in told}
    ordered = sorted(newest.values(), key=lambda one: one.id, reverse=True)
    return [_shown(record, job, one) for one in ordered]


def _shown(record: Record, job: Job, delivery: Delivery) -> Sent:
    state, tone, why = _state(delivery, job.onboarding.site_time_zone)
    return Sent(
        title=str(_TITLES[Purpose(delivery.purpose)]),
        to=phone(delivery.to) if delivery.channel == Channel.SMS else delivery.to,
        state=str(state),
        why=str(why),
        tone=tone,
        at=delivery.delivered_at or delivery.sent_at or delivery.created_at,
        ways=_ways(record, job, delivery),
    )


def _state(delivery: Delivery, zone: str) -> tuple[str, str, str]:
    """What stands on the chip, its tone, and the reason where there is one."""
    if delivery.is_waiting:
        at = clock_time(delivery.next_attempt_at, zone)
        return _("Waits until %(time)s there", time=at), "plain", delivery.answer
    elif delivery.state == DeliveryState.QUEUED and delivery.attempts:
        return _("Trying again"), "warn", delivery.answer
    elif delivery.state in {DeliveryState.QUEUED, DeliveryState.SENDING}:
        return _("On its way"), "plain", ""
    elif delivery.state == DeliveryState.DELIVERED:
        return _("Delivered"), "done", ""
    elif delivery.state == DeliveryState.SENT:
        return _taken(delivery)
    elif delivery.state == DeliveryState.OPTED_OUT:
        return _("Not sent"), "warn", _("No messages are wanted there.")
    else:
        return _lost(delivery)


def _taken(delivery: Delivery) -> tuple[str, str, str]:
    if delivery.is_delayed:
        return _("Held up on the way"), "warn", delivery.answer
    elif delivery.channel == Channel.SMS:
        return _("Sent"), "plain", _("The phone has not confirmed it yet.")
    else:
        return _("Sent"), "plain", _("The mail server has taken it.")


def _lost(delivery: Delivery) -> tuple[str, str, str]:
    why = str(_WHY[Failure(delivery.failure)]) if delivery.failure else delivery.answer
    if delivery.failure in _OURS:
        return _("Not sent"), "plain", why
    is_returned = delivery.state == DeliveryState.BOUNCED
    is_spam = delivery.failure == Failure.COMPLAINED
    state = _("Came back") if is_returned and not is_spam else _("Did not arrive")
    return (_("Delivered") if is_spam else state), "warn", why


def _ways(record: Record, job: Job, delivery: Delivery) -> tuple[Way, ...]:
    if delivery.is_waiting:
        address = url_for("record.send_now", delivery_id=delivery.id)
        return (Way(_("Send it now"), address, is_act=True),)
    elif delivery.state not in states.LOST or delivery.failure in _OURS:
        return ()
    elif delivery.failure in _PASSED:
        return _again(job, delivery)
    return tuple(way for way in _other_ways(record, job, delivery) if way is not None)


def _again(job: Job, delivery: Delivery) -> tuple[Way, ...]:
    """An invite is sent with a new link; what carried none is sent as it was."""
    if delivery.purpose in _INVITES:
        address = url_for("invites_crm.compose", onboarding_id=job.onboarding.id)
        return (Way(_("Resend"), address),)
    elif delivery.payload is None:
        return ()
    address = url_for("record.send_again", delivery_id=delivery.id)
    return (Way(_("Try it again"), address, is_act=True),)


def _other_ways(record: Record, job: Job, delivery: Delivery) -> tuple[Way | None, ...]:
    contact, is_text = record.contact, delivery.channel == Channel.SMS
    compose = url_for("invites_crm.compose", onboarding_id=job.onboarding.id)
    edit = url_for("contacts.edit", contact_id=contact.id)
    is_stopped = delivery.state == DeliveryState.OPTED_OUT
    other = contact.email if is_text else contact.mobile
    is_outside = delivery.purpose in _INVITES and not job.onboarding.has_account
    in_person = url_for("invites_crm.in_person", onboarding_id=job.onboarding.id)
    correct = _("Correct the number") if is_text else _("Correct the address")
    instead = _("E-mail instead") if is_text else _("Try SMS")
    return (
        None if is_stopped else Way(correct, edit),
        Way(instead, compose) if other and not job.onboarding.facts.is_complete else None,
        Way(_("Hand over in person"), in_person) if is_outside else None,
    )
