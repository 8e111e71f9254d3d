"""What the QR on the contact's record opens on the customer's own phone."""

from flask import Response, request, session, url_for

from onboarding.accounts.blueprints import blueprint
from onboarding.accounts.challenges import TooOften
from onboarding.accounts.entering import asking_device, step_one
from onboarding.accounts.in_person import DoorClosed, ask_in_person
from onboarding.accounts.masks import masked
from onboarding.invites.customer_views import dead_end, is_member_of
from onboarding.invites.queries import Found, address_for, channels_of, found_by_invite
from onboarding.notifications.models import Channel
from onboarding.web import access, languages, people, sessions
from onboarding.web.answers import redirect_to, render
from onboarding.web.brand import show_company
from onboarding.web.errors import NotFound


@blueprint.get("/portal/<slug>/in-person/<invite_id>")
@access.public
def in_person(slug: str, invite_id: str) -> Response:
    """Looking sends nothing and enters nowhere."""
    found = _found(slug, invite_id)
    if found.onboarding.has_account:
        return redirect_to(url_for("accounts.sign_in", slug=slug))
    return _door(found) if found.is_live else dead_end(None, found)


@blueprint.post("/portal/<slug>/in-person/<invite_id>")
@access.public
def ask_in_person_code(slug: str, invite_id: str) -> Response:
    """A code to the phone or mailbox on file, to whichever was pressed."""
    found = _found(slug, invite_id)
    if found.onboarding.has_account:
        return redirect_to(url_for("accounts.sign_in", slug=slug))
    elif is_member_of(found):
        return _door(found, status=409)
    pressed = Channel.SMS if request.form.get("channel") == "sms" else Channel.EMAIL
    browser, device = sessions.browser_hash(), asking_device()
    try:
        session["challenge"] = ask_in_person(found, pressed, browser, device, people.client_ip())
    except TooOften:
        return _door(found, is_too_often=True, status=429)
    except DoorClosed:
        return dead_end(None, _found(slug, invite_id)) if not found.is_live else _door(found)
    return redirect_to(url_for("accounts.code"))


def _found(slug: str, invite_id: str) -> Found:
    found = found_by_invite(invite_id[:26])
    if found is None or found.contractor.slug != slug:
        raise NotFound
    show_company(found.contractor)
    languages.expect(found.contact.language)
    return found


def _door(found: Found, *, is_too_often: bool = False, status: int = 200) -> Response:
    ways = [
        (channel.value, masked(channel.value, address_for(found.contact, channel) or ""))
        for channel in channels_of(found.contact)
    ]
    return render(
        "accounts/in_person.html",
        status=status,
        steps=step_one(),
        found=found,
        ways=ways,
        is_preview=is_member_of(found),
        is_too_often=is_too_often,
    )
