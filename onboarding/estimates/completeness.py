"""What an estimate still lacks before it can be sent. Pure."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from onboarding import money
from onboarding.estimates import comparison, pricing


class Missing(StrEnum):
    """Each completes the sentence *Before it can be sent, the estimate needs …*."""

    DRAFT = "a new version with something to send"
    LINES = "at least one line item"
    NAMES = "a name on every line item"
    QUANTITIES = "a quantity on every line item"
    SMALLER_TOTAL = "a total below one billion"


class Version(pricing.Priced, Protocol):
    @property
    def lines(self) -> Sequence[comparison.Line]: ...


def missing(estimate: Version) -> tuple[Missing, ...]:
    """In the order in which a person would put it right; empty when it can be sent."""
    every_option = {line.key for line in estimate.lines}
    checks = (
        (len(estimate.lines) > 0, Missing.LINES),
        (all(line.name for line in estimate.lines), Missing.NAMES),
        (all(line.quantity for line in estimate.lines), Missing.QUANTITIES),
        (is_storable(pricing.totals(estimate, every_option)), Missing.SMALLER_TOTAL),
    )
    return tuple(lack for holds, lack in checks if not holds)


def is_storable(totals: pricing.Totals) -> bool:
    """Whether the most that this can come to is an amount that the product keeps and shows."""
    return max(totals.total, totals.subtotal) <= money.MOST_CENTS
