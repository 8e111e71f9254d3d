"""The room's views; each group of screens has a file of its own, all on one blueprint."""

from onboarding.contractors import (
    join_contractor_views,
    reset_contractor_views,
    settings_contractor_views,
    sign_in_contractor_views,
    team_contractor_views,
    words_contractor_views,
)
from onboarding.contractors.blueprints import blueprint

# Named so that importing them counts as use: their routes are registered on import.
SCREENS = (
    sign_in_contractor_views,
    reset_contractor_views,
    settings_contractor_views,
    team_contractor_views,
    join_contractor_views,
    words_contractor_views,
)

__all__ = ["blueprint"]
