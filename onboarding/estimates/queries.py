"""Reads of versions, what they come to, and how they were answered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import Session

from onboarding.contracts.pricing import PricedEstimate, PricedLine
from onboarding.estimates import pricing
from onboarding.estimates.comparison import Comparison, compare
from onboarding.estimates.models import Estimate, EstimateResponse, RejectionReason
from onboarding.journey.models import Onboarding
from onboarding.journey.status import Answer


@dataclass(frozen=True)
class Sheet:
    """A version as it is read: its sums with the options `chosen`, what changed since the version
    before it, and the answer that stands."""

    onboarding: Onboarding
    estimate: Estimate
    chosen: tuple[str, ...]
    totals: pricing.Totals
    changes: Comparison | None
    state: str
    has_reason: bool

    @property
    def is_superseded(self) -> bool:
        return self.state == "superseded"


@dataclass(frozen=True)
class Given:
    """The response that counts, and whether a rejection was explained."""

    kind: str
    chosen_keys: tuple[str, ...]
    has_reason: bool


NOTHING_GIVEN = Given(Answer.NONE.value, (), False)


def estimate(db: Session, estimate_id: str) -> Estimate | None:
    return db.scalars(select(Estimate).where(Estimate.id == estimate_id)).one_or_none()


def versions(db: Session, onboarding_id: str) -> Sequence[Estimate]:
    """Every version of the job, the newest first."""
    statement = select(Estimate).where(Estimate.onboarding_id == onboarding_id)
    return db.scalars(statement.order_by(Estimate.version.desc())).all()


def sheet_for_customer(
    db: Session,
    onboarding: Onboarding,
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
    return _sheet(onboarding, found[0], found[1:], given, options)


def sheet_for_member(db: Session, onboarding: Onboarding, version: Estimate) -> Sheet:
    """A version, sent or not, as its customer sees it or would see it."""
    before = db.scalars(
        select(Estimate).where(
            Estimate.onboarding_id == onboarding.id, Estimate.version == version.version - 1
        )
    ).all()
    return _sheet(onboarding, version, before, _given(db, version), None)


def priced(
    db: Session, estimate_id: str, chosen_keys: Collection[str] | None = None
) -> PricedEstimate | None:
    """The figures that a contract takes from its estimate; None if there is no such estimate."""
    found = estimate(db, estimate_id)
    if found is None:
        return None
    totals = pricing.totals(found, chosen_keys)
    return PricedEstimate(
        id=found.id,
        onboarding_id=found.onboarding_id,
        version=found.version,
        scope=found.scope,
        lines=tuple(
            PricedLine(
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
    )


def _version_of(estimate_id: str) -> ScalarSelect[int]:
    return select(Estimate.version).where(Estimate.id == estimate_id).scalar_subquery()


def _given(db: Session, version: Estimate) -> Given:
    row = db.execute(
        select(EstimateResponse.kind, EstimateResponse.chosen_keys, RejectionReason.id)
        .outerjoin(RejectionReason, RejectionReason.response_id == EstimateResponse.id)
        .where(EstimateResponse.estimate_id == version.id)
        .order_by(EstimateResponse.at.desc(), EstimateResponse.id.desc())
        .limit(1)
    ).one_or_none()
    return Given(row[0], tuple(row[1]), row[2] is not None) if row else NOTHING_GIVEN


def _sheet(
    onboarding: Onboarding,
    version: Estimate,
    before: Sequence[Estimate],
    given: Given,
    options: Collection[str] | None,
) -> Sheet:
    state = _state(onboarding, version)
    if state in ("approved", "signed"):
        chosen = pricing.options_of(version, given.chosen_keys)
    elif options is not None:
        chosen = pricing.options_of(version, options)
    else:
        chosen = pricing.starting_options(version)
    return Sheet(
        onboarding,
        version,
        chosen,
        pricing.totals(version, chosen),
        compare(before[0], version) if before else None,
        state,
        given.has_reason,
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
