from flask import Response, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from onboarding import gateways
from onboarding.contracts import consenting, pages, rights_customer_views, signing
from onboarding.contracts.consenting import ContractGone, NotOpened, TextChanged
from onboarding.contracts.forms import ConsentForm, SignForm
from onboarding.contracts.pages import ContractPage
from onboarding.contracts.papers import contract_paper
from onboarding.contracts.portal_blueprint import blueprint
from onboarding.contracts.queries import signature_of
from onboarding.contracts.signing import NoConfirmedChannel
from onboarding.database import read
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render, unchanged, wants_fragment
from onboarding.web.errors import Conflict, NotFound
from onboarding.web.freshness import ask_first, forget_unsent, is_fresh, may_look, unsent
from onboarding.web.gate import gated

# Named so that importing them counts as use: their routes are registered on import.
SCREENS = (rights_customer_views,)
__all__ = ["SCREENS", "blueprint"]


@blueprint.get("/contract")
@access.customer_at("consent")
def current() -> Response:
    """The contract in force, at the screen that comes next for it."""
    page = pages.current_page(read(people.person().contractor_id), gated())
    if page is None:
        raise NotFound
    return redirect_to(_next_screen(page))


@blueprint.get("/contract/<contract_id>")
@access.customer
def show(contract_id: str) -> Response:
    """The whole contract, to read, now and later."""
    return render("contracts/show.html", page=_own_page(contract_id))


@blueprint.get("/contract/<contract_id>/contract.pdf")
@access.customer
def pdf(contract_id: str) -> Response:
    page = _own_page(contract_id)
    document = gateways.current().renderer.contract(contract_paper(page.agreement, page.sha256))
    return _pdf(document, "contract.pdf")


@blueprint.post("/contract/<contract_id>/opening")
@access.customer_at("consent")
def open_pdf(contract_id: str) -> Response:
    """The customer opens the PDF, which shows that they can, and the PDF opens."""
    try:
        consenting.open_pdf(contract_id, gated().id, people.actor())
    except ContractGone as gone:
        raise NotFound from gone
    except TextChanged as changed:
        raise Conflict(_changed()) from changed
    return redirect_to(url_for("contracts.pdf", contract_id=contract_id))


@blueprint.get("/contract/<contract_id>/opening")
@access.customer_at("consent")
def opening(contract_id: str) -> Response:
    """Whether the PDF was opened: the consent page asks when its person is back from it."""
    page = _page_to_sign(contract_id)
    if not wants_fragment():
        return redirect_to(_next_screen(page))
    return render("contracts/_opening.html", page=page)


@blueprint.get("/contract/<contract_id>/consent")
@access.customer_at("consent")
def consent(contract_id: str) -> Response:
    page = _page_to_sign(contract_id)
    if page.signature is not None:
        return redirect_to(url_for("contracts.show", contract_id=contract_id))
    return _consent_page(page, ConsentForm(formdata=None, frozen_sha256=page.sha256))


@blueprint.post("/contract/<contract_id>/consent")
@access.customer_at("consent")
def give_consent(contract_id: str) -> Response:
    form = ConsentForm()
    page = _page_to_sign(contract_id)
    if not form.validate():
        return _consent_page(page, form, 422)
    try:
        consenting.give_consent(
            contract_id, gated().id, form.frozen_sha256.data, _language(), people.actor()
        )
    except NotOpened:
        form.form_errors.append(_("Open the PDF first, so that we know it works on this device."))
        return _consent_page(page, form, 422)
    except TextChanged:
        return _what_is_now()
    return redirect_to(url_for("contracts.signature", contract_id=contract_id))


@blueprint.get("/contract/<contract_id>/signature")
@access.customer_at("sign")
def signature(contract_id: str) -> Response:
    page = _page_to_sign(contract_id)
    if page.signature is not None or not page.has_consent:
        return redirect_to(_next_screen(page))
    elif not may_look():
        return ask_first("contract")
    return _sign_page(page, _unsigned(page))


@blueprint.post("/contract/<contract_id>/signature")
@access.customer_at("sign")
def sign(contract_id: str) -> Response:
    form = SignForm()
    page = _page_to_sign(contract_id)
    if not form.validate():
        return _sign_page(page, form, 422)
    elif not is_fresh():
        return ask_first("contract", **form.as_typed())
    try:
        signing.sign_contract(
            contract_id, gated().id, form.frozen_sha256.data, form.signature(), people.actor()
        )
    except TextChanged:
        return _what_is_now()
    except NoConfirmedChannel:
        form.form_errors.append(_("Confirm your e-mail address or phone first: sign in once more."))
        return _sign_page(page, form, 422)
    forget_unsent()
    return redirect_to(url_for("portal.go_on"))


@blueprint.get("/contract/<contract_id>/signed.pdf")
@access.customer
def signed_pdf(contract_id: str) -> Response:
    """The sealed copy; until a worker has made it, a page that says so and looks again."""
    page = _own_page(contract_id)
    signed = signature_of(read(people.person().contractor_id), contract_id)
    if signed is None:
        raise NotFound
    if signed.sealed_sha256 is None:
        return unchanged() if wants_fragment() else render("contracts/preparing.html", page=page)
    if wants_fragment():
        return redirect_to(url_for(".show", contract_id=contract_id))
    return _pdf(gateways.current().documents.get(signed.sealed_sha256), "signed-contract.pdf")


def _own_page(contract_id: str) -> ContractPage:
    who = people.person()
    try:
        return pages.page_of(read(who.contractor_id), who.contact_id, contract_id)
    except ContractGone as gone:
        raise NotFound from gone


def _page_to_sign(contract_id: str) -> ContractPage:
    """The contract in force; another one of this customer's shows what is in force instead."""
    try:
        return pages.page_to_sign(read(people.person().contractor_id), gated(), contract_id)
    except ContractGone as gone:
        _own_page(contract_id)
        raise Conflict(_changed()) from gone


def _unsigned(page: ContractPage) -> SignForm:
    """Blank; after a code, with the signature as it was drawn or typed under this very text."""
    kept = unsent("contract")
    if kept.get("frozen_sha256") != page.sha256:
        kept = {"frozen_sha256": page.sha256}
    return SignForm(formdata=None, **kept)


def _next_screen(page: ContractPage) -> str:
    if page.signature is not None:
        return url_for("contracts.show", contract_id=page.id)
    elif page.has_consent:
        return url_for("contracts.signature", contract_id=page.id)
    else:
        return url_for("contracts.consent", contract_id=page.id)


def _what_is_now() -> Response:
    """The contract that is in force now, with a word on why nothing was signed."""
    page = pages.current_page(read(people.person().contractor_id), gated())
    if page is None or page.signature is not None:
        raise Conflict(_changed())
    form = ConsentForm(formdata=None, frozen_sha256=page.sha256)
    form.form_errors.append(_changed())
    return _consent_page(page, form, 409)


def _consent_page(page: ContractPage, form: ConsentForm, status: int = 200) -> Response:
    db = read(people.person().contractor_id)
    elements = pages.elements(db, gated(), _language())
    return render("contracts/consent.html", page=page, form=form, elements=elements, status=status)


def _sign_page(page: ContractPage, form: SignForm, status: int = 200) -> Response:
    is_kept = status == 200 and bool(form.points.data or form.typed.data)
    return render("contracts/signature.html", page=page, form=form, is_kept=is_kept, status=status)


def _pdf(document: bytes, name: str) -> Response:
    kind = "attachment" if request.args.get("download") else "inline"
    response = Response(document, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'{kind}; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _language() -> str:
    return str(get_locale() or "en")[:2]


def _changed() -> str:
    return str(_("The contract changed while you were reading. Nothing was signed."))
