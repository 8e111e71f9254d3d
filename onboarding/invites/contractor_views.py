from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from onboarding.contractors.queries import contractor
from onboarding.database import read
from onboarding.invites import composing, qr
from onboarding.invites.actions import Incomplete, resend_invite, revoke_invite, send_invite
from onboarding.invites.composing import Composition
from onboarding.invites.forms import SendForm
from onboarding.invites.queries import Lack, Missing
from onboarding.journey.actions import OnboardingMissing
from onboarding.notifications.models import Channel
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render
from onboarding.web.complaining import sentences
from onboarding.web.errors import NotFound

blueprint = Blueprint("invites_crm", __name__, url_prefix="/crm/onboardings/<onboarding_id>/invite")


@blueprint.get("")
@access.member
def compose(onboarding_id: str) -> Response:
    return _page(_composition(onboarding_id))


@blueprint.post("")
@access.member
def send(onboarding_id: str) -> Response:
    """Sends it, or sends it again where nothing has changed since."""
    form = SendForm()
    chosen, at_once = form.chosen(), form.at_once.data
    page = _composition(onboarding_id, chosen)
    try:
        if page.kind == "again":
            resend_invite(onboarding_id, people.actor(), chosen, at_once=at_once)
        else:
            send_invite(onboarding_id, chosen, people.actor(), at_once=at_once)
    except Incomplete as incomplete:
        return _page(page, incomplete.lacks, status=422)
    return _to_record(page)


@blueprint.post("/replacement")
@access.member
def resend(onboarding_id: str) -> Response:
    """The one-button Resend: the channels of the last invite."""
    page = _composition(onboarding_id)
    try:
        resend_invite(onboarding_id, people.actor())
    except Incomplete as incomplete:
        return _page(page, incomplete.lacks, status=422)
    return _to_record(page)


@blueprint.get("/revocation")
@access.member
def revocation(onboarding_id: str) -> Response:
    """Asks once more; where there is nothing to revoke, the record says so."""
    page = _composition(onboarding_id)
    if not page.may_revoke:
        return _to_record(page)
    return render("invites/revocation.html", page=page)


@blueprint.post("/revocation")
@access.member
def revoke(onboarding_id: str) -> Response:
    page = _composition(onboarding_id)
    revoke_invite(onboarding_id, people.actor())
    return _to_record(page)


@blueprint.get("/in-person")
@access.member
def in_person(onboarding_id: str) -> Response:
    """A QR that leads the customer's own phone to the door, where a code goes to them."""
    page = _composition(onboarding_id)
    company = contractor(read(page.contact.contractor_id), page.contact.contractor_id)
    found = composing.door_of(page, company)
    door = Door(qr.picture(found[0], _("Code to scan")), found[1]) if found else None
    return render("invites/in_person.html", page=page, door=door)


@dataclass(frozen=True)
class Door:
    """What is handed over: the picture, and until when it works; for ever where that is none."""

    picture: Markup
    until: datetime | None


@dataclass(frozen=True)
class Gap:
    """What is missing, in words, and where to put it right: another page, or this one."""

    sentence: str
    url: str
    link_text: str


def _composition(onboarding_id: str, chosen: list[Channel] | None = None) -> Composition:
    try:
        return composing.compose(people.person().contractor_id, onboarding_id, chosen)
    except OnboardingMissing as missing:
        raise NotFound from missing


def _page(page: Composition, missing: tuple[Lack, ...] = (), status: int = 200) -> Response:
    gaps = [_gap(page, lack) for lack in dict.fromkeys((*page.lacks, *missing))]
    if not page.has_address:
        gaps.append(_gap(page, Lack(Missing.CHANNEL)))
    return render("invites/compose.html", page=page, gaps=gaps, status=status)


def _gap(page: Composition, lack: Lack) -> Gap:
    contact = url_for("contacts.edit", contact_id=page.contact.id)
    record = _record(page)
    estimate = (
        url_for("estimates_crm.edit", estimate_id=page.estimate_id) if page.estimate_id else record
    )
    contract = (
        url_for("contracts_crm.draft", estimate_id=page.estimate_id) if page.estimate_id else record
    )
    words = {
        Missing.ESTIMATE: (_("The estimate is missing."), estimate, _("Write the estimate")),
        Missing.CONTRACT: (_("The contract is missing."), contract, _("Write the contract")),
        Missing.SIGNING: (
            _("California keeps contracts signed at home out of its law on electronic signatures."),
            f"{contract}/signing",
            _("Choose paper, or say why this does not apply"),
        ),
        Missing.CHANNEL: _no_channel(page, contact),
        Missing.EMAIL: (_("There is no e-mail address to send it to."), contact, _("Add one")),
        Missing.MOBILE: (_("There is no mobile number to send it to."), contact, _("Add one")),
    }
    sentence, url, link_text = words[lack.what]
    if lack.in_estimate:
        needs = "; ".join(_(need.value) for need in lack.in_estimate)
        sentence = _("The estimate is not complete. It still needs %(things)s.", things=needs)
        link_text = _("Complete it")
    elif lack.in_contract:
        sentence = " ".join((_("The contract is not complete."), *sentences(lack.in_contract)))
        link_text = _("Put it right")
    return Gap(sentence, url, link_text)


def _no_channel(page: Composition, contact_url: str) -> tuple[str, str, str]:
    if page.has_address:
        return _("Choose how to send it: by e-mail, by text message, or both."), "", ""
    return _("There is no e-mail address and no mobile to send it to."), contact_url, _("Add one")


def _to_record(page: Composition) -> Response:
    return redirect_to(_record(page))


def _record(page: Composition) -> str:
    return f"/crm/contacts/{page.contact.id}"
