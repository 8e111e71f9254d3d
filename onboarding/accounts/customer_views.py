"""The room's views; each group of screens has a file of its own, all on one blueprint."""

from onboarding.accounts import (
    code_customer_views,
    in_person_customer_views,
    profile_customer_views,
    sign_in_customer_views,
    start_customer_views,
)
from onboarding.accounts.blueprints import blueprint

# Named so that importing them counts as use: their routes are registered on import.
SCREENS = (
    start_customer_views,
    code_customer_views,
    in_person_customer_views,
    sign_in_customer_views,
    profile_customer_views,
)
__all__ = ["SCREENS", "blueprint"]
