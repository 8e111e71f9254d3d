"""One request at the sandbox: what it may see and write, and the events that it leaves behind."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from onboarding import clock
from onboarding.sandbox import stripe_objects
from onboarding.sandbox.stripe_errors import missing, refused, unsupported
from onboarding.sandbox.stripe_params import Params
from onboarding.sandbox.stripe_store import Body, Shelf

_WORDS = {
    "payment_method": "PaymentMethod",
    "setup_intent": "setupintent",
    "checkout.session": "checkout.session",
}


@dataclass(frozen=True)
class Desk:
    """`public_url` is where people reach the hosted pages; `request` is what events say of it."""

    shelf: Shelf
    public_url: str
    fingerprint_key: str = field(repr=False)
    sends_events: bool
    request: Body = field(default_factory=lambda: {"id": None, "idempotency_key": None})

    def on(self, account: str) -> "Desk":
        """The same desk before another account's shelf."""
        return replace(self, shelf=self.shelf.on(account))

    def fetch(self, kind: str, identifier: str, param: str = "id") -> Body:
        """Raises StripeRefusal when there is none."""
        found = self.shelf.find(kind, identifier)
        if found is None:
            raise missing(_WORDS.get(kind, kind), identifier, param)
        return found

    def live_customer(self, identifier: str, param: str) -> Body:
        """A customer that was not deleted."""
        found = self.fetch("customer", identifier, param)
        if found.get("deleted"):
            raise missing("customer", identifier, param)
        return found

    def emit(self, kind: str, subject: Body, previous: Body | None = None) -> None:
        """Keeps the event, and queues its webhook in the same transaction."""
        event = stripe_objects.event(kind, subject, previous, self.request)
        event["pending_webhooks"] = int(self.sends_events)
        if self.shelf.account:
            event["account"] = self.shelf.account
        self.shelf.keep(event)
        if self.sends_events:
            self.shelf.queue_delivery(event["id"], clock.now().timestamp())

    def page(self, bodies: list[Body], params: Params, url: str) -> Body:
        """One page of a list, the newest first, as Stripe cuts it."""
        limit = params.get("limit", 10)
        if not 1 <= limit <= 100:
            raise refused("Limit must be between 1 and 100.", param="limit")
        after, before = params.get("starting_after"), params.get("ending_before")
        places = {body["id"]: place for place, body in enumerate(bodies)}
        for cursor in filter(None, (after, before)):
            if cursor not in places:
                raise missing("object", cursor, "starting_after" if after else "ending_before")
        if before:
            reach = bodies[: places[before]]
            cut, more = reach[-limit:], len(reach) > limit
        else:
            reach = bodies[places[after] + 1 :] if after else bodies
            cut, more = reach[:limit], len(reach) > limit
        return {"object": "list", "data": cut, "has_more": more, "url": url}


def only(params: Params, honoured: Iterable[str]) -> None:
    """Refuses what Stripe would do and the sandbox would not, instead of ignoring it."""
    for name in params:
        if name not in (*honoured, "expand"):
            raise unsupported(name)


def merged_metadata(present: Body, change: Body | str) -> Body:
    """Stripe's rule: an empty value unsets its key, an empty whole unsets them all."""
    if isinstance(change, str):
        return {}
    return {key: value for key, value in (present | change).items() if value != ""}
