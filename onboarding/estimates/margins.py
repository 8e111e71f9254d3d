"""What a job leaves to the contractor. Pure; for members only, never in a customer's answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from onboarding import money
from onboarding.estimates import pricing


class Line(pricing.Line, Protocol):
    @property
    def unit_cost_cents(self) -> int | None: ...


class Costed(pricing.Priced, Protocol):
    @property
    def lines(self) -> Sequence[Line]: ...


@dataclass(frozen=True)
class Margin:
    """Price after the discount and before tax, against cost, in cents. `unknown` counts the lines
    of the price whose cost nobody said: they are taken to cost nothing."""

    price: int
    cost: int
    unknown: int = 0

    @property
    def cents(self) -> int:
        return self.price - self.cost

    @property
    def rate(self) -> int | None:
        """Of the price, in thousandths of a percent, to a tenth; None where there is no price."""
        if self.price <= 0:
            return None
        return money.divide(self.cents * 1_000, self.price) * 100


def margin_of(estimate: Costed, totals: pricing.Totals) -> Margin | None:
    """Of what `totals` counts; None where no cost is known."""
    counted = [
        line for line, sums in zip(estimate.lines, totals.lines, strict=True) if sums.is_counted
    ]
    if all(line.unit_cost_cents is None for line in counted):
        return None
    return Margin(
        totals.subtotal - totals.discount,
        sum(_cost(line) for line in counted),
        sum(line.unit_cost_cents is None for line in counted),
    )


def margins_of_lines(estimate: Costed) -> dict[str, Margin]:
    """By the line's key, of those whose cost is known; before any discount."""
    return {
        line.key: Margin(money.line_cents(line.quantity, line.unit_price_cents), _cost(line))
        for line in estimate.lines
        if line.unit_cost_cents is not None
    }


def _cost(line: Line) -> int:
    return money.line_cents(line.quantity, line.unit_cost_cents or 0)
