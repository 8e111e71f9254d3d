"""What happened, in words: one line for each event and each message on its way, in time's order."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from onboarding import clock
from onboarding.journey.events import EventKind
from onboarding.journey.models import Event
from onboarding.notifications import states
from onboarding.notifications.models import Delivery, DeliveryState, Failure, Purpose
from onboarding.record.queries import Job
from onboarding.web.filters import money, phone

_HIDDEN = frozenset({EventKind.CONTRACT_FROZEN})
_BY_CHANNEL = frozenset({EventKind.INVITE_DELIVERED, EventKind.INVITE_UNDELIVERED})
_TONES = {
    EventKind.INVITE_FETCHED: "machine",
    EventKind.INVITE_UNDELIVERED: "warn",
    EventKind.INVITE_EXPIRED: "warn",
    EventKind.ADDRESS_CLOSED: "warn",
    EventKind.INVITE_REVOKED: "warn",
    EventKind.ESTIMATE_REJECTED: "warn",
    EventKind.ESTIMATE_WITHDRAWN: "warn",
    EventKind.CHANGES_ASKED: "warn",
    EventKind.CARD_REMOVED: "warn",
    EventKind.PAPER_WANTED: "warn",
    EventKind.CONTRACT_CANCELLED: "warn",
    EventKind.CARD_EXPIRED: "warn",
    EventKind.CARDS_LOCKED: "warn",
    EventKind.ESTIMATE_APPROVED: "done",
    EventKind.ACCOUNT_CREATED: "done",
    EventKind.CONTRACT_SIGNED: "done",
    EventKind.CARD_SAVED: "done",
    EventKind.COMPLETED: "done",
}

_WORDS = {
    EventKind.ONBOARDING_CREATED: _l("Estimate begun"),
    EventKind.INVITE_SENT: _l("Portal Invite sent"),
    EventKind.INVITE_RESENT: _l("Portal Invite sent again"),
    EventKind.INVITE_NUDGED: _l("Reminder sent"),
    EventKind.INVITE_IN_PERSON: _l("Handed over in person: a code was asked for"),
    EventKind.INVITE_REVOKED: _l("Invite revoked"),
    EventKind.INVITE_DELIVERED: _l("Invite delivered"),
    EventKind.INVITE_UNDELIVERED: _l("Invite could not be delivered"),
    EventKind.INVITE_FETCHED: _l("Link fetched, perhaps by a machine"),
    EventKind.INVITE_OPENED: _l("Link opened by a person"),
    EventKind.INVITE_EXPIRED: _l("Link expired"),
    EventKind.INVITE_NEW_LINK_ASKED: _l("New link asked for"),
    EventKind.REMINDER_SENT: _l("Reminder sent"),
    EventKind.ADDRESS_CLOSED: _l("No more messages to this address"),
    EventKind.CONTACT_MERGED: _l("Merged with another record"),
    EventKind.ADDRESS_OPENED: _l("Messages to this address again"),
    EventKind.CHANNEL_CONFIRMED: _l("Address confirmed"),
    EventKind.ACCOUNT_CREATED: _l("Account created"),
    EventKind.ACCOUNT_SIGNED_IN: _l("Signed in"),
    EventKind.PROFILE_SAVED: _l("Profile saved"),
    EventKind.SIGN_IN_CHANGED: _l("Sign-in changed"),
    EventKind.ESTIMATE_SENT: _l("Estimate sent"),
    EventKind.ESTIMATE_OPENED: _l("Estimate opened"),
    EventKind.ESTIMATE_APPROVED: _l("Estimate approved"),
    EventKind.ESTIMATE_REJECTED: _l("Estimate rejected"),
    EventKind.ESTIMATE_REASON: _l("Reason given"),
    EventKind.ESTIMATE_WITHDRAWN: _l("Approval taken back"),
    EventKind.QUESTION_ASKED: _l("Question asked"),
    EventKind.CHANGES_ASKED: _l("Changes asked for"),
    EventKind.MESSAGE_SENT: _l("Message written"),
    EventKind.MESSAGE_ANSWERED: _l("Answered"),
    EventKind.MESSAGE_DONE: _l("Marked done"),
    EventKind.CONTRACT_FROZEN: _l("Contract fixed"),
    EventKind.CONTRACT_OPENED: _l("Contract opened"),
    EventKind.CONSENT_GIVEN: _l("Agreed to sign electronically"),
    EventKind.CONTRACT_SIGNED: _l("Contract signed"),
    EventKind.CONTRACT_SEALED: _l("Signed contract sealed"),
    EventKind.CONTRACT_STAMPED: _l("Sealed contract time-stamped"),
    EventKind.SIGNING_CHOSEN: _l("Cancelling and signing decided"),
    EventKind.PAPER_WANTED: _l("Paper asked for"),
    EventKind.CONTRACT_CANCELLED: _l("Contract cancelled"),
    EventKind.CARD_SAVED: _l("Card saved"),
    EventKind.CARD_UPDATED: _l("Card updated"),
    EventKind.CARD_REMOVED: _l("Card removed"),
    EventKind.CARD_EXPIRED: _l("Card expired"),
    EventKind.CARDS_LOCKED: _l("Too many cards were declined: no more for a day"),
    EventKind.AUTO_PAY_ON: _l("Auto-pay switched on"),
    EventKind.AUTO_PAY_OFF: _l("Auto-pay switched off"),
    EventKind.COMPLETED: _l("Onboarding complete"),
    EventKind.SUPPORT_STARTED: _l("Support began to look"),
    EventKind.SUPPORT_PAGE: _l("Support saw a page"),
    EventKind.SUPPORT_REFUSED: _l("Support was refused"),
    EventKind.SUPPORT_ENDED: _l("Support ended"),
}


_CLOSED = {
    "stopped": _l("they replied STOP"),
    "bounced": _l("mail comes back"),
    "complained": _l("marked as spam"),
    "no_reminders": _l("no more reminders were asked for"),
}


@dataclass(frozen=True)
class Line:
    """`tone` is one of timeline_item's; `by` who did it, empty for the system."""

    at: datetime
    text: str
    detail: str
    by: str
    tone: str


@dataclass(frozen=True)
class Day:
    """What happened on one day of the contractor's calendar, the newest first; `at` is in it."""

    at: datetime
    lines: list[Line]


def days(job: Job, zone: str) -> list[Day]:
    """The newest first."""
    by_day = groupby(_lines(job), key=lambda line: clock.local(line.at, zone).date())
    found = [list(lines) for _date, lines in by_day]
    return [Day(lines[0].at, lines) for lines in found]


def _lines(job: Job) -> list[Line]:
    currency = job.onboarding.currency
    told = [_told(event, currency) for event in job.events if event.kind not in _HIDDEN]
    sent = [_sent(delivery) for delivery in job.deliveries if _is_worth_telling(delivery)]
    return sorted([*told, *sent], key=lambda line: line.at, reverse=True)


def _told(event: Event, currency: str) -> Line:
    kind = EventKind(event.kind)
    by = event.actor_name
    if event.visited_as:
        by = _("%(agent)s from support", agent=event.actor_name)
    return Line(
        at=event.at,
        text=str(_WORDS[kind]),
        detail=_detail(kind, event.data, currency),
        by="" if event.actor_kind == "system" else by,
        tone=_TONES.get(kind, "plain"),
    )


def _detail(kind: EventKind, data: dict[str, Any], currency: str) -> str:
    parts = []
    if isinstance(data.get("version"), int):
        parts.append(_("version %(number)s", number=data["version"]))
    if "total_cents" in data:
        parts.append(money(data["total_cents"], currency))
    if isinstance(data.get("to"), dict):
        addresses = ", ".join(_address(one) for one in data["to"].values())
        parts.append(_("to %(addresses)s", addresses=addresses))
    if kind in _BY_CHANNEL and "channel" in data:
        parts.append(_("Text message") if data["channel"] == "sms" else _("E-mail"))
    if data.get("address"):
        parts.append(_address(data["address"]))
    if kind is EventKind.ADDRESS_CLOSED and data.get("why") in _CLOSED:
        parts.append(str(_CLOSED[data["why"]]))
    if kind is EventKind.CONTACT_MERGED:
        known = (data.get("name"), data.get("email"), _address(data.get("mobile") or ""))
        parts += [str(word) for word in known if word]
    parts += [str(data[name]) for name in ("reason", "line", "brand", "page") if data.get(name)]
    return " · ".join(parts)


def _address(written: str) -> str:
    """A number as people write it; an e-mail address as it is."""
    return phone(written) if written.startswith("+") else written


def _is_worth_telling(delivery: Delivery) -> bool:
    """Failures of anything to the customer; the rest stands in the events."""
    return delivery.state in states.LOST and (
        delivery.purpose not in (Purpose.SUPPORT_LINK, Purpose.MEMBER_RESET)
    )


def _lost(delivery: Delivery) -> str:
    if delivery.state == DeliveryState.OPTED_OUT:
        return str(_("Message not sent: no messages are wanted there"))
    elif delivery.failure == Failure.COMPLAINED:
        return str(_("Message marked as spam"))
    else:
        return str(_("Message did not arrive"))


def _sent(delivery: Delivery) -> Line:
    return Line(
        at=delivery.created_at,
        text=_lost(delivery),
        detail=f"{_address(delivery.to)} · {delivery.answer}".rstrip(" ·"),
        by="",
        tone="warn",
    )
