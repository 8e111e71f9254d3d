"""What a contract takes from its estimate: lines and sums, with the options that were chosen.

The estimates room leans on this one, so the figures come through a door: `use_pricing` is called
once, when the application is put together.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session


class EstimateMissing(Exception):
    """No estimate with this id for this contractor."""


@dataclass(frozen=True)
class PricedLine:
    """Quantity in thousandths, money in cents. An option not chosen costs nothing."""

    key: str
    name: str
    description: str
    quantity: int
    unit: str
    unit_price_cents: int
    total_cents: int
    is_optional: bool
    is_chosen: bool


@dataclass(frozen=True)
class PricedEstimate:
    """One version with its sums. `discount_cents` is positive and taken off the subtotal."""

    id: str
    onboarding_id: str
    version: int
    scope: str
    lines: tuple[PricedLine, ...]
    currency: str
    subtotal_cents: int
    discount_cents: int
    tax_cents: int
    total_cents: int
    sent_at: datetime | None


Pricing = Callable[[Session, str, Collection[str] | None], PricedEstimate | None]
_pricing: Pricing | None = None


def use_pricing(pricing: Pricing) -> None:
    """`pricing(db, estimate_id, chosen_keys)`: None for the options as the estimate starts."""
    global _pricing
    _pricing = pricing


def priced(
    db: Session, estimate_id: str, chosen_keys: Collection[str] | None = None
) -> PricedEstimate:
    """The estimate with its sums. Raises EstimateMissing."""
    if _pricing is None:
        raise RuntimeError("Contracts know no estimates yet: call pricing.use_pricing(…) first.")
    found = _pricing(db, estimate_id, chosen_keys)
    if found is None:
        raise EstimateMissing(estimate_id)
    return found
