"""A draft takes over what stands in another estimate of the same contractor."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from onboarding.actor import Actor
from onboarding.contacts.models import Contact
from onboarding.database import transaction
from onboarding.estimates import actions, photos
from onboarding.estimates.actions import AlreadySent, EstimateMissing, lock_estimate
from onboarding.estimates.drafts import MOST_LINES, DraftLine, EstimateDraft, drafted
from onboarding.estimates.models import Estimate
from onboarding.journey import actions as journey
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act


class TooMany(Exception):
    """Both together have more lines than an estimate holds."""


@dataclass(frozen=True)
class Source:
    """The newest version of another job."""

    estimate_id: str
    title: str
    contact_name: str
    status: str
    amount_cents: int
    currency: str


def sources(db: Session, onboarding_id: str, sought: str, most: int = 30) -> Sequence[Source]:
    """Other jobs, the newest first: those with `sought` in their title or their contact's name."""
    newest = (
        select(Estimate.onboarding_id, func.max(Estimate.version).label("version"))
        .group_by(Estimate.onboarding_id)
        .subquery()
    )
    statement = (
        select(
            Estimate.id,
            Onboarding.title,
            Contact.name,
            Onboarding.status,
            Onboarding.amount_cents,
            Onboarding.currency,
        )
        .join(Onboarding, Onboarding.id == Estimate.onboarding_id)
        .join(Contact, Contact.id == Onboarding.contact_id)
        .join(
            newest,
            (newest.c.onboarding_id == Estimate.onboarding_id)
            & (newest.c.version == Estimate.version),
        )
        .where(Onboarding.id != onboarding_id)
        .order_by(Onboarding.id.desc())
        .limit(most)
    )
    for word in sought.lower().split():
        statement = statement.where(
            or_(
                func.lower(Onboarding.title).contains(word, autoescape=True),
                func.lower(Contact.name).contains(word, autoescape=True),
            )
        )
    return [Source(*row) for row in db.execute(statement)]


def copy_into(estimate_id: str, source_id: str, by: Actor) -> Estimate:
    """Puts the source's lines under those of the draft; scope, discount and tax where the draft has
    none. The keys come along, so that a second press finds them there and changes nothing.

    Raises EstimateMissing, AlreadySent, TooMany, journey.Refused.
    """
    with transaction(by.contractor_id) as db:
        onboarding, estimate = lock_estimate(db, estimate_id)
        journey.require(Act.DRAFT, onboarding, by)
        if estimate.sent_at is not None:
            raise AlreadySent(estimate_id)
        source = db.scalars(select(Estimate).where(Estimate.id == source_id)).one_or_none()
        if source is None:
            raise EstimateMissing(source_id)
        both = joined(drafted(estimate), drafted(source))
        if len(both.lines) > MOST_LINES:
            raise TooMany(estimate_id)
        known = {line.key for line in estimate.lines}
        if both != drafted(estimate):
            actions.keep(db, onboarding, estimate, both, by)
            db.flush()
            photos.copy_photos(db, source, estimate, {line.key for line in both.lines} - known)
        return estimate


def joined(mine: EstimateDraft, theirs: EstimateDraft) -> EstimateDraft:
    """`mine` with what it lacks of `theirs`."""
    lines = [line for line in mine.lines if not _is_blank(line)]
    if not lines:
        mine = replace(
            mine,
            shows_quantities=theirs.shows_quantities,
            shows_unit_prices=theirs.shows_unit_prices,
        )
    known = {line.key for line in lines}
    headings = {key for key, _name in mine.sections}
    sections = (*mine.sections, *(one for one in theirs.sections if one[0] not in headings))
    order = ["", *(key for key, _name in sections)]
    lines += [line for line in theirs.lines if line.key not in known]
    has_discount = bool(mine.discount_value)
    return replace(
        mine,
        scope=mine.scope or theirs.scope,
        sections=sections,
        lines=tuple(sorted(lines, key=lambda line: order.index(line.section_key))),
        discount_kind=mine.discount_kind if has_discount else theirs.discount_kind,
        discount_value=mine.discount_value or theirs.discount_value,
        tax_rate=mine.tax_rate or theirs.tax_rate,
    )


def _is_blank(line: DraftLine) -> bool:
    return not (line.name or line.description or line.unit_price_cents)
