"""What the owner, and whoever is reminded, says about reminders."""

from sqlalchemy import select

from onboarding import tokens
from onboarding.actor import Actor
from onboarding.database import Everyone, read, transaction
from onboarding.invites.models import Reminder, ReminderPlan
from onboarding.invites.reminding import look_again, plan_for
from onboarding.notifications import addresses
from onboarding.notifications.models_addresses import Why

_ANYONE = Everyone("a link in a reminder is found by itself, before anybody is known")


def save_plan(is_on: bool, hours: tuple[int, int, int], by: Actor) -> None:
    """Saving what is saved changes nothing."""
    with transaction(by.contractor_id) as db:
        plan: ReminderPlan = plan_for(db, by.contractor_id)
        plan.is_on = is_on
        plan.first_hours, plan.second_hours, plan.third_hours = hours
        db.add(plan)
        db.flush()
        look_again(db, by.contractor_id)


def reminder_by(secret: str) -> Reminder | None:
    """The one that this link stood in."""
    hashed = tokens.hash_secret(secret)
    return (
        read(_ANYONE)
        .scalars(select(Reminder).where(Reminder.unsubscribe_hash == hashed))
        .one_or_none()
    )


def end_reminders(reminder: Reminder) -> None:
    """No more reminders go to its address; codes, answers and copies still do. Harmless when
    repeated."""
    with transaction(reminder.contractor_id) as db:
        addresses.close(
            db, reminder.contractor_id, reminder.channel, reminder.address, Why.NO_REMINDERS
        )
