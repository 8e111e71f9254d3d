from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from onboarding.database import read
from onboarding.estimates import actions, papers, queries
from onboarding.estimates.comparison import compare
from onboarding.estimates.completeness import missing
from onboarding.estimates.conversation import said_of
from onboarding.estimates.drafts import drafted
from onboarding.estimates.forms import EstimateForm, TitleForm
from onboarding.estimates.models import Estimate
from onboarding.estimates.pricing import totals
from onboarding.estimates.queries import Sheet
from onboarding.gateways import prose
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render, wants_fragment
from onboarding.web.errors import NotFound

blueprint = Blueprint("estimates_crm", __name__, url_prefix="/crm")


@blueprint.get("/contacts/<contact_id>/estimate")
@access.member
def new(contact_id: str) -> Response:
    return render("estimates/new.html", form=TitleForm(), contact_id=contact_id)


@blueprint.post("/contacts/<contact_id>/estimate")
@access.member
def begin(contact_id: str) -> Response:
    form = TitleForm()
    if not form.validate():
        return render("estimates/new.html", form=form, contact_id=contact_id, status=422)
    try:
        estimate = actions.draft_estimate(contact_id, form.title.data, people.actor())
    except actions.ContactMissing as gone:
        raise NotFound from gone
    return _to(estimate)


@blueprint.get("/estimates/<estimate_id>")
@access.member
def show(estimate_id: str) -> Response:
    """A sent version to read; a draft to go on with."""
    sheet = _sheet(estimate_id)
    if sheet.estimate.sent_at is None:
        return redirect_to(url_for(".edit", estimate_id=estimate_id))
    return _read(sheet)


@blueprint.get("/estimates/<estimate_id>/draft")
@access.member
def edit(estimate_id: str) -> Response:
    sheet = _sheet(estimate_id)
    if sheet.estimate.sent_at is not None:
        return redirect_to(url_for(".show", estimate_id=estimate_id))
    form = EstimateForm.kept(drafted(sheet.estimate), sheet.estimate.draft_revision)
    return _builder(sheet, form)


@blueprint.post("/estimates/<estimate_id>/draft")
@access.member
def save(estimate_id: str) -> Response:
    """Keeps the draft as typed. A named button also adds, moves or removes a line."""
    form = EstimateForm.typed()
    wish = request.form.get("do", "")
    form.rearrange(wish)
    if not form.validate():
        return _builder(_sheet(estimate_id), form, wish, status=422)
    try:
        saved = actions.save_draft(estimate_id, form.draft(), form.seen_revision, people.actor())
    except actions.Conflict as told:
        return _conflict(estimate_id, form, told)
    except actions.AlreadySent:
        return redirect_to(url_for(".show", estimate_id=estimate_id))
    return _saved(saved, form, wish)


@blueprint.get("/estimates/<estimate_id>/preview")
@access.member
def preview(estimate_id: str) -> Response:
    """Exactly the customer's page, with nothing to press and nothing written."""
    return render("estimates/preview.html", **_as_customer(_sheet(estimate_id)))


@blueprint.get("/estimates/<estimate_id>/pdf")
@access.member
def pdf(estimate_id: str) -> Response:
    sheet = _sheet(estimate_id)
    return papers.as_pdf(papers.pdf(read(people.person().contractor_id), sheet), sheet)


@blueprint.get("/onboardings/<onboarding_id>/revision")
@access.member
def revision(onboarding_id: str) -> Response:
    """What the customer said, before the next version is begun."""
    newest = _newest(onboarding_id)
    if newest.sent_at is None:
        return redirect_to(url_for(".edit", estimate_id=newest.id))
    db = read(people.person().contractor_id)
    return render(
        "estimates/revision.html",
        sheet=_sheet(newest.id),
        reasons=queries.reasons(db, onboarding_id),
        asked=queries.wishes(said_of(db, onboarding_id)),
    )


@blueprint.post("/onboardings/<onboarding_id>/revision")
@access.member
def revise(onboarding_id: str) -> Response:
    _newest(onboarding_id)
    return _to(actions.revise(onboarding_id, people.actor()))
