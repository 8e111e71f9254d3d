"""The room's views for members; each group of screens has a file of its own, all on one
blueprint."""

from onboarding.estimates import (
    builder_contractor_views,
    copy_contractor_views,
    photos_contractor_views,
    price_book_contractor_views,
    version_contractor_views,
)
from onboarding.estimates.blueprints import blueprint

# Named so that importing them counts as use: their routes are registered on import.
SCREENS = (
    version_contractor_views,
    builder_contractor_views,
    copy_contractor_views,
    photos_contractor_views,
    price_book_contractor_views,
)
__all__ = ["SCREENS", "blueprint"]
