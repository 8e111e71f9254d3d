"""What happened, in words: one line for each event and each message on its way, in time's order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from onboarding.journey.events import EventKind
from onboarding.journey.models import Event
from onboarding.notifications.models import Delivery, DeliveryState, Purpose
from onboarding.record.queries import Job
from onboarding.web.filters import money

_HIDDEN = frozenset({EventKind.CONTRACT_FROZEN})
_TONES = {
    EventKind.INVITE_FETCHED: "machine",
    EventKind.INVITE_UNDELIVERED: "warn",
    EventKind.INVITE_EXPIRED: "warn",
    EventKind.INVITE_REVOKED: "warn",
    EventKind.ESTIMATE_REJECTED: "warn",
    EventKind.ESTIMATE_WITHDRAWN: "warn",
    EventKind.CHANGES_ASKED: "warn",
    EventKind.CARD_REMOVED: "warn",
    EventKind.ESTIMATE_APPROVED: "done",
    EventKind.ACCOUNT_CREATED: "done",
    EventKind.CONTRACT_SIGNED: "done",
    EventKind.CARD_SAVED: "done",
    EventKind.COMPLETED: "done",
}


@dataclass(frozen=True)
class Line:
    """`tone` is one of timeline_item's; `by` who did it, empty for the system."""

    at: datetime
    text: str
    detail: str
    by: str
    tone: str


def lines(job: Job) -> list[Line]:
    """The newest first."""
    told = [_told(event, job.onboarding.currency) for event in job.events if event.kind not in _HIDDEN]
    sent = [_sent(delivery) for delivery in job.deliveries if _is_worth_telling(delivery)]
    return sorted([*told, *sent], key=lambda line: line.at, reverse=True)


def _told(event: Event, currency: str) -> Line:
    kind = EventKind(event.kind)
    by = event.actor_name
    if event.visited_as:
        by = _("%(agent)s from support", agent=event.actor_name)
    return Line(
        at=event.at,
        text=_words(kind),
        detail=_detail(kind, event.data, currency),
        by="" if event.actor_kind == "system" else by,
        tone=_TONES.get(kind, "plain"),
    )


def _words(kind: EventKind) -> str:
    words = {
        EventKind.ONBOARDING_CREATED: _("Estimate begun"),
        EventKind.INVITE_SENT: _("Portal Invite sent"),
        EventKind.INVITE_RESENT: _("Portal Invite sent again"),
        EventKind.INVITE_REVOKED: _("Invite revoked"),
        EventKind.INVITE_DELIVERED: _("Invite delivered"),
        EventKind.INVITE_UNDELIVERED: _("Invite could not be delivered"),
        EventKind.INVITE_FETCHED: _("Link fetched, perhaps by a machine"),
        EventKind.INVITE_OPENED: _("Link opened by a person"),
        EventKind.INVITE_EXPIRED: _("Link expired"),
        EventKind.INVITE_NEW_LINK_ASKED: _("New link asked for"),
        EventKind.CHANNEL_CONFIRMED: _("Address confirmed"),
        EventKind.ACCOUNT_CREATED: _("Account created"),
        EventKind.ACCOUNT_SIGNED_IN: _("Signed in"),
        EventKind.PROFILE_SAVED: _("Profile saved"),
        EventKind.SIGN_IN_CHANGED: _("Sign-in changed"),
        EventKind.ESTIMATE_SENT: _("Estimate sent"),
        EventKind.ESTIMATE_OPENED: _("Estimate opened"),
        EventKind.ESTIMATE_APPROVED: _("Estimate approved"),
        EventKind.ESTIMATE_REJECTED: _("Estimate rejected"),
        EventKind.ESTIMATE_REASON: _("Reason given"),
        EventKind.ESTIMATE_WITHDRAWN: _("Approval taken back"),
        EventKind.QUESTION_ASKED: _("Question asked"),
        EventKind.CHANGES_ASKED: _("Changes asked for"),
        EventKind.MESSAGE_SENT: _("Message written"),
        EventKind.MESSAGE_ANSWERED: _("Answered"),
        EventKind.CONTRACT_FROZEN: _("Contract fixed"),
        EventKind.CONTRACT_OPENED: _("Contract opened"),
        EventKind.CONSENT_GIVEN: _("Agreed to sign electronically"),
        EventKind.CONTRACT_SIGNED: _("Contract signed"),
        EventKind.CONTRACT_SEALED: _("Signed contract sealed"),
        EventKind.CARD_SAVED: _("Card saved"),
        EventKind.CARD_UPDATED: _("Card updated"),
        EventKind.CARD_REMOVED: _("Card removed"),
        EventKind.AUTO_PAY_ON: _("Auto-pay switched on"),
        EventKind.AUTO_PAY_OFF: _("Auto-pay switched off"),
        EventKind.COMPLETED: _("Onboarding complete"),
        EventKind.SUPPORT_STARTED: _("Support began to look"),
        EventKind.SUPPORT_PAGE: _("Support saw a page"),
        EventKind.SUPPORT_REFUSED: _("Support was refused"),
        EventKind.SUPPORT_ENDED: _("Support ended"),
    }
    return words[kind]


def _detail(kind: EventKind, data: dict[str, Any], currency: str) -> str:
    parts = []
    if "version" in data:
        parts.append(_("version %(number)s", number=data["version"]))
    if "total_cents" in data:
        parts.append(money(data["total_cents"], currency))
    if isinstance(data.get("to"), dict):
        parts.append(_("to %(addresses)s", addresses=", ".join(data["to"].values())))
    for name in ("address", "reason", "line", "brand", "page"):
        if data.get(name):
            parts.append(str(data[name]))
    return " · ".join(parts)


def _is_worth_telling(delivery: Delivery) -> bool:
    """Failures of anything to the customer; the rest stands in the events."""
    return delivery.state in (DeliveryState.FAILED, DeliveryState.BOUNCED) and (
        delivery.purpose not in (Purpose.SUPPORT_LINK, Purpose.MEMBER_RESET)
    )


def _sent(delivery: Delivery) -> Line:
    return Line(
        at=delivery.created_at,
        text=_("Message did not arrive"),
        detail=f"{delivery.to} · {delivery.provider_answer or ''}".rstrip(" ·"),
        by="",
        tone="warn",
    )
