"""The sandbox's setup attempts: one for each card that somebody tried on a hosted page."""

from onboarding.sandbox import stripe_objects
from onboarding.sandbox.stripe_desk import Desk, only
from onboarding.sandbox.stripe_params import Params
from onboarding.sandbox.stripe_store import Body


def begin(desk: Desk, intent: Body, method: Body) -> None:
    """A try with one card; the setup intent names its latest."""
    attempt = stripe_objects.setup_attempt(intent, method["id"])
    desk.shelf.keep(attempt)
    intent["latest_attempt"] = attempt["id"]


def end(desk: Desk, intent: Body, status: str, error: Body | None = None) -> None:
    """How the latest try went: `succeeded`, `failed`, `requires_action` or `abandoned`."""
    attempt = desk.shelf.find("setup_attempt", intent["latest_attempt"] or "")
    if attempt is not None:
        attempt.update(status=status, setup_error=error)
        desk.shelf.keep(attempt)


def list_all(desk: Desk, params: Params) -> Body:
    only(params, ("setup_intent", "limit", "starting_after", "ending_before"))
    wanted = desk.fetch("setup_intent", params["setup_intent"], "setup_intent")["id"]
    everything = desk.shelf.newest_first("setup_attempt", None)
    found = [attempt for attempt in everything if attempt["setup_intent"] == wanted]
    return desk.page(found, params, "/v1/setup_attempts")
