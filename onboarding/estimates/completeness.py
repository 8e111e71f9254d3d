"""What an estimate still lacks before it can be sent. Pure."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol

from onboarding import money
from onboarding.estimates import choosing, comparison, pricing


class Missing(StrEnum):
    """Each completes the sentence *Before it can be sent, the estimate needs …*."""

    DRAFT = "a new version with something to send"
    LINES = "at least one line item"
    NAMES = "a name on every line item"
    QUANTITIES = "a quantity on every line item"
    SECTIONS = "a name on every section"
    GROUPS = "at least two lines in every group to pick one of"
    SMALLER_TOTAL = "a total below one billion"
    LATER_DATE = "a last day to approve that has not passed"


class Version(pricing.Priced, Protocol):
    @property
    def lines(self) -> Sequence[comparison.Line]: ...
    @property
    def sections(self) -> Sequence[Sequence[str]]: ...
    @property
    def valid_until(self) -> date | None: ...


def missing(estimate: Version, today: date) -> tuple[Missing, ...]:
    """In the order in which a person would put it right; empty when it can be sent. `today` is
    the day at the job site."""
    groups = choosing.groups(estimate.lines).values()
    every_option = {line.key for line in estimate.lines}
    checks = (
        (len(estimate.lines) > 0, Missing.LINES),
        (all(line.name for line in estimate.lines), Missing.NAMES),
        (all(line.quantity for line in estimate.lines), Missing.QUANTITIES),
        (all(name for _key, name in estimate.sections or ()), Missing.SECTIONS),
        (all(len(lines) > 1 for lines in groups), Missing.GROUPS),
        (is_storable(pricing.totals(estimate, every_option)), Missing.SMALLER_TOTAL),
        (not has_lapsed(estimate.valid_until, today), Missing.LATER_DATE),
    )
    return tuple(lack for holds, lack in checks if not holds)


def has_lapsed(valid_until: date | None, today: date) -> bool:
    """The last day on which it could be approved is over."""
    return valid_until is not None and valid_until < today


def is_storable(totals: pricing.Totals) -> bool:
    """Whether the most that this can come to is an amount that the product keeps and shows."""
    return max(totals.total, totals.subtotal) <= money.MOST_CENTS
