"""What a right code or a confirmed link opens, by what it was asked for."""

from typing import Any

from flask import Response, session, url_for

from onboarding.accounts.actions import AccountExists, ask_challenge, create_with_challenge
from onboarding.accounts.actions_profile import (
    ask_change,
    ask_confirmation,
    change_address,
    confirm_again,
)
from onboarding.accounts.actions_sign_in import (
    Known,
    ask_device_code,
    ask_sign_in,
    enter_with_challenge,
    enter_with_device_code,
    note_signed_in,
)
from onboarding.accounts.challenges import Proof, Purpose, Verdict
from onboarding.accounts.entering import as_data, asking_device, let_in, starter, visitor
from onboarding.accounts.in_person import (
    DoorClosed,
    ask_in_person,
    create_in_person,
    invite_of,
)
from onboarding.accounts.models import Challenge
from onboarding.actor import Actor, Kind
from onboarding.contractors.models import Contractor
from onboarding.database import read
from onboarding.invites.queries import found_by_invite
from onboarding.notifications.models import Channel
from onboarding.web import people, sessions
from onboarding.web.answers import place_kept, redirect_to


def finish(challenge: Challenge, proof: Proof) -> Response | Verdict:
    """Uses the challenge for what it was asked for. A verdict says why nothing was opened."""
    return _FINISHES[Purpose(challenge.purpose)](challenge, proof)


def ask_again(challenge: Challenge) -> str:
    """Sends another one for the same purpose to the same address. Raises TooOften."""
    browser, device = sessions.browser_hash(), asking_device()
    purpose, channel, address = challenge.purpose, challenge.channel, challenge.address
    who = starter()
    if purpose == Purpose.ACCOUNT:
        return ask_challenge(who, channel, address, browser, device) if who else challenge.id
    elif purpose == Purpose.SIGN_IN:
        return ask_sign_in(visitor(_contractor(challenge), address), channel, address)
    elif purpose == Purpose.DEVICE and challenge.account_id:
        return ask_device_code(visitor(_contractor(challenge)), challenge.account_id)
    elif purpose == Purpose.IN_PERSON:
        return _ask_in_person_again(challenge, browser, device)
    elif not people.is_signed_in():
        return challenge.id
    elif purpose == Purpose.CONFIRM:
        return ask_confirmation(people.person().id, people.actor(), browser, device)
    return ask_change(people.person().id, channel, address, people.actor(), browser, device)


def way_back(challenge: Challenge) -> str:
    """Where another way can be chosen."""
    if challenge.purpose == Purpose.ACCOUNT:
        return url_for("accounts.account")
    elif challenge.purpose == Purpose.IN_PERSON:
        invite, slug = invite_of(challenge), _contractor(challenge).slug
        return url_for("accounts.in_person", slug=slug, invite_id=invite.id if invite else "-")
    elif challenge.purpose in (Purpose.SIGN_IN, Purpose.DEVICE):
        return url_for("accounts.sign_in", slug=_contractor(challenge).slug)
    elif challenge.purpose == Purpose.CONFIRM and session.get("next"):
        return str(session["next"])
    else:
        return url_for("accounts.profile")


def _create(challenge: Challenge, proof: Proof) -> Response | Verdict:
    who = starter()
    if who is None:
        return Verdict.OLD
    try:
        entry = create_with_challenge(who, proof)
    except AccountExists:
        return redirect_to(url_for("accounts.sign_in", slug=_contractor(challenge).slug))
    if isinstance(entry, Verdict):
        return entry
    return let_in(entry.account, entry.confirmed, origin=who.invite_id)


def _create_in_person(challenge: Challenge, proof: Proof) -> Response | Verdict:
    who = Actor(Kind.CUSTOMER, "", "", "", people.client_ip(), people.user_agent())
    try:
        entry = create_in_person(challenge, proof, who)
    except AccountExists:
        return redirect_to(url_for("accounts.sign_in", slug=_contractor(challenge).slug))
    if isinstance(entry, Verdict):
        return entry
    invite = invite_of(challenge)
    return let_in(entry.account, entry.confirmed, origin=invite.id if invite else None)


def _ask_in_person_again(challenge: Challenge, browser: str, device: str) -> str:
    invite = invite_of(challenge)
    found = found_by_invite(invite.id) if invite else None
    if found is None:
        return challenge.id
    try:
        channel = Channel(challenge.channel)
        return ask_in_person(found, channel, browser, device, people.client_ip())
    except DoorClosed:
        return challenge.id


def _sign_in(challenge: Challenge, proof: Proof) -> Response | Verdict:
    known = enter_with_challenge(challenge.contractor_id, proof)
    if isinstance(known, Verdict):
        return known
    elif len(known.accounts) > 1:
        return _ask_which(challenge, known)
    way = "magic link" if proof.code is None else "code"
    held = note_signed_in(known.accounts[0].id, way, visitor(_contractor(challenge)))
    return let_in(held, known.confirmed)


def _ask_which(challenge: Challenge, known: Known) -> Response:
    """Several people share the address: which job is it? Asked in a session of its own, for ten
    minutes, since the code is used up."""
    choosing: dict[str, Any] = {
        "accounts": [each.id for each in known.accounts],
        "contractor_id": challenge.contractor_id,
        **as_data(known.confirmed),
    }
    sessions.start(minutes=10, choosing=choosing, next=session.get("next", ""))
    return redirect_to(url_for("accounts.choose"))


def _know_device(challenge: Challenge, proof: Proof) -> Response | Verdict:
    entry = enter_with_device_code(visitor(_contractor(challenge)), proof)
    if isinstance(entry, Verdict):
        return entry
    return let_in(entry.account, entry.confirmed)


def _confirm(challenge: Challenge, proof: Proof) -> Response | Verdict:
    if not people.is_signed_in():
        return Verdict.OLD
    confirmed = confirm_again(people.person().id, proof, people.actor())
    if isinstance(confirmed, Verdict):
        return confirmed
    session.update(as_data(confirmed))
    return redirect_to(place_kept(url_for("portal.go_on")))


def _change(challenge: Challenge, proof: Proof) -> Response | Verdict:
    if not people.is_signed_in():
        return Verdict.OLD
    person = people.person()
    changed = change_address(person.id, proof, people.actor(), sessions.current_id())
    if isinstance(changed, Verdict):
        return changed
    session.update(as_data(changed))
    return redirect_to(url_for("accounts.profile"))


_FINISHES = {
    Purpose.ACCOUNT: _create,
    Purpose.IN_PERSON: _create_in_person,
    Purpose.SIGN_IN: _sign_in,
    Purpose.DEVICE: _know_device,
    Purpose.CONFIRM: _confirm,
    Purpose.CHANGE: _change,
}


def _contractor(challenge: Challenge) -> Contractor:
    return read(challenge.contractor_id).get_one(Contractor, challenge.contractor_id)
