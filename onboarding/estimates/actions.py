"""The contractor's side: draft, save, revise, send. A sent version never changes."""

from dataclasses import asdict

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onboarding import clock, tokens
from onboarding.actor import Actor
from onboarding.contacts.models import Contact
from onboarding.contractors import revisions
from onboarding.contractors.models import Contractor
from onboarding.contracts import actions as contracts
from onboarding.database import transaction
from onboarding.estimates import photos, pricing
from onboarding.estimates.completeness import Missing, missing
from onboarding.estimates.drafts import (
    DraftLine,
    EstimateDraft,
    Job,
    drafted,
    with_one_start,
    write,
)
from onboarding.estimates.models import Estimate
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act
from onboarding.journey.status import Answer


class EstimateMissing(Exception):
    """No estimate with this id for this contractor."""


class ContactMissing(Exception):
    """No contact with this id for this contractor."""


class AlreadySent(Exception):
    """The version was sent: it is revised, never edited."""


class Conflict(Exception):
    """The draft was saved in the meantime, by somebody else or in another tab; `saved` is what
    stands now, at `revision`. `by` and `at` tell of that save."""

    def __init__(self, standing: Estimate) -> None:
        self.saved = drafted(standing)
        self.revision = standing.draft_revision
        self.by = standing.saved_by
        self.at = standing.saved_at
        super().__init__(f"The draft is at revision {self.revision}")


class Incomplete(Exception):
    """The estimate cannot be sent yet; `missing` says what it lacks."""

    def __init__(self, lacking: tuple[Missing, ...]) -> None:
        self.missing = lacking
        super().__init__(", ".join(lacking))


def draft_estimate(contact_id: str, title: str, by: Actor) -> Estimate:
    """The first draft of a new job for the contact, with its onboarding.

    While the contact has an open job, that job's newest version is the answer and nothing is made.
    Raises ContactMissing.
    """
    with transaction(by.contractor_id) as db:
        contact = db.scalars(
            select(Contact).where(Contact.id == contact_id).with_for_update()
        ).one_or_none()
        if contact is None or contact.merged_into_id is not None:
            raise ContactMissing(contact_id)
        earlier = journey.lock_all_of_contact(db, contact_id)
        unfinished = next((job for job in earlier if not job.facts.is_complete), None)
        if unfinished is not None:
            return newest(db, unfinished.id)
        onboarding = _begin(db, contact, title, earlier, by)
        estimate = Estimate(
            contractor_id=contact.contractor_id,
            onboarding_id=onboarding.id,
            version=1,
            currency=onboarding.currency,
        )
        write(estimate, EstimateDraft(lines=(DraftLine(tokens.new_id()),)))
        db.add(estimate)
        db.flush()
        return estimate


def save_draft(estimate_id: str, draft: EstimateDraft, seen_revision: int, by: Actor) -> Estimate:
    """Keeps the whole draft as typed. Saving what is saved already changes nothing.

    `seen_revision` is the `draft_revision` that the person began from. Raises Conflict,
    AlreadySent, EstimateMissing, journey.Refused.
    """
    with transaction(by.contractor_id) as db:
        onboarding, estimate = lock_estimate(db, estimate_id)
        journey.require(Act.DRAFT, onboarding, by)
        if estimate.sent_at is not None:
            raise AlreadySent(estimate_id)
        before = drafted(estimate)
        settled = with_one_start(draft, before)
        if before == settled:
            return estimate
        if estimate.draft_revision != seen_revision:
            raise Conflict(estimate)
        return keep(db, onboarding, estimate, settled, by)


def keep(
    db: Session, onboarding: Onboarding, estimate: Estimate, draft: EstimateDraft, by: Actor
) -> Estimate:
    """Writes what the draft says, in the caller's transaction, both rows locked."""
    write(estimate, draft)
    estimate.draft_revision += 1
    estimate.saved_by = by.name
    estimate.saved_at = clock.now()
    _show_draft_amount(db, onboarding, estimate)
    return estimate


def name_job(onboarding_id: str, job: Job, by: Actor) -> Onboarding:
    """Corrects what the job is called and where it is, until its first version is sent: from then
    on the customer has read it. Raises AlreadySent, journey.Refused."""
    with transaction(by.contractor_id) as db:
        onboarding = journey.lock(db, onboarding_id)
        journey.require(Act.DRAFT, onboarding, by)
        if onboarding.latest_version:
            raise AlreadySent(onboarding_id)
        for name, value in asdict(job).items():
            setattr(onboarding, name, value)
        onboarding.revision = revisions.move_on(db, onboarding.contractor_id)
        return onboarding


def revise(onboarding_id: str, by: Actor) -> Estimate:
    """The next version as a draft, a copy of the last one with the same line keys, and its
    contract's. Where a draft is under way already, that one. Raises journey.Refused."""
    with transaction(by.contractor_id) as db:
        onboarding = journey.lock(db, onboarding_id)
        journey.require(Act.DRAFT, onboarding, by)
        last = newest(db, onboarding_id)
        if last.sent_at is None:
            return last
        following = Estimate(
            contractor_id=last.contractor_id,
            onboarding_id=onboarding_id,
            version=last.version + 1,
            currency=last.currency,
        )
        write(following, drafted(last))
        db.add(following)
        db.flush()
        photos.copy_photos(db, last, following, {line.key for line in last.lines})
        contracts.copy_draft(db, last.id, following.id)
        return following


def send_version(db: Session, onboarding: Onboarding, by: Actor) -> Estimate:
    """Fixes the draft as sent: from now on it never changes. For the invites room, in its
    transaction, with the onboarding locked.

    An approval that was not yet signed ends; what was signed stays in force until this version is
    approved. Raises Incomplete, journey.Refused.
    """
    journey.require(Act.SEND, onboarding, by)
    estimate = draft_of(db, onboarding.id)
    if estimate is None:
        raise Incomplete((Missing.DRAFT,))
    lacking = missing(estimate, clock.today(onboarding.site_time_zone))
    if lacking:
        raise Incomplete(lacking)
    estimate.sent_at = clock.now()
    estimate.sent_by = by.id
    total = pricing.totals(estimate).total
    in_force = onboarding.signed_version
    journey.record(
        db,
        onboarding,
        EventKind.ESTIMATE_SENT,
        by,
        {"version": estimate.version, "total_cents": total, "currency": estimate.currency},
        latest_version=estimate.version,
        answer=Answer.NONE.value,
        approved_version=in_force,
        consented_version=in_force,
        has_change_request=False,
        amount_cents=onboarding.amount_cents if in_force else total,
    )
    return estimate


def lock_estimate(db: Session, estimate_id: str) -> tuple[Onboarding, Estimate]:
    """The version and its onboarding, locked in the order in which everyone does. Raises
    EstimateMissing."""
    onboarding_id = db.scalar(select(Estimate.onboarding_id).where(Estimate.id == estimate_id))
    if onboarding_id is None:
        raise EstimateMissing(estimate_id)
    onboarding = journey.lock(db, onboarding_id)
    return onboarding, db.scalars(select(Estimate).where(Estimate.id == estimate_id)).one()


def newest(db: Session, onboarding_id: str) -> Estimate:
    """The job's last version, sent or not. Raises EstimateMissing."""
    found = db.scalars(_newest_first(onboarding_id)).first()
    if found is None:
        raise EstimateMissing(onboarding_id)
    return found


def draft_of(db: Session, onboarding_id: str) -> Estimate | None:
    """The version that is being drafted, if there is one."""
    return db.scalars(_newest_first(onboarding_id).where(Estimate.sent_at.is_(None))).first()


def _newest_first(onboarding_id: str) -> Select[Estimate]:
    return (
        select(Estimate)
        .where(Estimate.onboarding_id == onboarding_id)
        .order_by(Estimate.version.desc())
        .limit(1)
    )


def _begin(
    db: Session, contact: Contact, title: str, earlier: list[Onboarding], by: Actor
) -> Onboarding:
    """A later job of the same contact finds the account and the cards that are there already."""
    contractor = db.get_one(Contractor, contact.contractor_id)
    before = earlier[-1] if earlier else Onboarding(has_account=False, has_profile=False)
    return journey.begin(
        db,
        Onboarding(
            contractor_id=contact.contractor_id,
            contact_id=contact.id,
            title=title,
            site_line1=contact.address_line1,
            site_line2=contact.address_line2,
            site_city=contact.city,
            site_state=contact.state,
            site_postal_code=contact.postal_code,
            site_time_zone=contractor.time_zone,
            currency=contractor.currency,
            member_id=by.id,
            has_account=before.has_account,
            has_profile=before.has_profile,
            has_card=bool(before.has_card),
        ),
        by,
    )


def _show_draft_amount(db: Session, onboarding: Onboarding, estimate: Estimate) -> None:
    """Before anything was sent, the pipeline shows what the draft comes to."""
    total = pricing.totals(estimate).total
    if onboarding.latest_version == 0 and onboarding.amount_cents != total:
        onboarding.amount_cents = total
        onboarding.revision = revisions.move_on(db, onboarding.contractor_id)
