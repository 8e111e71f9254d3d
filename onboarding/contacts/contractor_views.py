"""The room's views; each group of screens has a file of its own, all on one blueprint."""

from onboarding.contacts import (
    import_contractor_views,
    list_contractor_views,
    one_contractor_views,
)
from onboarding.contacts.blueprints import blueprint

# Named so that importing them counts as use: their routes are registered on import.
SCREENS = (list_contractor_views, import_contractor_views, one_contractor_views)
__all__ = ["SCREENS", "blueprint"]
