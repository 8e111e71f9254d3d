"""The one writer of an onboarding's facts, status and events."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.actor import Actor, Kind
from onboarding.contractors import revisions
from onboarding.journey.events import EventKind, hash_of
from onboarding.journey.models import Event, Onboarding
from onboarding.journey.permissions import Act, Refusal, permitted
from onboarding.journey.status import Standing, Status, status_of, stuck_from

# The first of each is kept beside the facts: what insights count from.
_MILESTONES = {
    EventKind.INVITE_SENT: "sent_at",
    EventKind.ACCOUNT_CREATED: "account_at",
    EventKind.ESTIMATE_OPENED: "opened_at",
    EventKind.ESTIMATE_APPROVED: "approved_at",
    EventKind.CONTRACT_SIGNED: "signed_at",
    EventKind.COMPLETED: "first_completed_at",
}

# Whose acts begin the wait for the next one anew.
_PEOPLE = (Kind.CUSTOMER, Kind.MEMBER)


class Refused(Exception):
    """The journey does not permit the act; `refusal` is the reason in words."""

    def __init__(self, act: Act, refusal: Refusal) -> None:
        self.act = act
        self.refusal = refusal
        super().__init__(refusal.value)


class OnboardingMissing(Exception):
    """No onboarding with this id for this contractor."""


def lock(db: Session, onboarding_id: str) -> Onboarding:
    """The onboarding's row, held until the transaction ends. Raises OnboardingMissing."""
    found = db.scalars(
        select(Onboarding).where(Onboarding.id == onboarding_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise OnboardingMissing(onboarding_id)
    return found


def lock_all_of_contact(db: Session, contact_id: str) -> list[Onboarding]:
    """Every onboarding of the contact, oldest first, held until the transaction ends."""
    statement = select(Onboarding).where(Onboarding.contact_id == contact_id)
    return list(db.scalars(statement.order_by(Onboarding.id).with_for_update()))


def require(
    act: Act,
    onboarding: Onboarding,
    by: Actor,
    *,
    version: int | None = None,
    has_lapsed: bool = False,
) -> None:
    """Raises Refused unless the journey permits `by` to do `act` now."""
    refusal = permitted(act, onboarding.facts, by, version=version, has_lapsed=has_lapsed)
    if refusal is not None:
        raise Refused(act, refusal)


def begin(db: Session, onboarding: Onboarding, by: Actor) -> Onboarding:
    """Adds a new onboarding with its first event."""
    onboarding.status = Status.PENDING_INVITE.value
    db.add(onboarding)
    db.flush()
    record(db, onboarding, EventKind.ONBOARDING_CREATED, by, {"title": onboarding.title})
    return onboarding


def record(
    db: Session,
    onboarding: Onboarding,
    kind: EventKind,
    by: Actor,
    data: dict[str, Any] | None = None,
    **facts: Any,
) -> Event:
    """Appends the event, writes the changed `facts` (names of Facts, and of the columns beside
    them), derives and stores the status, moves the pipeline on. The row must be locked.

    Completion is derived here too: signed, with a card on file, is recorded once a version.
    """
    for name, value in facts.items():
        if not hasattr(onboarding, name):
            raise AttributeError(f"Onboarding has no fact {name!r}")
        setattr(onboarding, name, value)
    event = _append(db, onboarding, kind, by, data or {})
    if _just_completed(onboarding):
        onboarding.completed_version = onboarding.approved_version
        onboarding.completed_at = clock.now()
        _append(db, onboarding, EventKind.COMPLETED, by, {"version": onboarding.approved_version})
    _derive(onboarding)
    onboarding.revision = revisions.move_on(db, onboarding.contractor_id)
    return event


def show_again(db: Session, onboarding_id: str) -> None:
    """Something that a record shows beside the facts has changed: open ones are drawn anew."""
    onboarding = lock(db, onboarding_id)
    onboarding.revision = revisions.move_on(db, onboarding.contractor_id)


def _append(
    db: Session, onboarding: Onboarding, kind: EventKind, by: Actor, data: dict[str, Any]
) -> Event:
    event = Event(
        contractor_id=onboarding.contractor_id,
        onboarding_id=onboarding.id,
        seq=onboarding.event_count + 1,
        at=clock.now(),
        kind=kind.value,
        actor_kind=by.kind.value,
        actor_id=by.id,
        actor_name=by.name,
        visited_as=by.visited_as.value if by.visited_as else None,
        ip=by.ip,
        user_agent=by.user_agent[:400],
        data=data,
        previous_hash=onboarding.event_head,
    )
    event.hash = hash_of(event)
    db.add(event)
    onboarding.event_count = event.seq
    onboarding.event_head = event.hash
    if by.kind in _PEOPLE:
        onboarding.remind_at = event.at
    _note_first(onboarding, kind, event)
    return event


def _note_first(onboarding: Onboarding, kind: EventKind, event: Event) -> None:
    """Someone who looks through the customer's eyes takes no step for them."""
    name = _MILESTONES.get(kind)
    if name is not None and event.visited_as is None and getattr(onboarding, name) is None:
        setattr(onboarding, name, event.at)


def _just_completed(onboarding: Onboarding) -> bool:
    facts = onboarding.facts
    return facts.is_signed and facts.has_card and not facts.is_complete and not facts.is_cancelled


def _derive(onboarding: Onboarding) -> None:
    standing = status_of(onboarding.facts)
    if standing.status != onboarding.status:
        onboarding.status = standing.status.value
        onboarding.status_since = clock.now()
    onboarding.details = [detail.value for detail in standing.details]
    onboarding.action = standing.action.value if standing.action else None
    onboarding.stuck_from = _waits_from(onboarding, standing)


def _waits_from(onboarding: Onboarding, standing: Standing) -> datetime | None:
    """What waits already goes on waiting from when it began."""
    now, before = clock.now(), onboarding.stuck_from
    if standing.is_stuck and before is not None and before <= now:
        return before
    return stuck_from(standing, onboarding.invite_expires_at, now)
