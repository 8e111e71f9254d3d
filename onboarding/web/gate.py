"""The onboarding that the gate found for this request's customer."""

from typing import Any

from flask import g


def let_through(onboarding: Any) -> None:
    g.onboarding = onboarding


def gated() -> Any:
    """The Onboarding of the signed-in customer's request, behind `access.customer_at`."""
    return g.onboarding
