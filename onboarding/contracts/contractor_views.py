from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from onboarding import gateways, tokens
from onboarding.contracts import actions, default_template, drafts, papers, queries
from onboarding.contracts.complaining import sentences
from onboarding.contracts.drafts import DraftPage, Words
from onboarding.contracts.forms import DraftForm, TemplateForm
from onboarding.contracts.frozen import read as read_frozen
from onboarding.contracts.models import Contract, ContractTemplate
from onboarding.contracts.pages import contractors_page
from onboarding.contracts.placeholders import PLACEHOLDERS
from onboarding.contracts.pricing import EstimateMissing
from onboarding.database import read
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render, unchanged, wants_fragment
from onboarding.web.errors import NotFound

blueprint = Blueprint("contracts_crm", __name__, url_prefix="/crm")


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


@blueprint.get("/templates")
@access.member
def templates() -> Response:
    own = queries.templates(read(people.person().contractor_id))
    samples = {one.id for one in own if drafts.is_sample(one.body)}
    return render("contracts/templates.html", templates=own, samples=samples)


@blueprint.get("/templates/new")
@access.member
def new_template() -> Response:
    form = TemplateForm(formdata=None, body=default_template.BODY)
    return _template_page(form, tokens.new_id(), None)


@blueprint.post("/templates/new/<template_id>")
@access.member
def create_template(template_id: str) -> Response:
    """The id comes with the form, so that a form sent twice makes one template."""
    form = TemplateForm()
    if len(template_id) != 26:
        raise NotFound
    if not form.validate():
        return _template_page(form, template_id, None, 422)
    return _keep_template(template_id, form)


@blueprint.get("/templates/<template_id>")
@access.member
def template(template_id: str) -> Response:
    found = _template(template_id)
    form = TemplateForm(formdata=None, name=found.name, body=found.body)
    return _template_page(form, template_id, found)


@blueprint.post("/templates/<template_id>")
@access.member
def save_template(template_id: str) -> Response:
    form, found = TemplateForm(), _template(template_id)
    if not form.validate():
        return _template_page(form, template_id, found, 422)
    return _keep_template(template_id, form)


def _keep_template(template_id: str, form: TemplateForm) -> Response:
    try:
        actions.save_template(template_id, form.name.data, form.body.data, people.actor())
    except actions.TemplateTaken as taken:
        raise NotFound from taken
    return redirect_to(url_for(".templates"))


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
        revision=str(page.revision),
    )


def _typed(form: DraftForm) -> Words:
    return Words(
        form.title.data or "",
        form.body.data or "",
        form.terms.data or "",
        form.template_id.data or None,
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
        is_sample=drafts.is_sample(form.body.data or ""),
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


def _template(template_id: str) -> ContractTemplate:
    found = queries.template(read(people.person().contractor_id), template_id)
    if found is None:
        raise NotFound
    return found


def _template_page(
    form: TemplateForm, template_id: str, found: ContractTemplate | None, status: int = 200
) -> Response:
    return render(
        "contracts/template.html",
        form=form,
        template_id=template_id,
        template=found,
        placeholders=PLACEHOLDERS,
        is_sample=drafts.is_sample(form.body.data or ""),
        status=status,
    )


def _pdf(document: bytes, name: str) -> Response:
    response = Response(document, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
