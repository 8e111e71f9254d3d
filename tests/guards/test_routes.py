"""Every route says who may open it, once; one that does not say cannot be served."""

from collections import Counter

import pytest
from flask import Flask

from onboarding import create_app, database, jobs
from onboarding.config import Settings
from onboarding.web import access
from tests.guards.visitors import doors

# Open without signing in -> why. Everything else asks who is there before its view is called.
OPEN = {
    "accounts.ask_code": "signing in begins with an address",
    "accounts.ask_in_person_code": "the invite's link is what opens it",
    "accounts.confirm_link": "a mailed link may be opened on a device where nobody is signed in",
    "accounts.enter_password": "signing in",
    "accounts.find_sign_in": "leads to the contractor's own sign-in page",
    "accounts.in_person": "the invite's link is what opens it",
    "accounts.link": "a mailed link may be opened on a device where nobody is signed in",
    "accounts.sign_in": "signing in",
    "accounts.start": "the invite's link is what opens it",
    "brand.color": "a sample in a colour that is being tried",
    "brand.icon": "a phone asks for it without cookies",
    "brand.logo": "a contractor's logo, in mails and before sign-in",
    "brand.manifest": "a phone asks for it without cookies",
    "brand.sheet": "a contractor's colour, on pages before sign-in",
    "contractors.accept": "the mailed link is what opens it",
    "contractors.ask_link": "a lost password is asked for before signing in",
    "contractors.ask_sign_up": "a company that is not here yet signs up",
    "contractors.begin_company": "the mailed link is what opens it",
    "contractors.choose_password": "the mailed link is what opens it",
    "contractors.confirm_sign_up": "the mailed link is what opens it",
    "contractors.enter": "signing in",
    "contractors.forgotten": "a lost password is asked for before signing in",
    "contractors.join": "the mailed link is what opens it",
    "contractors.new_password": "the mailed link is what opens it",
    "contractors.sign_in": "signing in",
    "contractors.sign_up": "a company that is not here yet signs up",
    "front.healthz": "a load balancer asks it; it says nothing",
    "front.home": "leads on to the CRM",
    "invites.ask": "the invite's dead link is what opens it",
    "invites.show": "the invite's link is what opens it",
    "portal.choose_language": "a page is read before anybody signs in",
    "portal.offline": "the same for everybody; a phone keeps it",
    "reminders.ending": "a secret in the address; whoever is reminded may have no account",
    "support.enter": "signing in",
    "support.sign_in": "signing in",
    "verify.check": "whoever has a document may ask about it; it says nothing of whose it is",
    "verify.document": "whoever has a document may ask whether it was changed",
}
# Guarded inside the view -> by what.
GUARDED_WITHIN = {
    "poll": "one read finds the session and the news together",
    "starter": "the session that *Get started* began, before there is an account",
    "visitor": "the session of the visit that it ends",
    "webhook": "the sender's signature over the whole request",
    "sandbox": "nobody: the demo's stand-ins, which production does not have",
}
# Posts that carry no token of ours -> what protects them instead.
WITHOUT_TOKEN = {
    "card_sandbox.answer": "stands for a foreign site; not in production",
    "card_sandbox.api": "the API key; not in production",
    "card_sandbox.open_account": "stands for a foreign site; not in production",
    "card_sandbox.save": "stands for a foreign site; not in production",
    "mail_webhook.bounce": "our own signature",
    "mail_webhook.events": "our own signature",
    "mail_webhook.postmark": "a password that Postmark is given",
    "mail_webhook.ses": "Amazon's signature",
    "notifications_webhook.twilio_inbound": "Twilio's signature",
    "notifications_webhook.twilio_status": "Twilio's signature",
    "reminders.end": "a secret in the address; mail programs post it (RFC 8058)",
    "stripe_webhook.stripe": "Stripe's signature",
}


def open_routes(app: Flask) -> set[str]:
    return {door.endpoint for door in doors(app) if door.marker == "public"}


def test_what_is_open_to_everybody_is_so_for_a_reason(town):
    assert not open_routes(town.app) - OPEN.keys(), "why is it open to everybody?"
    assert not OPEN.keys() - open_routes(town.app), "not open any more: take it out"


def test_every_other_marker_names_who_is_let_in(town):
    markers = {access.of(town.app, door.endpoint) for door in doors(town.app)}
    kinds = {marker.name for marker in markers if marker.needs is None} - {"public"}
    assert kinds == GUARDED_WITHIN.keys()


def test_what_takes_no_token_is_protected_otherwise(town):
    known = {door.endpoint for door in doors(town.app)}
    exempt = {endpoint for endpoint in known if access.of(town.app, endpoint).is_csrf_exempt}
    assert exempt == WITHOUT_TOKEN.keys()


def test_every_address_stands_on_the_side_of_whom_it_is_for(town):
    sides = {"member": "/crm", "owner": "/crm", "customer": "/portal", "agent": "/support"}
    astray = [
        f"{door.name} {door.rule}"
        for door in doors(town.app)
        if not door.rule.startswith(sides.get(door.marker.partition(" ")[0], "/"))
    ]
    assert not astray, "its cookie would not be looked at there"


def test_no_two_routes_share_an_address(town):
    counted = Counter((door.method, door.rule) for door in doors(town.app))
    assert [which for which, count in counted.items() if count > 1] == []


def test_nothing_of_the_sandboxes_is_in_production(town):
    sandboxes = {door.rule for door in doors(town.app) if door.marker == "sandbox"}
    assert all(rule.startswith(("/sandbox", "/design")) for rule in sandboxes)


def test_production_serves_none_of_them(tmp_path):
    app = create_app(
        Settings(
            mode="production",
            base_url="https://portal.example.com",
            data_dir=tmp_path,
            database_url=f"sqlite:///{tmp_path / 'onboarding.db'}",
            secret_keys=("a key for production that is long enough",),
            smtp_url="smtp://mail.example.com:587",
            mail_from="portal@example.com",
            postal_address="1 Test Street, Portland, OR 97201",
            twilio_account_sid="AC1",
            twilio_auth_token="token",
            twilio_from="+15035550100",
            stripe_secret_key="sk_live_1",
            stripe_webhook_secrets=("whsec_1",),
        )
    )
    jobs.close()
    database.engine().dispose()
    assert [door.name for door in doors(app) if door.marker == "sandbox"] == []


def test_a_route_without_a_marker_stops_the_start():
    app = Flask(__name__)
    app.add_url_rule("/leak", "leak", lambda: "everything")
    with pytest.raises(access.Unmarked, match="leak carries no access marker"):
        guarded(app)


def test_a_route_with_two_markers_cannot_be_written():
    with pytest.raises(TypeError, match="two access markers"):
        access.public(access.member(lambda: "whose?"))


def test_a_route_with_one_marker_starts():
    app = Flask(__name__)
    app.add_url_rule("/page", "page", access.public(lambda: "page"))
    guarded(app)


def test_a_route_that_is_open_without_a_reason_is_seen(town):
    assert open_routes(town.app) - (OPEN.keys() - {"front.home"}) == {"front.home"}


def guarded(app: Flask) -> None:
    access.guard(
        app,
        gate=lambda step: None,
        sign_in_page=lambda kind: "/sign-in",
        on_refused_visit=lambda: None,
    )
