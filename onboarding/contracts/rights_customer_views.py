"""What the law gives the customer at any time: paper, what they signed on it, and cancelling while
there is time for that."""

from flask import Response, url_for

from onboarding.contracts import cancelling, pages, papering
from onboarding.contracts.cancel_pages import cancel_shown
from onboarding.contracts.consenting import ContractGone
from onboarding.contracts.pages import ContractPage
from onboarding.contracts.portal_blueprint import blueprint
from onboarding.contracts.queries import contract, signature_of
from onboarding.contracts.scan_answers import scan_answer
from onboarding.database import read
from onboarding.journey.actions import Refused
from onboarding.journey.models import Onboarding
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render
from onboarding.web.errors import NotFound


@blueprint.get("/contract/<contract_id>/cancellation")
@access.customer
def cancellation(contract_id: str) -> Response:
    """What cancelling means, until when it can be done, and one button; later, what was done."""
    page = _own_page(contract_id)
    db = read(people.person().contractor_id)
    found = contract(db, contract_id)
    shown = cancel_shown(db, found) if found is not None else None
    if shown is None:
        raise NotFound
    return render("contracts/cancellation.html", page=page, cancel=shown)


@blueprint.post("/contract/<contract_id>/cancellation")
@access.customer
def cancel(contract_id: str) -> Response:
    """Cancels, here and now. Too late, the page says so."""
    _own_page(contract_id)
    try:
        cancelling.cancel_contract(contract_id, people.person().contact_id, people.actor())
    except ContractGone as gone:
        raise NotFound from gone
    except Refused:
        return redirect_to(url_for("contracts.cancellation", contract_id=contract_id))
    return redirect_to(url_for("contracts.cancellation", contract_id=contract_id))


@blueprint.get("/contract/<contract_id>/paper")
@access.customer
def paper(contract_id: str) -> Response:
    """Paper instead of a screen: what it means, and one button."""
    page = _own_page(contract_id)
    db = read(people.person().contractor_id)
    onboarding = db.get_one(Onboarding, page.onboarding_id)
    return render("contracts/paper.html", page=page, onboarding=onboarding)


@blueprint.post("/contract/<contract_id>/paper")
@access.customer
def want_paper(contract_id: str) -> Response:
    try:
        papering.want_paper(contract_id, people.person().contact_id, people.actor())
    except ContractGone as gone:
        raise NotFound from gone
    return redirect_to(url_for("contracts.paper", contract_id=contract_id))


@blueprint.get("/contract/<contract_id>/scan")
@access.customer
def scan(contract_id: str) -> Response:
    """The paper that the customer signed by hand, as the company scanned it."""
    page = _own_page(contract_id)
    return scan_answer(signature_of(read(people.person().contractor_id), page.id))


def _own_page(contract_id: str) -> ContractPage:
    who = people.person()
    try:
        return pages.page_of(read(who.contractor_id), who.contact_id, contract_id)
    except ContractGone as gone:
        raise NotFound from gone
