"""An estimate as its contract shows and freezes it: create_app hands this to the contracts room."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.contracts.pricing import PricedEstimate, PricedLine
from onboarding.estimates.models import Estimate
from onboarding.estimates.pricing import totals


def priced_estimate(
    db: Session, estimate_id: str, chosen_keys: Collection[str] | None
) -> PricedEstimate | None:
    """The version with the optional lines `chosen_keys`; None: as it starts out."""
    estimate = db.scalars(select(Estimate).where(Estimate.id == estimate_id)).one_or_none()
    if estimate is None:
        return None
    sums = totals(estimate, chosen_keys)
    counted = {line.key for line in sums.lines if line.is_counted}
    return PricedEstimate(
        id=estimate.id,
        onboarding_id=estimate.onboarding_id,
        version=estimate.version,
        scope=estimate.scope,
        lines=tuple(
            PricedLine(
                key=line.key,
                name=line.name,
                description=line.description,
                quantity=line.quantity,
                unit=line.unit,
                unit_price_cents=line.unit_price_cents,
                total_cents=sums.of_line(line.key),
                is_optional=line.is_optional,
                is_chosen=line.key in counted,
            )
            for line in estimate.lines
        ),
        currency=estimate.currency,
        subtotal_cents=sums.subtotal,
        discount_cents=sums.discount,
        tax_cents=sums.tax,
        total_cents=sums.total,
        sent_at=estimate.sent_at,
    )
