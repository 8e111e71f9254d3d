"""The sandbox's connected accounts (Connect): one for each contractor, opened on a hosted page.

They stand on the platform's shelf; what is kept for them stands on shelves of their own.
Source: https://docs.stripe.com/connect/hosted-onboarding
"""

from onboarding import clock, tokens
from onboarding.sandbox import stripe_objects
from onboarding.sandbox.stripe_desk import Desk, only
from onboarding.sandbox.stripe_errors import refused, unsupported
from onboarding.sandbox.stripe_params import Params
from onboarding.sandbox.stripe_store import Body

_HONOURED = ("controller", "country", "email", "business_profile", "metadata", "capabilities")
_LINK_SECONDS = 300
_DUE = ["business_profile.url", "external_account", "representative.first_name", "tos_acceptance"]


def create(desk: Desk, params: Params) -> Body:
    only(params, _HONOURED)
    body = stripe_objects.account(params.get("country", "US"), _DUE)
    body["email"] = params.get("email") or None
    body["metadata"] = params.get("metadata") or {}
    body["business_profile"].update(params.get("business_profile", {}))
    desk.shelf.keep(body)
    return body


def retrieve(desk: Desk, params: Params, identifier: str) -> Body:
    return desk.shelf.on("").find("account", identifier) or desk.fetch("account", identifier)


def create_link(desk: Desk, params: Params) -> Body:
    """An address that opens the account's page once, within five minutes."""
    only(params, ("account", "type", "return_url", "refresh_url"))
    if params["type"] != "account_onboarding":
        raise unsupported("type")
    for name in ("return_url", "refresh_url"):
        if not params.get(name):
            raise refused(f"Missing required param: {name}.", code="parameter_missing", param=name)
    account = desk.fetch("account", params["account"], "account")
    secret = tokens.new_secret()
    kept = {
        "id": f"link_{secret}",
        "object": "kept_link",
        "account": account["id"],
        "return_url": params["return_url"],
        "refresh_url": params["refresh_url"],
        "expires_at": clock.unix() + _LINK_SECONDS,
        "is_used": False,
    }
    desk.shelf.keep(kept)
    return {
        "object": "account_link",
        "created": clock.unix(),
        "expires_at": kept["expires_at"],
        "url": f"{desk.public_url}/sandbox/connect/{kept['id']}",
    }


def finish(desk: Desk, account: Body) -> None:
    """Everything is told and Stripe is content: cards may be taken."""
    _change(
        desk, account, "active", [], charges_enabled=True, payouts_enabled=True,
        details_submitted=True,
    )  # fmt: skip


def restrict(desk: Desk, account: Body) -> None:
    """Stripe wants to know more before cards may be taken (again)."""
    _change(desk, account, "inactive", ["individual.verification.document"], charges_enabled=False)


def withdraw(desk: Desk, account: Body) -> None:
    """The contractor takes the platform's access back in Stripe's dashboard."""
    gone = {"id": desk.request["id"] or account["id"], "object": "application"}
    desk.on(account["id"]).emit("account.application.deauthorized", gone)
    desk.shelf.drop(account["id"])


def _change(desk: Desk, account: Body, capability: str, due: list[str], **changes: object) -> None:
    account["capabilities"]["card_payments"] = capability
    account["requirements"].update(
        currently_due=due,
        past_due=due,
        disabled_reason="requirements.past_due" if due else None,
    )
    account.update(changes)
    desk.shelf.keep(account)
    desk.on(account["id"]).emit("account.updated", account)
