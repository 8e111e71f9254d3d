"""How the demo's past comes about: the clock is set back, and what leaves the house stays in it.

Whatever the settings say, messages of the past go to the local mailbox and cards to the card
sandbox in this process: a past that was made up must never reach somebody's real phone.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import event

from onboarding import clock, database, gateways, jobs
from onboarding.config import Settings
from onboarding.gateways.email import Accepted, Email, OutgoingEmail
from onboarding.gateways.refusals import PermanentRefusal
from onboarding.gateways.sms import OutgoingSms, Sms
from onboarding.gateways.stripe_cards import cards_at
from onboarding.sandbox.mailbox import Mailbox, MailboxEmail, MailboxSms
from onboarding.sandbox.stripe_app import serve
from onboarding.sandbox.stripe_sandbox import CardSandbox, card_sandbox

_DAYS = re.compile(r"(\d+)d (\d\d):(\d\d)")
_AGO = re.compile(r"(\d+)([hm])")
_UNITS = {"h": "hours", "m": "minutes"}


@dataclass
class Hands:
    """What each customer holds: the last letter and the last text to an address.

    An address in `bouncing` is refused by its server; a phone in `silent` never confirms a text.
    """

    latest: defaultdict[str, str] = field(default_factory=lambda: defaultdict(str))
    bouncing: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)

    def found(self, address: str, pattern: str) -> str:
        """What `pattern` finds in the last message to the address, such as a code."""
        seen = re.search(pattern, self.latest[address])
        if seen is None:
            raise LookupError(f"Nothing like {pattern} was sent to {address}")
        return seen[1]


@dataclass(frozen=True)
class _Post:
    """The local mailbox, with servers that know nobody of that name."""

    mailbox: Email
    hands: Hands

    def send(self, email: OutgoingEmail, deadline: float) -> Accepted:
        if email.to in self.hands.bouncing:
            raise PermanentRefusal("550 5.1.1 There is no mailbox of that name here.")
        self.hands.latest[email.to] = email.text
        return self.mailbox.send(email, deadline)

    def check(self) -> str:
        return self.mailbox.check()


@dataclass(frozen=True)
class _Phone:
    """The local phone, with some that are switched off."""

    phone: Sms
    hands: Hands

    def send(self, sms: OutgoingSms, deadline: float) -> Accepted:
        self.hands.latest[sms.to] = sms.text
        accepted = self.phone.send(sms, deadline)
        return replace(accepted, is_delivered=sms.to not in self.hands.silent)

    def look_up(self, sms: OutgoingSms, since: datetime) -> Sequence[Accepted]:
        return self.phone.look_up(sms, since)

    def check(self) -> str:
        return self.phone.check()


@dataclass(frozen=True)
class Past:
    """The stage on which the past is played."""

    hands: Hands
    sandbox: CardSandbox


@contextmanager
def past(settings: Settings) -> Iterator[Past]:
    """The stage, set up and cleared away. Workers are at hand: what is woken is done at once."""
    mailbox, hands = Mailbox(settings), Hands()
    sandbox = card_sandbox(settings, webhook_url="")
    served = serve(sandbox)
    present = gateways.current()
    gateways.use(
        replace(
            present,
            email=_Post(MailboxEmail(settings, mailbox), hands),
            sms=_Phone(MailboxSms(settings, mailbox), hands),
            cards=cards_at(settings, served.api_url),
        )
    )
    jobs.configure(settings, immediate=True)
    try:
        with _quick_commits():
            yield Past(hands, sandbox)
    finally:
        jobs.configure(settings)
        gateways.use(present)
        served.stop()


@contextmanager
def _quick_commits() -> Iterator[None]:
    """SQLite need not wait for the disk at each of some hundred commits: a past that a cut of power
    takes away is played again."""
    engine = database.engine()
    if engine.dialect.name != "sqlite":
        yield
        return

    def relax(connection: Any, *_: object) -> None:
        connection.execute("PRAGMA synchronous=NORMAL")

    event.listen(engine, "checkout", relax)
    try:
        yield
    finally:
        event.remove(engine, "checkout", relax)
        database.end_reads()
        engine.dispose()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """It is `moment`, and time goes on from there."""
    with clock.shifted(moment - clock.now()):
        yield


def moment(written: str, now: datetime, zone: str) -> datetime:
    """`2d 09:30` is two days ago at half past nine in `zone`; `3h` and `25m` are that long ago."""
    ago = _AGO.fullmatch(written)
    if ago is not None:
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    days = _DAYS.fullmatch(written)
    if days is None:
        raise ValueError(f"{written!r} is neither `2d 09:30` nor `3h` nor `25m`")
    local = clock.local(now, zone)
    day = local.date() - timedelta(days=int(days[1]))
    return datetime.combine(day, time(int(days[2]), int(days[3])), local.tzinfo)
