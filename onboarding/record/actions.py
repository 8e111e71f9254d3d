"""What a member does on the record that belongs to no other room."""

from onboarding.actor import Actor, Kind
from onboarding.contractors import revisions
from onboarding.database import transaction
from onboarding.notifications import actions as notifications


def mark_notifications_read(by: Actor) -> None:
    """All of the contractor's notifications; every open board's bell hears of it. A support agent
    who looks leaves them unread."""
    if by.kind is not Kind.MEMBER:
        return
    with transaction(by.contractor_id) as db:
        notifications.mark_all_read(db)
        revisions.move_on(db, by.contractor_id)
