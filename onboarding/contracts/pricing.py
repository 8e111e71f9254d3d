"""What a contract takes from its estimate: lines and sums, with the options that were chosen.

The estimates room leans on this one, so the figures come through a door: `use_pricing` is called
once, when the application is put together.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from onboarding.gateways.layout import laid_out


class EstimateMissing(Exception):
    """No estimate with this id for this contractor."""


@dataclass(frozen=True)
class PricedLine:
    """Quantity in thousandths, money in cents. An option not chosen costs nothing. `section` is the
    heading that it stands under, `group` what it was one of to pick from; empty where there is
    none."""

    key: str
    name: str
    description: str
    quantity: int
    unit: str
    unit_price_cents: int
    total_cents: int
    is_optional: bool
    is_chosen: bool
    section: str = ""
    group: str = ""


@dataclass(frozen=True)
class PricedEstimate:
    """One version with its sums. `discount_cents` is positive and taken off the subtotal.
    `shows_…` is what of a line its customer sees."""

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
    shows_quantities: bool = True
    shows_unit_prices: bool = True

    @property
    def sections(self) -> list[tuple[str, int, list[PricedLine]]]:
        """What is part of the price, by the heading that it stands under, with what each section
        comes to; the heading is empty above the first one."""
        counted = [line for line in self.lines if line.is_chosen]
        return [
            (each.mark, sum(line.total_cents for line in each.lines), list(each.lines))
            for each in laid_out(counted, lambda line: (line.section, line.group))
        ]


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
