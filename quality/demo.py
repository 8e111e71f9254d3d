"""The demo's people as a browser meets them: an address and a cookie for each screen."""

import re
from dataclasses import dataclass

import requests
from sqlalchemy import select

from bench.office import EVERYONE, Office, cookie
from onboarding import clock
from onboarding.accounts.entering import as_data, begin
from onboarding.accounts.queries import as_person, confirmed_channel
from onboarding.contacts.models import Contact
from onboarding.database import read
from onboarding.invites.actions_link import start
from onboarding.sandbox.mailbox import Mailbox
from onboarding.web import sessions

INVITED, OPENED = "Tuan Pham", "Desmond Clarke"
# Screens of people with an account: where they are told to go, and one of those it is for.
_SIGNED_IN = {
    "profile": ("/portal/profile", "Kwame Boateng"),
    "estimate": ("/portal/estimate", "Priya Raman"),
    "consent": ("/portal/contract", "Beatriz Oliveira"),
    "contract": ("/portal/contract", "Samuel Okafor"),
    "card": ("/portal/card", "Hiroshi Tanaka"),
    "done": ("/portal/done", "Amara Nwosu"),
    "portal": ("/portal", "Amara Nwosu"),
    "messages": ("/portal/messages", "Mei-Ling Zhou"),
    "payment-methods": ("/portal/payment-methods", "Amara Nwosu"),
}


@dataclass(frozen=True)
class Sight:
    """A screen of the demo: its address, and the cookie of the one who sees it, if any."""

    screen: str
    address: str
    cookie: str = ""


def customer_sights(office: Office) -> list[Sight]:
    """Each screen of a customer, in the order of the journey. The demo is being served."""
    base = office.settings.base_url
    started = cookie(office.app, "/portal", lambda: begin(start(_secret(office, OPENED), "", "")))
    return [
        Sight("landing", f"{base}/i/{_secret(office, INVITED)}"),
        Sight("account", f"{base}/portal/account", started),
        Sight("sign-in", f"{base}/portal/ridgeline-roofing/sign-in"),
        *(
            _led(Sight(screen, base + path, _confirmed_cookie(office, name)))
            for screen, (path, name) in _SIGNED_IN.items()
        ),
    ]


def pipeline(office: Office) -> Sight:
    return Sight("pipeline", f"{office.settings.base_url}/crm/pipeline", office.member_cookie)


def _led(sight: Sight) -> Sight:
    """The same at the address that it leads to: what is measured is the screen, not the way."""
    name, _, value = sight.cookie.partition("=")
    answer = requests.get(sight.address, cookies={name: value}, timeout=20)
    if answer.status_code != 200 or not answer.url.startswith(sight.address):
        raise LookupError(f"{sight.screen}: {answer.status_code} at {answer.url}")
    return Sight(sight.screen, answer.url, sight.cookie)


def _confirmed_cookie(office: Office, name: str) -> str:
    """Of somebody who has proved a channel just now: who signs later is asked for a code first."""
    account = office.customer(name)
    proof = as_data(confirmed_channel(account)) | {"confirmed_at": clock.now().isoformat()}
    return cookie(office.app, "/portal", lambda: sessions.sign_in(as_person(account), **proof))


def _secret(office: Office, name: str) -> str:
    """Of the newest invite in this contact's mail."""
    address = read(EVERYONE).scalars(select(Contact.email).where(Contact.name == name)).one()
    link = re.compile(rf"{office.settings.base_url}/i/([\w-]{{43}})")
    for arrival in Mailbox(office.settings).latest("email", most=1000):
        found = link.search(arrival.mail.get_body(("plain",)).get_content())
        if found and arrival.recipient == address:
            return found[1]
    raise LookupError(f"{name} has no invite in the mail")
