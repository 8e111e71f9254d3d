"""Every table there is, on one metadata: for migrations and for the tests that compare them."""

from importlib import import_module

from onboarding.database import Base

for _room in (
    "web",
    "notifications",
    "contractors",
    "contacts",
    "journey",
    "invites",
    "accounts",
    "estimates",
    "messages",
    "contracts",
    "payments",
    "support",
):
    import_module(f"onboarding.{_room}.models")
import_module("onboarding.notifications.models_addresses")

metadata = Base.metadata
