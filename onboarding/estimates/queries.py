"""Reads of versions, what they come to, and how they were answered."""

from collections.abc import Collection, Sequence

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import Session

from onboarding.actor import Actor
from onboarding.contacts.models import Contact
from onboarding.contracts.pricing import PricedEstimate, PricedLine
from onboarding.estimates import choosing, pricing
from onboarding.estimates.comparison import compare
from onboarding.estimates.models import Estimate, EstimateResponse, RejectionReason
from onboarding.estimates.sheet import NOTHING_GIVEN, Given, Sheet, is_late
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act, permitted
from onboarding.journey.status import Answer


def has_contact(db: Session, contact_id: str) -> bool:
    """Whether the contractor in scope has this contact, as a record of its own."""
    own = select(Contact.id).where(Contact.id == contact_id, Contact.merged_into_id.is_(None))
    return db.scalar(own) is not None


def estimate(db: Session, estimate_id: str) -> Estimate | None:
    return db.scalars(select(Estimate).where(Estimate.id == estimate_id)).one_or_none()


def versions(db: Session, onboarding_id: str) -> Sequence[Estimate]:
    """Every version of the job, the newest first."""
    statement = select(Estimate).where(Estimate.onboarding_id == onboarding_id)
    return db.scalars(statement.order_by(Estimate.version.desc())).all()


def reason(db: Session, estimate_id: str) -> str:
    """Why the version was rejected, in the customer's words; empty where they gave none."""
    return (
        db.scalar(
            select(RejectionReason.reason)
            .join(EstimateResponse, EstimateResponse.id == RejectionReason.response_id)
            .where(EstimateResponse.estimate_id == estimate_id)
            .order_by(RejectionReason.id.desc())
            .limit(1)
        )
        or ""
    )


def onboarding_of(db: Session, estimate_id: str) -> Onboarding | None:
    return db.scalars(
        select(Onboarding)
        .join(Estimate, Estimate.onboarding_id == Onboarding.id)
        .where(Estimate.id == estimate_id)
    ).one_or_none()


def sheet_for_customer(
    db: Session,
    onboarding: Onboarding,
    by: Actor,
    estimate_id: str | None = None,
    options: Collection[str] | None = None,
) -> Sheet | None:
    """A sent version of this onboarding, the latest where no id is given; in three statements.

    `options` are the keys that were switched on on the page; None where nothing was touched yet.
    """
    wanted = _version_of(estimate_id) if estimate_id else onboarding.latest_version
    found = db.scalars(
        select(Estimate)
        .where(
            Estimate.onboarding_id == onboarding.id,
            Estimate.sent_at.is_not(None),
            Estimate.version.between(wanted - 1, wanted),
        )
        .order_by(Estimate.version.desc())
    ).all()
    if not found or (estimate_id and found[0].id != estimate_id):
        return None
    given = _given(db, found[0])
    return _sheet(onboarding, found[0], found[1:], given, by, options)


def readable_sheet(
    db: Session,
    onboarding: Onboarding,
    by: Actor,
    estimate_id: str,
    options: Collection[str] | None,
) -> Sheet | None:
    """A sent version to keep. After a revocation only what was approved can still be read."""
    sheet = sheet_for_customer(db, onboarding, by, estimate_id, options)
    facts = onboarding.facts
    is_closed = facts.is_revoked and not facts.is_complete
    if sheet is None or (is_closed and sheet.state not in ("approved", "signed")):
        return None
    return sheet


def sheet_for_member(db: Session, onboarding: Onboarding, version: Estimate, by: Actor) -> Sheet:
    """A version, sent or not, as its customer sees it or would see it."""
    before = db.scalars(
        select(Estimate).where(
            Estimate.onboarding_id == onboarding.id, Estimate.version == version.version - 1
        )
    ).all()
    return _sheet(onboarding, version, before, _given(db, version), by, None)


def priced(
    db: Session, estimate_id: str, chosen_keys: Collection[str] | None = None
) -> PricedEstimate | None:
    """The figures that a contract takes from its estimate; None if there is no such estimate."""
    found = estimate(db, estimate_id)
    if found is None:
        return None
    totals = pricing.totals(found, chosen_keys)
    headings = dict(found.sections)
    return PricedEstimate(
        id=found.id,
        onboarding_id=found.onboarding_id,
        version=found.version,
        scope=found.scope,
        lines=tuple(
            PricedLine(
                section=headings.get(line.section_key, ""),
                group=line.group_name,
                key=line.key,
                name=line.name,
                description=line.description,
                quantity=line.quantity,
                unit=line.unit,
                unit_price_cents=line.unit_price_cents,
                total_cents=counted.cents,
                is_optional=line.is_optional,
                is_chosen=counted.is_counted,
            )
            for line, counted in zip(found.lines, totals.lines, strict=True)
        ),
        currency=found.currency,
        subtotal_cents=totals.subtotal,
        discount_cents=totals.discount,
        tax_cents=totals.tax,
        total_cents=totals.total,
        sent_at=found.sent_at,
        shows_quantities=found.shows_quantities,
        shows_unit_prices=found.shows_unit_prices,
    )


def _version_of(estimate_id: str) -> ScalarSelect[int]:
    return select(Estimate.version).where(Estimate.id == estimate_id).scalar_subquery()


def _given(db: Session, version: Estimate) -> Given:
    row = db.execute(
        select(EstimateResponse.chosen_keys, EstimateResponse.at, RejectionReason.id)
        .outerjoin(RejectionReason, RejectionReason.response_id == EstimateResponse.id)
        .where(EstimateResponse.estimate_id == version.id)
        .order_by(EstimateResponse.at.desc(), EstimateResponse.id.desc())
        .limit(1)
    ).one_or_none()
    return Given(tuple(row[0]), row[1], row[2] is not None) if row else NOTHING_GIVEN


def _sheet(
    onboarding: Onboarding,
    version: Estimate,
    before: Sequence[Estimate],
    given: Given,
    by: Actor,
    options: Collection[str] | None,
) -> Sheet:
    state = _state(onboarding, version)
    if state in ("approved", "signed"):
        chosen = choosing.options_of(version, given.chosen_keys)
    elif options is not None:
        chosen = choosing.settled(version, options)
    else:
        chosen = choosing.starting_options(version)
    changes = compare(before[0], version) if before else None
    return Sheet(
        onboarding,
        version,
        chosen,
        pricing.totals(version, chosen),
        changes if changes and not changes.is_same else None,
        state,
        given,
        _permitted(onboarding, version, by),
    )


def _permitted(onboarding: Onboarding, version: Estimate, by: Actor) -> frozenset[Act]:
    acts = (Act.APPROVE, Act.REJECT, Act.WITHDRAW, Act.ASK)
    facts = onboarding.facts
    lapsed = is_late(onboarding, version)
    return frozenset(
        act
        for act in acts
        if permitted(act, facts, by, version=version.version, has_lapsed=lapsed) is None
    )


def _state(onboarding: Onboarding, version: Estimate) -> str:
    """One word for how this version stands: which of the page's faces it is shown with."""
    facts = onboarding.facts
    if version.sent_at is None:
        state = "draft"
    elif version.version == facts.approved_version:
        state = "signed" if facts.is_signed else "approved"
    elif version.version < facts.latest_version:
        state = "superseded"
    elif facts.answer is Answer.REJECTED:
        state = "rejected"
    else:
        state = "open"
    return state
