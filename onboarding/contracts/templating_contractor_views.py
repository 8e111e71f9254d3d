"""The contractor's templates: list, editor, versions."""

from flask import Response, request, url_for
from flask_babel import gettext as _

from onboarding import tokens
from onboarding.contracts import queries, templating, templating_samples
from onboarding.contracts.crm_blueprint import blueprint
from onboarding.contracts.forms import TemplateForm
from onboarding.contracts.models import ContractTemplate
from onboarding.contracts.placeholders import PLACEHOLDERS
from onboarding.contracts.templating import TemplateMissing, TemplateTaken
from onboarding.contracts.templating_preview import TemplatePreview, people, preview
from onboarding.database import read
from onboarding.gateways import prose
from onboarding.web import access
from onboarding.web import people as persons
from onboarding.web.answers import redirect_to, render
from onboarding.web.complaining import sentences
from onboarding.web.errors import NotFound


@blueprint.get("/templates")
@access.member
def templates() -> Response:
    found = queries.templates(read(persons.person().contractor_id), has_archived=True)
    return render(
        "contracts/templates.html",
        templates=[one for one in found if one.archived_at is None],
        archived=[one for one in found if one.archived_at is not None],
        samples=templating_samples.offered(),
    )


@blueprint.get("/templates/new")
@access.member
def new_template() -> Response:
    """Empty, or with the text of the sample that is asked for."""
    sample = templating_samples.sample(request.args.get("sample", "service"))
    form = TemplateForm(
        formdata=None,
        name=sample.name if sample else "",
        body=sample.body if sample else "",
        origin=sample.key if sample else "",
    )
    return _editor(form, tokens.new_id(), None)


@blueprint.post("/templates/new/<template_id>")
@access.member
def create_template(template_id: str) -> Response:
    """The id comes with the form, so that a form sent twice makes one template."""
    form = TemplateForm()
    if len(template_id) != 26:
        raise NotFound
    if not form.validate():
        return _editor(form, template_id, None, 422)
    return _keep(template_id, form)


@blueprint.get("/templates/<template_id>")
@access.member
def template(template_id: str) -> Response:
    found = _template(template_id)
    form = TemplateForm(formdata=None, name=found.name, body=found.body, origin=found.origin)
    return _editor(form, template_id, found)


@blueprint.post("/templates/<template_id>")
@access.member
def save_template(template_id: str) -> Response:
    form, found = TemplateForm(), _template(template_id)
    if not form.validate():
        return _editor(form, template_id, found, 422)
    return _keep(template_id, form)


@blueprint.post("/templates/preview")
@access.member
def preview_template() -> Response:
    """How the text would read now, and what would stay open in it; nothing is kept."""
    form = TemplateForm()
    shown = _previewed(form.body.data or "", form.contact.data or "")
    return render(
        "contracts/template_preview.html",
        "contracts/_template_preview.html",
        preview=shown,
        complaints=sentences(shown.complaints),
    )


@blueprint.get("/templates/<template_id>/versions/<int:number>")
@access.member
def template_version(template_id: str, number: int) -> Response:
    """As it was saved once, word for word: its placeholders stand open."""
    found = _template(template_id)
    db = read(found.contractor_id)
    old = templating.version(db, template_id, min(number, 1_000_000))
    if old is None:
        raise NotFound
    blocks = prose.blocks(old.body)
    return render("contracts/template_version.html", template=found, version=old, blocks=blocks)


@blueprint.post("/templates/<template_id>/archive")
@access.member
def archive_template(template_id: str) -> Response:
    return _shelve(template_id, is_archived=True)


@blueprint.post("/templates/<template_id>/restoration")
@access.member
def restore_template(template_id: str) -> Response:
    return _shelve(template_id, is_archived=False)


@blueprint.post("/templates/<template_id>/review")
@access.owner
def review_template(template_id: str) -> Response:
    """The owner says that a lawyer has reviewed the version on the screen."""
    version = request.form.get("version", type=int, default=0)
    try:
        templating.mark_reviewed(template_id, version, persons.actor())
    except TemplateMissing as missing:
        raise NotFound from missing
    return redirect_to(url_for(".template", template_id=template_id))


def _shelve(template_id: str, *, is_archived: bool) -> Response:
    try:
        templating.archive_template(template_id, persons.actor(), is_archived=is_archived)
    except TemplateMissing as missing:
        raise NotFound from missing
    return redirect_to(url_for(".templates"))


def _keep(template_id: str, form: TemplateForm) -> Response:
    try:
        templating.save_template(
            template_id, form.name.data, form.body.data, persons.actor(), form.sample_key()
        )
    except TemplateTaken as taken:
        raise NotFound from taken
    return redirect_to(url_for(".template", template_id=template_id, saved=1))


def _template(template_id: str) -> ContractTemplate:
    found = queries.template(read(persons.person().contractor_id), template_id)
    if found is None:
        raise NotFound
    return found


def _previewed(body: str, chosen: str) -> TemplatePreview:
    db = read(persons.person().contractor_id)
    return preview(db, body, people(db), chosen)


def _editor(
    form: TemplateForm, template_id: str, found: ContractTemplate | None, status: int = 200
) -> Response:
    db = read(persons.person().contractor_id)
    known = people(db)
    form.contact.choices = [(one.onboarding_id, one.words) for one in known]
    shown = preview(db, form.body.data or "", known, form.contact.data or "")
    return render(
        "contracts/template.html",
        status=status,
        form=form,
        template_id=template_id,
        template=found,
        versions=templating.versions(db, template_id) if found else [],
        placeholders=PLACEHOLDERS,
        preview=shown,
        complaints=sentences(shown.complaints),
        is_sample=found.is_sample if found else bool(form.sample_key()),
        samples=[] if found else [*templating_samples.offered(), ("none", _("An empty page"))],
        may_review=persons.person().role == "owner" and persons.person().visit is None,
        was_saved=request.args.get("saved") == "1",
    )
