"""What was on the customer's screen when they approved, held against what is so now."""

from collections.abc import Collection
from enum import StrEnum

from onboarding.estimates import choosing, pricing
from onboarding.estimates.models import Estimate


class Reason(StrEnum):
    """Why an approval no longer fits, in words that are shown to the customer."""

    VERSION = "A new version arrived while you were reading. Nothing was approved."
    OPTIONS = "The options on this estimate changed. Nothing was approved."
    GROUPS = "Pick exactly one in each group. Nothing was approved."
    TOTAL = "The total is not what was on your screen. Nothing was approved."


class Stale(Exception):
    """What was on the customer's screen is no longer so, and nothing was approved."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason.value)


def require_as_on_screen(
    estimate: Estimate, chosen_keys: Collection[str], total_cents: int
) -> None:
    """Raises Stale unless exactly this can be chosen, and comes to exactly this."""
    chosen = choosing.options_of(estimate, chosen_keys)
    if len(chosen) != len(set(chosen_keys)):
        raise Stale(Reason.OPTIONS)
    if not choosing.is_settled(estimate, chosen):
        raise Stale(Reason.GROUPS)
    if pricing.totals(estimate, chosen).total != total_cents:
        raise Stale(Reason.TOTAL)
