"""The demo: a roofing company in Portland with thirty-odd contacts in every state of the journey.

Nothing is written by hand. Three weeks of the office's and its customers' life are played again by
the rooms' own actions, in the order of time, under a clock that is set back: each row, event chain,
message and status is what the product itself would have written then.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from onboarding import clock, config, tokens
from onboarding.actor import Actor, Kind
from onboarding.config import Settings
from onboarding.contractors.actions import NewContractor, add_contractor, add_member
from onboarding.contractors.models import Member
from onboarding.contractors.queries import contractor_by_slug
from onboarding.contracts.actions import save_template
from onboarding.database import Everyone, read, transaction
from onboarding.invites.actions_outcomes import expire_invites
from onboarding.journey.models import Onboarding
from onboarding.notifications.actions import mark_all_read
from onboarding.sandbox import demo_customers, demo_office
from onboarding.sandbox.demo_office import Somebody
from onboarding.sandbox.demo_past import Past, at, moment, past
from onboarding.support.actions import add_agent
from onboarding.support.models import Agent

COMPANY = "Ridgeline Roofing"
SLUG = "ridgeline-roofing"
ZONE = "America/Los_Angeles"
PASSWORD = "ridgeline"  # noqa: S105 (of people who do not exist; production loads no demo)
OWNER = ("Maria Lindqvist", "maria@example.com")
STAFF = ("Theo Nakamura", "theo@example.com")
SUPPORT = ("Sam Rivera", "support@example.com")

_PLAYED = Everyone("the demo has one contractor, and its past is over")
_FOUNDED = "40d 09:00"
_LAST_LOOK_AT_THE_BELL = "30h"
_NOTES_EXPIRY_EVERY = timedelta(hours=8)
_VERBS: dict[str, Callable[..., None]] = {
    "contact": demo_office.contact,
    "begin": demo_office.begin,
    "draft": demo_office.draft,
    "send": demo_office.send,
    "revoke": demo_office.revoke,
    "revise": demo_office.revise,
    "answer": demo_office.answer,
    "fetch": demo_customers.fetch,
    "open": demo_customers.open_link,
    "account": demo_customers.account,
    "profile": demo_customers.profile,
    "look": demo_customers.look,
    "ask": demo_customers.ask,
    "changes": demo_customers.changes,
    "reject": demo_customers.reject,
    "reason": demo_customers.reason,
    "approve": demo_customers.approve,
    "withdraw": demo_customers.withdraw,
    "consent": demo_customers.consent,
    "sign": demo_customers.sign,
    "card": demo_customers.card,
    "remove_card": demo_customers.remove_card,
    "copy": demo_customers.copy,
    "cancel": demo_customers.cancel,
    "want_paper": demo_customers.want_paper,
}


class CutShort(Exception):
    """Loading the demo was interrupted once, and what there is of it is not whole."""


@dataclass(frozen=True)
class _Beat:
    """Something that somebody did at a moment of the past."""

    at: datetime
    do: Callable[[], object]


def load() -> bool:
    """Plays the demo's past; False where it is there already. Raises CutShort."""
    if contractor_by_slug(SLUG) is not None:
        if not _is_whole():
            raise CutShort
        return False
    now = clock.now()
    with past(config.current()) as stage:
        with at(moment(_FOUNDED, now, ZONE)):
            owner, staff, template_id = _found_company()
        beats = [
            *_lives(stage, owner, staff, template_id, now),
            *_expiries(now),
            _bell(owner, now),
        ]
        for beat in sorted(beats, key=lambda beat: beat.at):
            with at(beat.at):
                beat.do()
    with transaction(_PLAYED) as db:
        # What lies weeks back reminds nobody of anything the moment the demo is opened.
        db.execute(update(Onboarding).values(remind_at=None))
    # Last of all: it tells a whole demo from one whose loading was interrupted.
    add_agent(*SUPPORT, PASSWORD)
    return True


def welcome(settings: Settings) -> str:
    """Where to go and how to sign in, for the terminal."""
    base = settings.base_url
    return f"""
{COMPANY} is open.

  CRM       {base}/crm
            {OWNER[1]} (owner) or {STAFF[1]} (staff), password {PASSWORD}
  Mailbox   {base}/sandbox/mailbox
            every e-mail and text that the portal sends arrives here, in place of real ones
  Support   {base}/support
            {SUPPORT[1]}, password {PASSWORD}

Play the customer: in the CRM open a card under Pending Invite and press Send Invite. Open the
mailbox in a second window, follow the link in the newest message, and keep an eye on the pipeline.
Cards go to a sandbox: 4242 4242 4242 4242 is accepted, 4000 0000 0000 0002 declined.

Ctrl-C ends it. What you did stays in {settings.data_dir}
"""


def cut_short(settings: Settings) -> str:
    """What to do after CutShort."""
    return (
        "Loading the demo was interrupted once, so it is not whole."
        f" Remove {settings.data_dir} and start again."
    )


def _is_whole() -> bool:
    db = read(Everyone("a support agent belongs to no contractor"))
    return db.scalar(select(Agent.id).where(Agent.email == SUPPORT[1])) is not None


def _found_company() -> tuple[Actor, Actor, str]:
    """The owner, a member of staff, and the id of the contract template."""
    company, owner = add_contractor(
        NewContractor(
            name=COMPANY,
            owner_name=OWNER[0],
            owner_email=OWNER[1],
            password=PASSWORD,
            phone="+15035550142",
            license_number="CCB 214887",
            postal_address="1420 SW Alder St, Portland, OR 97205",
            color="#1f5c49",
            time_zone=ZONE,
        )
    )
    by = _member(owner)
    name = "Roofing and remodeling agreement"
    template = save_template(tokens.new_id(), name, demo_office.BODY, by)
    demo_office.fill_price_book(by)
    return by, _member(add_member(company.id, *STAFF, PASSWORD)), template.id


def _member(member: Member) -> Actor:
    return Actor(Kind.MEMBER, member.id, member.name, member.contractor_id, "198.51.100.23")


def _lives(
    stage: Past, owner: Actor, staff: Actor, template_id: str, now: datetime
) -> Iterator[_Beat]:
    for number, told in enumerate(demo_office.CAST, start=1):
        member = staff if number % 3 == 0 else owner
        one = demo_office.somebody(told, number, stage, member, template_id)
        yield from _life(one, told["story"], now)


def _life(one: Somebody, story: list[list[Any]], now: datetime) -> Iterator[_Beat]:
    """In the order of the story, whatever the hour is now: `3h` may be yesterday evening."""
    earliest = moment(_FOUNDED, now, ZONE)
    for written, verb, *words in story:
        when = min(max(moment(written, now, ZONE), earliest), now)
        earliest = when + timedelta(seconds=20)
        yield _Beat(when, _act(verb, one, words))


def _act(verb: str, one: Somebody, words: list[Any]) -> Callable[[], None]:
    return lambda: _VERBS[verb](one, *words)


def _expiries(now: datetime) -> Iterator[_Beat]:
    """What no act wakes the workers for: links run out."""
    first = moment(_FOUNDED, now, ZONE)
    while (first := first + _NOTES_EXPIRY_EVERY) < now:
        yield _Beat(first, expire_invites)


def _bell(owner: Actor, now: datetime) -> _Beat:
    """The owner has read what the bell had to tell until then."""

    def read_all() -> None:
        with transaction(owner.contractor_id) as db:
            mark_all_read(db)

    return _Beat(moment(_LAST_LOOK_AT_THE_BELL, now, ZONE), read_all)
