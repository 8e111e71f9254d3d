"""The sandbox's hosted page on which a contractor opens an account of its own."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from flask_babel import get_locale
from werkzeug.wrappers import Response as AnyResponse

from onboarding import clock
from onboarding.sandbox import stripe_accounts
from onboarding.sandbox.stripe_desk import Desk
from onboarding.sandbox.stripe_sandbox import CardSandbox
from onboarding.web import access


def add_pages(blueprint: Blueprint, sandbox: CardSandbox) -> None:
    @blueprint.get("/sandbox/connect/<link_id>")
    @access.sandbox
    def connect(link_id: str) -> AnyResponse:
        """A link that is over leads to the address that makes another."""
        with sandbox.store.transaction() as shelf:
            kept, is_good = _link(sandbox.desk(shelf), link_id)
        if kept is None:
            return _page(None, 404)
        return _page(kept) if is_good else redirect(kept["refresh_url"], 303)

    @blueprint.post("/sandbox/connect/<link_id>")
    @access.sandbox_api
    def open_account(link_id: str) -> AnyResponse:
        with sandbox.store.transaction() as shelf:
            desk = sandbox.desk(shelf)
            kept, is_good = _link(desk, link_id)
            if kept is not None and is_good:
                _act(desk, kept, request.form.get("answer", ""))
        sandbox.webhooks.wake()
        if kept is None:
            return _page(None, 404)
        return redirect(kept["return_url"] if is_good else kept["refresh_url"], 303)


def _link(desk: Desk, link_id: str) -> tuple[dict[str, Any] | None, bool]:
    kept = desk.shelf.find("kept_link", link_id)
    is_good = kept is not None and not kept["is_used"] and kept["expires_at"] > clock.unix()
    return kept, is_good


def _act(desk: Desk, kept: dict[str, Any], answer: str) -> None:
    kept["is_used"] = True
    desk.shelf.keep(kept)
    account = desk.fetch("account", kept["account"])
    if answer == "complete":
        stripe_accounts.finish(desk, account)
    elif answer == "restrict":
        stripe_accounts.restrict(desk, account)


def _page(kept: dict[str, Any] | None, status: int = 200) -> Response:
    lang = str(get_locale() or "en").replace("_", "-")
    page = render_template("sandbox/connect.html", link=kept, lang=lang)
    return Response(page, status, content_type="text/html; charset=utf-8")
