from typing import Any

from flask import Blueprint, Response, request, url_for

from onboarding.database import read
from onboarding.estimates import actions, papers, queries
from onboarding.estimates.comparison import compare
from onboarding.estimates.completeness import missing
from onboarding.estimates.conversation import said_of
from onboarding.estimates.drafts import drafted
from onboarding.estimates.forms import EstimateForm, JobForm, TitleForm
from onboarding.estimates.models import Estimate
from onboarding.estimates.queries import Sheet
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render, wants_fragment
from onboarding.web.errors import NotFound

blueprint = Blueprint("estimates_crm", __name__, url_prefix="/crm")


@blueprint.get("/contacts/<contact_id>/estimate")
@access.member
def new(contact_id: str) -> Response:
    _require_contact(contact_id)
    return render("estimates/new.html", form=TitleForm(), contact_id=contact_id)


@blueprint.post("/contacts/<contact_id>/estimate")
@access.member
def begin(contact_id: str) -> Response:
    _require_contact(contact_id)
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
    _sheet(estimate_id)
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
    document = papers.pdf(read(people.person().contractor_id), sheet)
    return _as_pdf(document, f"estimate-{sheet.estimate.version}.pdf")


@blueprint.get("/onboardings/<onboarding_id>/job")
@access.member
def job(onboarding_id: str) -> Response:
    """What the job is called and where it is, until something was sent."""
    newest = _newest(onboarding_id)
    onboarding = _sheet(newest.id).onboarding
    if onboarding.latest_version:
        return redirect_to(url_for(".show", estimate_id=newest.id))
    return render("estimates/job.html", form=JobForm(obj=onboarding), estimate_id=newest.id)


@blueprint.post("/onboardings/<onboarding_id>/job")
@access.member
def name_job(onboarding_id: str) -> Response:
    newest = _newest(onboarding_id)
    form = JobForm()
    if not form.validate():
        return render("estimates/job.html", form=form, estimate_id=newest.id, status=422)
    try:
        actions.name_job(onboarding_id, form.job(), people.actor())
    except actions.AlreadySent:
        return redirect_to(url_for(".show", estimate_id=newest.id))
    return _to(newest)


@blueprint.get("/onboardings/<onboarding_id>/revision")
@access.member
def revision(onboarding_id: str) -> Response:
    """What the customer said, before the next version is begun."""
    newest = _newest(onboarding_id)
    if newest.sent_at is None:
        return _to(newest)
    db = read(people.person().contractor_id)
    return render(
        "estimates/revision.html",
        sheet=_sheet(newest.id),
        reason=queries.reason(db, newest.id),
        wishes=[said for line in said_of(db, onboarding_id).values() for said in line],
    )


@blueprint.post("/onboardings/<onboarding_id>/revision")
@access.member
def revise(onboarding_id: str) -> Response:
    _newest(onboarding_id)
    return _to(actions.revise(onboarding_id, people.actor()))


def _builder(
    sheet: Sheet,
    form: EstimateForm,
    wish: str = "",
    *,
    status: int = 200,
    conflict: actions.Conflict | None = None,
) -> Response:
    """The builder; inside htmx the part that changed: all lines where one was added, moved or
    taken out, else the sums and what is wrong with a field, so that typing is never redrawn."""
    return render(
        "estimates/edit.html",
        "estimates/_items.html" if wish else "estimates/_saved.html",
        status=status,
        sheet=sheet,
        estimate=sheet.estimate,
        form=form,
        problems=form.problems(),
        lacks=missing(sheet.estimate),
        conflict=conflict,
        theirs=compare(conflict.saved, form.draft()) if conflict else None,
        fresh_key=form.lines[-1].key if wish == "add" else "",
        amounts={line.key: line.cents for line in sheet.totals.lines},
        is_fragment=wants_fragment(),
    )


def _saved(saved: Estimate, form: EstimateForm, wish: str) -> Response:
    if not wants_fragment():
        place = "lines" if wish else None
        return redirect_to(url_for(".edit", estimate_id=saved.id, _anchor=place))
    form.revision.data = str(saved.draft_revision)
    form.revision.raw_data = None
    return _builder(_sheet(saved.id), form, wish)


def _conflict(estimate_id: str, form: EstimateForm, told: actions.Conflict) -> Response:
    """Nothing typed is lost: the person sees what the other one saved, and chooses."""
    status = 422 if wants_fragment() else 409
    return _builder(_sheet(estimate_id), form, status=status, conflict=told)


def _read(sheet: Sheet) -> Response:
    db = read(people.person().contractor_id)
    return render(
        "estimates/version.html",
        versions=queries.versions(db, sheet.onboarding.id),
        is_by_name=True,
        **_as_customer(sheet),
    )


def _as_customer(sheet: Sheet) -> dict[str, Any]:
    said = said_of(read(people.person().contractor_id), sheet.onboarding.id)
    return {
        "sheet": sheet,
        "said": said,
        "unread": 0,
        "pdf_url": url_for(".pdf", estimate_id=sheet.estimate.id),
        "form": None,
        "notice_text": "",
        "is_preview": True,
        "is_live": False,
    }


def _sheet(estimate_id: str) -> Sheet:
    db = read(people.person().contractor_id)
    version = queries.estimate(db, estimate_id)
    onboarding = queries.onboarding_of(db, estimate_id)
    if version is None or onboarding is None:
        raise NotFound
    return queries.sheet_for_member(db, onboarding, version, people.actor())


def _require_contact(contact_id: str) -> None:
    if not queries.has_contact(read(people.person().contractor_id), contact_id):
        raise NotFound


def _newest(onboarding_id: str) -> Estimate:
    found = queries.versions(read(people.person().contractor_id), onboarding_id)
    if not found:
        raise NotFound
    return found[0]


def _to(estimate: Estimate) -> Response:
    return redirect_to(url_for(".edit", estimate_id=estimate.id))


def _as_pdf(document: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(document, mimetype="application/pdf", headers=headers)
