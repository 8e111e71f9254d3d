"""A second press of the same button, from an impatient hand or two tabs, is the first one again."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.invites.queries import latest_invite, links_of, newest_version
from onboarding.journey.events import EventKind
from onboarding.journey.models import Event, Onboarding
from onboarding.notifications.models import Channel

_SAME_PRESS = timedelta(seconds=10)


def was_just_sent(db: Session, onboarding: Onboarding, kind: EventKind) -> bool:
    """The same button did the same thing seconds ago, and there is nothing new to send."""
    version = newest_version(db, onboarding.id)
    if onboarding.facts.is_revoked or version is None or version.sent_at is None:
        return False
    since = clock.now() - _SAME_PRESS
    if onboarding.has_account and version.version > 1 and version.sent_at > since:
        return True
    pressed = select(Event.id).where(
        Event.onboarding_id == onboarding.id, Event.kind == kind.value, Event.at > since
    )
    return db.scalars(pressed.limit(1)).first() is not None


def is_second_click(
    db: Session, onboarding: Onboarding, channels: Sequence[Channel] | None
) -> bool:
    """The button that sent the first invite, pressed twice: by then it says *Resend*. Channels
    other than those it went to are a wish of their own."""
    last = latest_invite(db, onboarding.id)
    if channels is None or last is None:
        return False
    used = {link.channel for link in links_of(db, last.id)}
    is_same = used == {channel.value for channel in channels}
    return is_same and was_just_sent(db, onboarding, EventKind.INVITE_SENT)
