"""How many texts may go out, counted apart by who sets them off (R36).

Texts cost money, and what costs money is pumped. Whoever pumps runs into a ceiling that is theirs:
what strangers ask for at a sign-in page never holds up a customer who came in, and neither of them
ever holds up what the contractor sends. The text that fills a ceiling writes the alarm, in the
transaction that counts it; the stop is the ceiling itself.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.notifications.actions import notify
from onboarding.notifications.models import NotificationKind
from onboarding.notifications.models_addresses import TextAlarm
from onboarding.web import throttle
from onboarding.web.guessing import network

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_ALL = "all"
_log = logging.getLogger(__name__)


class Cause(StrEnum):
    """Who sets a text off. At most eight letters: it is a column."""

    STRANGER = "stranger"  # anybody at the sign-in page
    CUSTOMER = "customer"  # somebody who came in, by an invite or an account
    COMPANY = "company"  # the contractor: invites, answers, reminders
    REPLY = "reply"  # whoever texted STOP, START or HELP


class Reach(StrEnum):
    """What a ceiling counts together. At most twelve letters: it is a column."""

    NUMBER = "number"
    PERSON = "person"
    BLOCK = "block"  # ten thousand numbers that share all but the last four digits
    NETWORK = "network"
    CONTRACTOR = "contractor"
    INSTALLATION = "installation"


@dataclass(frozen=True)
class Cap:
    reach: Reach
    limit: int
    within: timedelta = _HOUR


@dataclass(frozen=True, kw_only=True)
class Text:
    """One text that is wanted. `ip` and `contact_id` where a person asks for it; `is_known`: the
    number is its owner's, so its neighbors do not count."""

    cause: Cause
    contractor_id: str
    number: str
    ip: str = ""
    contact_id: str = ""
    is_known: bool = False


class Full(Exception):
    """No more texts of this kind: `seconds` is when there is room again."""

    def __init__(self, cap: Cap, seconds: int) -> None:
        super().__init__(cap.reach, seconds)
        self.cap = cap
        self.seconds = seconds


# In the order in which they are counted: whoever counts two waits for nobody who counts them
# the other way round.
CAPS: dict[Cause, Sequence[Cap]] = {
    Cause.STRANGER: (
        Cap(Reach.NUMBER, 8),
        Cap(Reach.BLOCK, 20),
        Cap(Reach.NETWORK, 40),
        Cap(Reach.CONTRACTOR, 100),
        Cap(Reach.CONTRACTOR, 400, _DAY),
        Cap(Reach.INSTALLATION, 1000),
        Cap(Reach.INSTALLATION, 6000, _DAY),
    ),
    Cause.CUSTOMER: (
        Cap(Reach.NUMBER, 8),
        Cap(Reach.PERSON, 15),
        Cap(Reach.BLOCK, 20),
        Cap(Reach.NETWORK, 40),
        Cap(Reach.CONTRACTOR, 300),
        Cap(Reach.INSTALLATION, 3000),
    ),
    Cause.COMPANY: (
        Cap(Reach.NUMBER, 20),
        Cap(Reach.NUMBER, 60, _DAY),
        Cap(Reach.BLOCK, 150),
        Cap(Reach.CONTRACTOR, 300),
        Cap(Reach.CONTRACTOR, 2000, _DAY),
        Cap(Reach.INSTALLATION, 5000),
    ),
    Cause.REPLY: (Cap(Reach.NUMBER, 6, _DAY), Cap(Reach.INSTALLATION, 2000)),
}
# Somebody who is known gets their text whatever others near them do.
_OF_ONE = {Reach.NUMBER, Reach.PERSON}
_NEAR = {*_OF_ONE, Reach.BLOCK, Reach.NETWORK}


def count(db: Session, text: Text) -> None:
    """Counts one text against every ceiling over it. Raises Full: the caller's transaction must
    end with that, so that what was counted before it counts no more."""
    for cap in CAPS[text.cause]:
        if text.is_known and cap.reach in _NEAR:
            continue
        key = _key(text, cap)
        left = throttle.room_left(db, key, limit=cap.limit, within=cap.within)
        if left is None:
            raise Full(cap, throttle.seconds_left(db, key, within=cap.within))
        elif left == 0 and cap.reach not in _OF_ONE:
            _raise_alarm(db, text, cap)


def _key(text: Text, cap: Cap) -> str:
    period = "day" if cap.within == _DAY else "hour"
    return f"texts {text.cause} {cap.reach} {period}:{_counted(text, cap.reach)}"


def _counted(text: Text, reach: Reach) -> str:
    """What a ceiling of this reach counts the text with."""
    return {
        Reach.NUMBER: text.number,
        Reach.PERSON: text.contact_id or text.number,
        Reach.BLOCK: text.number[:-4],
        Reach.NETWORK: network(text.ip),
        Reach.CONTRACTOR: text.contractor_id,
        Reach.INSTALLATION: _ALL,
    }[reach]


def _raise_alarm(db: Session, text: Text, cap: Cap) -> None:
    """One row for a ceiling that is full, until its time has passed once. Whoever fills the same
    one waits for this transaction, so two never write it."""
    place = "" if cap.reach is Reach.CONTRACTOR else _counted(text, cap.reach)
    known = select(TextAlarm.id).where(
        TextAlarm.cause == text.cause,
        TextAlarm.reach == cap.reach,
        TextAlarm.place == place,
        TextAlarm.hours == cap.within // _HOUR,
        TextAlarm.at > clock.now() - cap.within,
    )
    if cap.reach is Reach.CONTRACTOR:
        known = known.where(TextAlarm.contractor_id == text.contractor_id)
    if db.scalars(known.limit(1)).first() is not None:
        return
    alarm = TextAlarm(
        contractor_id=text.contractor_id,
        cause=text.cause,
        reach=cap.reach,
        place=place,
        most=cap.limit,
        hours=cap.within // _HOUR,
    )
    db.add(alarm)
    db.flush()
    _log.warning("Texts stopped: %s, %s, %s in %s h", *_said(alarm))
    if cap.reach is Reach.CONTRACTOR:
        _tell_contractor(db, alarm)


def _said(alarm: TextAlarm) -> tuple[str, str, int, int]:
    return alarm.cause, alarm.reach, alarm.most, alarm.hours


def _tell_contractor(db: Session, alarm: TextAlarm) -> None:
    notify(
        db,
        contractor_id=alarm.contractor_id,
        contact_id=None,
        onboarding_id=None,
        kind=NotificationKind.TEXTS_HELD,
        told={"cause": alarm.cause, "most": alarm.most, "hours": alarm.hours},
    )
