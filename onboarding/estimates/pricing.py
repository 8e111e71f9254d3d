"""What an estimate comes to. Pure: whole cents in, whole cents out.

One rule, the same on the page, in the PDF and in the contract. Each line is rounded to the cent.
The discount is rounded once and never exceeds the subtotal. It is spread over all lines in
proportion to what they cost, so that the tax is taken on the taxable lines' exact share of what is
left, and is rounded once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from onboarding import money
from onboarding.estimates import choosing

WHOLE = 100_000
"""One hundred percent, in thousandths of a percent."""


class DiscountKind(StrEnum):
    AMOUNT = "amount"
    PERCENT = "percent"


class Line(Protocol):
    """What of a line counts for its price: quantity in thousandths, unit price in cents."""

    @property
    def key(self) -> str: ...
    @property
    def quantity(self) -> int: ...
    @property
    def unit_price_cents(self) -> int: ...
    @property
    def is_taxable(self) -> bool: ...
    @property
    def is_optional(self) -> bool: ...
    @property
    def starts_chosen(self) -> bool: ...
    @property
    def section_key(self) -> str: ...
    @property
    def group_name(self) -> str: ...


class Priced(Protocol):
    """A version of an estimate, stored or still being typed."""

    @property
    def lines(self) -> Sequence[Line]: ...
    @property
    def discount_kind(self) -> str: ...
    @property
    def discount_value(self) -> int: ...
    @property
    def tax_rate(self) -> int: ...


@dataclass(frozen=True)
class LineTotal:
    """`is_counted`: it is part of the price, because it must be or because it was chosen."""

    key: str
    cents: int
    is_counted: bool


@dataclass(frozen=True)
class Totals:
    """All in cents; `taxable` is what the tax is taken on, after the discount, to the cent."""

    lines: tuple[LineTotal, ...]
    subtotal: int
    discount: int
    taxable: int
    tax: int
    total: int

    def of_line(self, key: str) -> int:
        return next(line.cents for line in self.lines if line.key == key)


def totals(estimate: Priced, chosen: Collection[str] | None = None) -> Totals:
    """What `estimate` comes to with the optional lines `chosen` (keys); None: as it starts out."""
    wanted = choosing.starting_options(estimate) if chosen is None else chosen
    priced = tuple(
        LineTotal(
            line.key,
            money.line_cents(line.quantity, line.unit_price_cents),
            not choosing.is_choosable(line) or line.key in wanted,
        )
        for line in estimate.lines
    )
    subtotal = sum(line.cents for line in priced if line.is_counted)
    before_discount = sum(
        total.cents
        for line, total in zip(estimate.lines, priced, strict=True)
        if total.is_counted and line.is_taxable
    )
    discount = discount_cents(estimate.discount_kind, estimate.discount_value, subtotal)
    taxable, tax = _taxed(subtotal, discount, before_discount, estimate.tax_rate)
    return Totals(priced, subtotal, discount, taxable, tax, subtotal - discount + tax)


def discount_cents(kind: str, value: int, subtotal: int) -> int:
    """What is taken off `subtotal`: never more than all of it."""
    is_share = kind == DiscountKind.PERCENT
    return min(money.share_cents(subtotal, value) if is_share else value, subtotal)


def _taxed(subtotal: int, discount: int, before_discount: int, rate: int) -> tuple[int, int]:
    """The taxable lines' share of what is left after the discount, and the tax on it.

    The tax is taken on the share before that is rounded: rounding twice would lose a cent.
    """
    if subtotal == 0:
        return 0, 0
    share = before_discount * (subtotal - discount)
    return money.divide(share, subtotal), money.divide(share * rate, subtotal * WHOLE)
