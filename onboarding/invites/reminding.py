"""Reminders of the step a customer stands at: sent by themselves, and ended by any act.

Each act of a person asks for a look (`Onboarding.remind_at`); the look finds the moment at which
the next reminder falls due, and puts the following look there. A worker reads what is due by that
index alone, however many jobs are open. What it sends is one row for each onboarding, step, stay
and number, so that however many workers look, each reminder is one. Just before it is handed over
it is asked again whether it is still wanted.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from onboarding import clock, config, jobs, tokens
from onboarding.actor import SYSTEM, Kind
from onboarding.contacts.models import Contact
from onboarding.contacts.reach import Reach, reach
from onboarding.contractors.models import Contractor
from onboarding.database import Everyone, end_reads, read, transaction
from onboarding.invites import letters
from onboarding.invites.actions import LIFE, new_link
from onboarding.invites.models import Invite, Reminder, ReminderPlan
from onboarding.invites.queries import LinkState, Parties, latest_invite, parties, state_of
from onboarding.invites.quiet import night_of, quiet_until
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.journey.models import Event, Onboarding
from onboarding.journey.status import Answer, Status, Step, next_step
from onboarding.journey.status import Invite as InviteFact
from onboarding.notifications import actions as notifications
from onboarding.notifications import outcomes
from onboarding.notifications.models import Channel, Delivery, DeliveryState, Failure, Purpose
from onboarding.notifications.outcomes import Later, Report
from onboarding.notifications.queries import why_closed

TASK = "reminders"
MOST_OF_ONE_STEP = 3
_A_DAY = timedelta(hours=24)
_AT_ONCE = 200
# Nobody is reminded of something that was left lying this long.
_TOO_LATE = timedelta(days=14)
# The last reminder of a link comes this long before it ends, at the latest.
_BEFORE_THE_END = timedelta(hours=8)
_SWEEP = Everyone("reminders of every contractor fall due by the same clock")
_STEPS = {
    Step.ACCOUNT: "account",
    Step.PROFILE: "estimate",
    Step.ESTIMATE: "estimate",
    Step.CONSENT: "contract",
    Step.SIGN: "contract",
    Step.CARD: "card",
}
_BY_PEOPLE = (Kind.CUSTOMER.value, Kind.MEMBER.value)


@jobs.task(TASK, every_seconds=300)
def send_due() -> int:
    """Looks at each onboarding that is due for a look; says how many reminders were queued."""
    found = (
        read(_SWEEP)
        .execute(
            select(Onboarding.id, Onboarding.contractor_id)
            .where(Onboarding.remind_at <= clock.now())
            .order_by(Onboarding.remind_at)
            .limit(_AT_ONCE)
        )
        .all()
    )
    end_reads()
    sent = sum(remind(*each) for each in found)
    if len(found) == _AT_ONCE:
        # The other tasks have their turn between two handfuls.
        jobs.wake(TASK)
    return sent


def remind(onboarding_id: str, contractor_id: str) -> bool:
    """Queues the reminder that is due now, once; False where none is. Either way it is written down
    when to look again."""
    with transaction(contractor_id) as db:
        onboarding = journey.lock(db, onboarding_id)
        now = clock.now()
        if onboarding.remind_at is None or onboarding.remind_at > now:
            # Another worker has just looked.
            return False
        step, due = _next(db, onboarding)
        onboarding.remind_at = due
        if step is None or due is None or due > now:
            return False
        to = reach(db, onboarding.contact_id)
        onboarding.remind_at = _hindered_until(db, onboarding, to)
        if to is None or onboarding.remind_at is not None:
            return False
        _send(db, onboarding, step, to)
        onboarding.remind_at = _next(db, onboarding)[1]
        return True


def look_again(db: Session, contractor_id: str) -> None:
    """The contractor's plan changed: every open job is looked at anew."""
    is_open = Onboarding.status.not_in(
        (Status.PENDING_INVITE.value, Status.ONBOARDING_COMPLETE.value)
    )
    db.execute(
        update(Onboarding)
        .where(Onboarding.contractor_id == contractor_id, is_open)
        .values(remind_at=clock.now())
    )


def still_wanted(db: Session, delivery: Delivery) -> Report | Later | None:
    """Asked at the last moment: they went on meanwhile, wrote, were answered or revoked; the plan
    was switched off; or it is night where they are."""
    reminder = db.get(Reminder, delivery.reference or "")
    onboarding = db.get(Onboarding, reminder.onboarding_id) if reminder else None
    if reminder is None or onboarding is None:
        return _withdrawn()
    is_same = waiting_step(onboarding) == reminder.step
    if not is_same or last_act(db, onboarding) > reminder.at or not plan_of(db, onboarding).is_on:
        return _withdrawn()
    morning = _quiet_until(db, onboarding)
    if reminder.channel == Channel.SMS and morning is not None:
        return Later(morning, "It waits for the morning where the customer is.")
    return None


def waiting_step(onboarding: Onboarding) -> str | None:
    """The step where the customer stands, if it is their turn; None where it is not."""
    facts = onboarding.facts
    is_ours = facts.has_question or facts.has_change_request or facts.answer is Answer.REJECTED
    return None if is_ours or facts.latest_version == 0 else _STEPS.get(next_step(facts))


def last_act(db: Session, onboarding: Onboarding) -> datetime:
    """When somebody, on either side, last did anything about it."""
    acts = select(Event.at).where(
        Event.onboarding_id == onboarding.id, Event.actor_kind.in_(_BY_PEOPLE)
    )
    return db.scalars(acts.order_by(Event.seq.desc()).limit(1)).first() or onboarding.created_at


def plan_of(db: Session, onboarding: Onboarding) -> ReminderPlan:
    return plan_for(db, onboarding.contractor_id)


def plan_for(db: Session, contractor_id: str) -> ReminderPlan:
    """The contractor's own, or the one that holds until they set another."""
    found = select(ReminderPlan).where(ReminderPlan.contractor_id == contractor_id)
    return db.scalars(found).first() or ReminderPlan(
        contractor_id=contractor_id, is_on=True, first_hours=24, second_hours=72, third_hours=168
    )


def _next(db: Session, onboarding: Onboarding) -> tuple[str | None, datetime | None]:
    """The step that the next reminder is of, and when it falls due; None where none will."""
    step = waiting_step(onboarding)
    plan = plan_of(db, onboarding)
    contact = db.get_one(Contact, onboarding.contact_id)
    if step is None or not plan.is_on or contact.archived_at is not None:
        return None, None
    number = len(_sent(db, onboarding, step))
    if number >= MOST_OF_ONE_STEP:
        return None, None
    due = _due_at(db, onboarding, plan, number)
    newest = db.scalars(
        select(Reminder.at)
        .where(Reminder.onboarding_id == onboarding.id)
        .order_by(Reminder.at.desc())
        .limit(1)
    ).first()
    due = max(due, newest + _A_DAY) if newest is not None else due
    return (step, due) if clock.now() < due + _TOO_LATE else (None, None)


def _due_at(db: Session, onboarding: Onboarding, plan: ReminderPlan, number: int) -> datetime:
    """By the plan; a link's last day is not let pass without one."""
    begun = last_act(db, onboarding)
    planned = begun + timedelta(hours=plan.hours[number])
    ends = onboarding.invite_expires_at
    if onboarding.has_account or ends is None or ends < clock.now():
        return planned
    return min(planned, max(ends - _BEFORE_THE_END, begun)) if number else planned


def _hindered_until(db: Session, onboarding: Onboarding, to: Reach | None) -> datetime | None:
    """When to look again where nothing can go out now: nobody is reached, or it is night there."""
    if to is None or why_closed(
        db, onboarding.contractor_id, to.channel, to.address, for_reminder=True
    ):
        return clock.now() + _A_DAY
    return _quiet_until(db, onboarding) if to.channel == "sms" else None


def _quiet_until(db: Session, onboarding: Onboarding) -> datetime | None:
    """By the contractor's hours, on the clock where the job is."""
    night = night_of(db.get_one(Contractor, onboarding.contractor_id))
    return quiet_until(onboarding.site_time_zone, night)


def _send(db: Session, onboarding: Onboarding, step: str, to: Reach) -> None:
    reminder = Reminder(
        contractor_id=onboarding.contractor_id,
        onboarding_id=onboarding.id,
        step=step,
        cause=_cause(db, onboarding, step),
        number=len(_sent(db, onboarding, step)) + 1,
        channel=to.channel,
        address=to.address,
        unsubscribe_hash=tokens.hash_secret(secret := tokens.new_secret()),
    )
    db.add(reminder)
    db.flush()
    ends = _queue(db, onboarding, reminder, secret)
    is_new = ends is not None and ends != onboarding.invite_expires_at
    facts = {"invite": InviteFact.SENT.value, "invite_expires_at": ends} if is_new else {}
    said = {"channel": to.channel, "address": to.address, "number": reminder.number}
    journey.record(db, onboarding, EventKind.REMINDER_SENT, SYSTEM, said, **facts)


def _sent(db: Session, onboarding: Onboarding, step: str) -> Sequence[Reminder]:
    return db.scalars(
        select(Reminder).where(
            Reminder.onboarding_id == onboarding.id,
            Reminder.step == step,
            Reminder.cause == _cause(db, onboarding, step),
        )
    ).all()


def _cause(db: Session, onboarding: Onboarding, step: str) -> str:
    """What this stay at the step began with: an invite that a member sent, or a version."""
    if step != "account":
        return f"version {onboarding.latest_version}"
    sent = select(Event.seq).where(
        Event.onboarding_id == onboarding.id,
        Event.kind.in_((EventKind.INVITE_SENT.value, EventKind.INVITE_RESENT.value)),
        Event.actor_kind == Kind.MEMBER.value,
    )
    return f"event {db.scalars(sent.order_by(Event.seq.desc()).limit(1)).first() or 0}"


def _queue(db: Session, onboarding: Onboarding, reminder: Reminder, secret: str) -> datetime | None:
    """When the link in it ends; None where it leads to sign-in."""
    last = latest_invite(db, onboarding.id)
    who = parties(db, onboarding, last.member_id if last else onboarding.member_id)
    url, expires_at = letters.sign_in_address(who), None
    if not onboarding.has_account and last is not None:
        url, expires_at = _live_link(db, who, last, reminder)
    unsubscribe = f"{config.current().base_url}/reminders/{secret}"
    outgoing = letters.reminder(who, reminder, url, expires_at, unsubscribe)
    reminder.delivery_id = notifications.queue(db, outgoing).id
    return expires_at


def _live_link(db: Session, who: Parties, last: Invite, reminder: Reminder) -> tuple[str, datetime]:
    """One more link of the invite that lives, and nothing dies; where its 72 hours are over, of an
    invite that is made for it."""
    if state_of(last, who.onboarding) is not LinkState.LIVE:
        last.replaced_at = clock.now()
        last = Invite(
            contractor_id=last.contractor_id,
            contact_id=last.contact_id,
            onboarding_id=last.onboarding_id,
            member_id=last.member_id,
            created_at=(now := clock.now()),
            expires_at=now + LIFE,
        )
        db.add(last)
        db.flush()
    _link, secret = new_link(db, last, Channel(reminder.channel), reminder.address)
    return letters.address_of_link(secret), last.expires_at


def _withdrawn() -> Report:
    answer = "They went on, or nothing is waited for any more."
    return Report(DeliveryState.FAILED, answer, failure=Failure.WITHDRAWN)


outcomes.before_handing_over(Purpose.REMINDER, still_wanted)
