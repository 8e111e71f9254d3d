"""The sandbox's hosted Checkout: a page for the card, one for the bank's question, one for the end.

They stand for a foreign site, so their posts carry no CSRF token and their stylesheet is their own.
"""

from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response as AnyResponse

from onboarding.sandbox.stripe_checkout import (
    Outcome,
    Step,
    Visitor,
    finish_authentication,
    save_card,
    where_it_stands,
)
from onboarding.sandbox.stripe_desk import Desk
from onboarding.sandbox.stripe_errors import StripeRefusal
from onboarding.sandbox.stripe_form import Entry, button_cards, read_entry
from onboarding.sandbox.stripe_sandbox import CardSandbox
from onboarding.sandbox.stripe_store import Body, Shelf
from onboarding.sandbox.stripe_testcards import CARDS
from onboarding.web import access

_EMPTY = Entry(None, {}, "", "")
_SHEETS = Path(__file__).parents[2] / "static" / "css"


def add_pages(blueprint: Blueprint, sandbox: CardSandbox) -> None:
    _add_card_page(blueprint, sandbox)
    _add_bank_page(blueprint, sandbox)

    @blueprint.get("/sandbox/checkout.css")
    @access.sandbox
    def sheet() -> Response:
        """The product's base sheets and the sandbox's own, in one."""
        parts = [*sorted((_SHEETS / "base").glob("*.css")), _SHEETS / "sandbox.css"]
        return Response("\n".join(part.read_text("utf-8") for part in parts), mimetype="text/css")

    @blueprint.errorhandler(StripeRefusal)
    def unknown(refusal: StripeRefusal) -> AnyResponse:
        return _page("checkout_closed.html", None, refusal.status)


def _add_card_page(blueprint: Blueprint, sandbox: CardSandbox) -> None:
    @blueprint.get("/sandbox/checkout/<session_id>")
    @access.sandbox
    def checkout(session_id: str) -> AnyResponse:
        """Shows where the page stands, so that a lost tab can be opened again."""
        with sandbox.store.transaction() as shelf:
            outcome = where_it_stands(_desk(sandbox, shelf, session_id), session_id)
        if outcome.step in (Step.DECLINED, Step.AUTHENTICATE):
            # Whoever left the bank's question open starts over with a card, as at Stripe.
            return _card_page(outcome.session, _EMPTY, waits=outcome.step is Step.AUTHENTICATE)
        return _after(outcome, _EMPTY)

    @blueprint.post("/sandbox/checkout/<session_id>")
    @access.sandbox_api
    def save(session_id: str) -> AnyResponse:
        entry = read_entry(request.form)
        with sandbox.store.transaction() as shelf:
            desk = _desk(sandbox, shelf, session_id, request.host_url.rstrip("/"))
            if entry.typed is None:
                outcome = where_it_stands(desk, session_id)
            else:
                outcome = save_card(desk, session_id, entry.typed, _visitor())
        sandbox.webhooks.wake()
        return _after(outcome, entry)


def _add_bank_page(blueprint: Blueprint, sandbox: CardSandbox) -> None:
    @blueprint.get("/sandbox/checkout/<session_id>/authentication")
    @access.sandbox
    def authentication(session_id: str) -> AnyResponse:
        with sandbox.store.transaction() as shelf:
            outcome = where_it_stands(_desk(sandbox, shelf, session_id), session_id)
        if outcome.step is Step.AUTHENTICATE:
            return _page("checkout_authentication.html", outcome.session)
        return _after(outcome, _EMPTY)

    @blueprint.post("/sandbox/checkout/<session_id>/authentication")
    @access.sandbox_api
    def answer(session_id: str) -> AnyResponse:
        is_authentic = request.form.get("answer") == "complete"
        with sandbox.store.transaction() as shelf:
            desk = _desk(sandbox, shelf, session_id)
            outcome = finish_authentication(desk, session_id, is_authentic, _visitor())
        sandbox.webhooks.wake()
        return _after(outcome, _EMPTY)


def _desk(sandbox: CardSandbox, shelf: Shelf, session_id: str, public_url: str = "") -> Desk:
    """Before the shelf of the account that the page belongs to."""
    return sandbox.desk(shelf.on(shelf.account_of(session_id)), public_url=public_url)


def _after(outcome: Outcome, entry: Entry) -> AnyResponse:
    """Where an outcome leads: away, to the bank, or back to the form."""
    session = outcome.session
    if outcome.step is Step.SAVED:
        success = session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
        return redirect(success, 303)
    if outcome.step is Step.AUTHENTICATE:
        return redirect(url_for("card_sandbox.authentication", session_id=session["id"]), 303)
    if outcome.step is Step.CLOSED:
        return _page("checkout_closed.html", session, 410)
    return _card_page(session, entry, outcome.decline.message if outcome.decline else "", 422)


def _card_page(
    session: Body, entry: Entry, message: str = "", status: int = 200, *, waits: bool = False
) -> Response:
    saved, declined = button_cards(CARDS)
    more: dict[str, object] = {"entry": entry, "message": message, "waits": waits}
    more |= {"saved": saved, "declined": declined}
    return _page("checkout.html", session, status, **more)


def _page(template: str, session: Body | None, status: int = 200, **more: object) -> Response:
    lang = str(get_locale() or "en").replace("_", "-")
    page = render_template(f"sandbox/{template}", session=session, lang=lang, **more)
    return Response(page, status, content_type="text/html; charset=utf-8")


def _visitor() -> Visitor:
    return Visitor(request.remote_addr or "", request.user_agent.string[:200])
