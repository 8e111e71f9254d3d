"""A card in words: what stands on it, and the button that unsticks it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_skeleton, format_timedelta
from flask import url_for
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _

from onboarding import clock
from onboarding.journey.status import Action, Status
from onboarding.pipeline.queries import Card, Column
from onboarding.web.filters import short_money

_SLUGS = {status: status.value.lower().replace(" ", "-") for status in Status}
# What is waited for where the facts have no detail of their own.
_WAITS_FOR = {
    Status.ACCOUNT_ACTIVE: lazy_gettext("Not opened yet"),
    Status.ESTIMATE_PENDING: lazy_gettext("No answer yet"),
    Status.ESTIMATE_APPROVED: lazy_gettext("Not signed yet"),
}


@dataclass(frozen=True)
class ShownCard:
    """What the template prints; `act` is the next action's label and `act_url` where it leads."""

    id: str
    column: str
    name: str
    url: str
    title: str
    amount: str
    detail: str
    age: str
    mark: str
    is_stuck: bool
    is_gone: bool
    act: str | None
    act_url: str | None


@dataclass(frozen=True)
class ShownColumn:
    slug: str
    status: Status
    label: str
    count: int
    sum: str
    cards: tuple[ShownCard, ...]
    more_url: str | None


def slug_of(status: Status) -> str:
    return _SLUGS[status]


def shown(card: Card) -> ShownCard:
    return ShownCard(
        id=card.id,
        column=slug_of(card.status),
        name=card.name,
        url=url_for("record.contact", contact_id=card.contact_id),
        title=card.title,
        amount=short_money(card.amount_cents, card.currency),
        detail=_detail(card),
        age=_age(card),
        mark=f"{card.id}:{card.revision}",
        is_stuck=card.is_stuck,
        is_gone=card.is_gone,
        act=_(card.action.value) if card.action else None,
        act_url=_act_url(card),
    )


def shown_column(
    column: Column, currency: str, around: Mapping[str, Any] | None = None
) -> ShownColumn:
    """`around` is what of the board is looked at, as its address says it."""
    has_more = bool(column.cards) and column.count > len(column.cards)
    return ShownColumn(
        slug=slug_of(column.status),
        status=column.status,
        label=_(column.status.value),
        count=column.count,
        sum=short_money(column.sum_cents, currency),
        cards=tuple(shown(card) for card in column.cards),
        more_url=url_for(
            "pipeline.more",
            status=column.status.value,
            offset=len(column.cards),
            **(around or {}),
        )
        if has_more
        else None,
    )


def _detail(card: Card) -> str:
    if card.expires_soon and card.invite_expires_at and card.invite_expires_at > clock.now():
        left = card.invite_expires_at - clock.now()
        return str(_("Expires in %(span)s", span=_span(left)))
    is_plain = not (card.details or card.start_after)
    if card.status is Status.ONBOARDING_COMPLETE and card.took and is_plain:
        return str(_("Took %(span)s", span=_span(card.took)))
    words = [_(detail.value) for detail in card.details[:2]]
    if card.start_after is not None:
        first = _short_day(card.start_after, card.site_time_zone)
        words = [str(_("Do not start before %(day)s", day=first)), *words[:1]]
    return "\n".join(words) or str(_WAITS_FOR.get(card.status, ""))


def _short_day(moment: datetime, zone: str) -> str:
    """`May 8`: a card has no room for the day of the week."""
    return format_skeleton("MMMd", clock.local(moment, zone), locale=get_locale())


def _age(card: Card) -> str:
    passed = clock.now() - card.since
    return _("just now") if passed < timedelta(minutes=1) else _span(passed)


def _span(span: timedelta) -> str:
    """In short, for it stands beside a job's name: `18 hr`, `3 days`."""
    return format_timedelta(
        span, granularity="minute", threshold=1.2, format="short", locale=get_locale()
    )


def _act_url(card: Card) -> str | None:
    if card.action is None:
        return None
    if card.action is Action.ANSWER:
        return url_for("messages_crm.conversation", contact_id=card.contact_id)
    if card.action is Action.REVISE:
        return url_for("estimates_crm.revision", onboarding_id=card.id)
    return url_for("invites_crm.compose", onboarding_id=card.id)
