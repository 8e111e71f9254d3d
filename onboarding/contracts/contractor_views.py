from flask import Response, request, url_for
from flask_babel import gettext as _

from onboarding import gateways
from onboarding.contracts import (
    actions,
    choosing_contractor_views,
    drafts,
    papers,
    queries,
    templating_contractor_views,
)
from onboarding.contracts.crm_blueprint import blueprint
from onboarding.contracts.drafts import DraftPage, Words
from onboarding.contracts.forms import DraftForm
from onboarding.contracts.frozen import read as read_frozen
from onboarding.contracts.models import Contract
from onboarding.contracts.pages import contractors_page
from onboarding.contracts.placeholders import PLACEHOLDERS
from onboarding.contracts.pricing import EstimateMissing
from onboarding.database import read
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render, unchanged, wants_fragment
from onboarding.web.complaining import sentences
from onboarding.web.errors import NotFound

# Named so that importing them counts as use: their routes are registered on import.
SCREENS = (templating_contractor_views, choosing_contractor_views)
__all__ = ["SCREENS", "blueprint"]


@blueprint.get("/estimates/<estimate_id>/contract")
@access.member
def draft(estimate_id: str) -> Response:
    """The contract beside its estimate; with ?template= its text taken anew, not saved yet."""
    sent = _sent_contract(estimate_id)
    if sent is not None:
        return redirect_to(url_for(".show", contract_id=sent.id))
    page = _draft_page(estimate_id, request.args.get("template"))
    return _editor(page, _filled(page))


@blueprint.post("/estimates/<estimate_id>/contract")
@access.member
def save_draft(estimate_id: str) -> Response:
    """Keeps the draft as typed; what would stay open at the merge is said, and keeps it unsent."""
    form, page = DraftForm(), _draft_page(estimate_id)
    if not form.validate():
        return _editor(page, form, 422)
    try:
        actions.keep_draft(estimate_id, _typed(form), form.seen_revision(), people.actor())
    except actions.ContractSent:
        return redirect_to(url_for(".draft", estimate_id=estimate_id))
    except actions.DraftChanged as changed:
        return _conflict(page, form, changed)
    return redirect_to(url_for(".draft", estimate_id=estimate_id, saved=1))


@blueprint.post("/estimates/<estimate_id>/contract/preview")
@access.member
def preview(estimate_id: str) -> Response:
    """How the text would read now; nothing is kept."""
    page, form = _draft_page(estimate_id), DraftForm()
    shown = drafts.preview(read(people.person().contractor_id), page, _typed(form))
    return render(
        "contracts/preview.html",
        "contracts/_preview.html",
        preview=shown,
        complaints=sentences(shown.complaints),
        page=page,
    )


@blueprint.get("/contracts/<contract_id>")
@access.member
def show(contract_id: str) -> Response:
    """A contract that was sent: as it will read, as it was frozen, as it was signed."""
    contract = _contract(contract_id)
    if contract.sent_at is None:
        return redirect_to(url_for(".draft", estimate_id=contract.estimate_id))
    page = contractors_page(read(contract.contractor_id), contract)
    return render("contracts/read.html", page=page, contract=contract)


@blueprint.get("/contracts/<contract_id>/contract.pdf")
@access.member
def pdf(contract_id: str) -> Response:
    contract = _contract(contract_id)
    if contract.frozen is None or contract.frozen_sha256 is None:
        raise NotFound
    paper = papers.contract_paper(read_frozen(contract.frozen), contract.frozen_sha256)
    return _pdf(gateways.current().renderer.contract(paper), "contract.pdf")


@blueprint.get("/contracts/<contract_id>/signed.pdf")
@access.member
def signed_pdf(contract_id: str) -> Response:
    """The sealed copy, byte for byte the customer's."""
    contract = _contract(contract_id)
    signed = queries.signature_of(read(contract.contractor_id), contract.id)
    if signed is None:
        raise NotFound
    if signed.sealed_sha256 is None:
        if wants_fragment():
            return unchanged()
        return render("contracts/sealing.html", contract=contract)
    if wants_fragment():
        return redirect_to(url_for(".show", contract_id=contract_id))
    return _pdf(gateways.current().documents.get(signed.sealed_sha256), "signed-contract.pdf")


def _contract(contract_id: str) -> Contract:
    found = queries.contract(read(people.person().contractor_id), contract_id)
    if found is None:
        raise NotFound
    return found


def _sent_contract(estimate_id: str) -> Contract | None:
    found = queries.contract_of_estimate(read(people.person().contractor_id), estimate_id)
    return found if found is not None and found.sent_at is not None else None


def _draft_page(estimate_id: str, template_id: str | None = None) -> DraftPage:
    try:
        return drafts.draft_page(read(people.person().contractor_id), estimate_id, template_id)
    except EstimateMissing as missing:
        raise NotFound from missing


def _filled(page: DraftPage) -> DraftForm:
    return DraftForm(
        formdata=None,
        title=page.words.title,
        body=page.words.body,
        terms=page.words.terms,
        template_id=page.words.template_id or "",
        template_version=str(page.words.template_version or ""),
        revision=str(page.revision),
    )


def _typed(form: DraftForm) -> Words:
    return Words(
        form.title.data or "",
        form.body.data or "",
        form.terms.data or "",
        form.template_id.data or None,
        form.seen_version(),
    )


def _editor(page: DraftPage, form: DraftForm, status: int = 200) -> Response:
    shown = drafts.preview(read(people.person().contractor_id), page, _typed(form))
    return render(
        "contracts/draft.html",
        page=page,
        form=form,
        preview=shown,
        complaints=sentences(shown.complaints),
        placeholders=PLACEHOLDERS,
        source=page.source,
        is_sample=drafts.is_sample(page.source, form.body.data or ""),
        was_saved=request.args.get("saved") == "1",
        status=status,
    )


def _conflict(page: DraftPage, form: DraftForm, changed: actions.DraftChanged) -> Response:
    """What was typed stays; saved once more, it takes the place of what stands now."""
    form.revision.data = str(changed.revision)
    form.form_errors.append(
        _("Somebody saved this contract while you were editing. Save again to keep yours.")
    )
    return _editor(page, form, 409)


def _pdf(document: bytes, name: str) -> Response:
    response = Response(document, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
