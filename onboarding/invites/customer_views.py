from flask import Blueprint, Response, request

from onboarding.invites.actions_link import Asked, ask_new_link, note_fetched
from onboarding.invites.queries import Found, LinkState, look_up
from onboarding.web import access, languages, people, sessions
from onboarding.web.answers import render
from onboarding.web.brand import show_company

blueprint = Blueprint("invites", __name__, url_prefix="/i")


@blueprint.get("/<secret>")
@access.public
def show(secret: str) -> Response:
    """The landing. Scanners and previews come here first: it changes nothing and enters nowhere."""
    found = look_up(secret)
    if found is None or not found.is_live:
        return dead_end(secret, found)
    is_own_member = is_member_of(found)
    if request.method == "GET" and not people.is_prefetch() and not is_own_member:
        note_fetched(secret, people.client_ip(), people.user_agent())
    return landing(secret, found, is_preview=is_own_member)


@blueprint.post("/<secret>/new-link")
@access.public
def ask(secret: str) -> Response:
    found = look_up(secret)
    if found is not None:
        _address(found)
    asked = ask_new_link(secret, people.client_ip(), people.user_agent())
    if asked is Asked.STILL_WORKS and found is not None:
        return landing(secret, found, is_preview=is_member_of(found))
    return render("invites/asked.html", asked=asked.value)


def landing(secret: str, found: Found, *, is_preview: bool, status: int = 200) -> Response:
    """Who invites, to what, how long it takes; the company's own members get no button."""
    _address(found)
    return render(
        "invites/show.html", secret=secret, found=found, is_preview=is_preview, status=status
    )


def dead_end(secret: str | None, found: Found | None) -> Response:
    """Says in plain words what became of the link, names nobody, and offers a new one; where the
    link itself is not at hand, whom to call."""
    if found is not None:
        _address(found)
    state = found.state if found is not None else LinkState.UNKNOWN
    return render(
        "invites/dead_end.html", secret=secret, state=state.value, found=found, status=410
    )


def _address(found: Found) -> None:
    """On the company's paper, in the language of the contact."""
    show_company(found.contractor)
    languages.expect(found.contact.language)


def is_member_of(found: Found) -> bool:
    """The browser is also signed in to the CRM of the company that sent the link."""
    member = sessions.also_signed_in("crm")
    return member is not None and member.contractor_id == found.contractor.id
