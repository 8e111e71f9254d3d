"""A job and its versions, as a member begins, names, reads and revises them."""

from typing import Any

from flask import Response, url_for

from onboarding.database import read
from onboarding.estimates import actions, papers, queries
from onboarding.estimates.blueprints import blueprint
from onboarding.estimates.conversation import said_of
from onboarding.estimates.forms import JobForm, TitleForm
from onboarding.estimates.margins import margin_of
from onboarding.estimates.models import Estimate
from onboarding.estimates.sheet import Sheet
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render
from onboarding.web.errors import NotFound


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
    return to_builder(estimate)


@blueprint.get("/estimates/<estimate_id>")
@access.member
def show(estimate_id: str) -> Response:
    """A sent version to read; a draft to go on with."""
    sheet = sheet_of(estimate_id)
    if sheet.estimate.sent_at is None:
        return redirect_to(url_for(".edit", estimate_id=estimate_id))
    return _read(sheet)


@blueprint.get("/estimates/<estimate_id>/preview")
@access.member
def preview(estimate_id: str) -> Response:
    """Exactly the customer's page, with nothing to press and nothing written."""
    return render("estimates/preview.html", **_as_customer(sheet_of(estimate_id)))


@blueprint.get("/estimates/<estimate_id>/pdf")
@access.member
def pdf(estimate_id: str) -> Response:
    sheet = sheet_of(estimate_id)
    document = papers.pdf(read(people.person().contractor_id), sheet)
    return _as_pdf(document, f"estimate-{sheet.estimate.version}.pdf")


@blueprint.get("/onboardings/<onboarding_id>/job")
@access.member
def job(onboarding_id: str) -> Response:
    """What the job is called and where it is, until something was sent."""
    newest = newest_of(onboarding_id)
    onboarding = sheet_of(newest.id).onboarding
    if onboarding.latest_version:
        return redirect_to(url_for(".show", estimate_id=newest.id))
    return render("estimates/job.html", form=JobForm(obj=onboarding), estimate_id=newest.id)


@blueprint.post("/onboardings/<onboarding_id>/job")
@access.member
def name_job(onboarding_id: str) -> Response:
    newest = newest_of(onboarding_id)
    form = JobForm()
    if not form.validate():
        return render("estimates/job.html", form=form, estimate_id=newest.id, status=422)
    try:
        actions.name_job(onboarding_id, form.job(), people.actor())
    except actions.AlreadySent:
        return redirect_to(url_for(".show", estimate_id=newest.id))
    return to_builder(newest)


@blueprint.get("/onboardings/<onboarding_id>/revision")
@access.member
def revision(onboarding_id: str) -> Response:
    """What the customer said, before the next version is begun."""
    newest = newest_of(onboarding_id)
    if newest.sent_at is None:
        return to_builder(newest)
    db = read(people.person().contractor_id)
    return render(
        "estimates/revision.html",
        sheet=sheet_of(newest.id),
        reason=queries.reason(db, newest.id),
        wishes=[said for line in said_of(db, onboarding_id).values() for said in line],
    )


@blueprint.post("/onboardings/<onboarding_id>/revision")
@access.member
def revise(onboarding_id: str) -> Response:
    newest_of(onboarding_id)
    return to_builder(actions.revise(onboarding_id, people.actor()))


def _read(sheet: Sheet) -> Response:
    db = read(people.person().contractor_id)
    return render(
        "estimates/version.html",
        versions=queries.versions(db, sheet.onboarding.id),
        is_by_name=True,
        margin=margin_of(sheet.estimate, sheet.totals),
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


def sheet_of(estimate_id: str) -> Sheet:
    """A version of this contractor's; anybody else's is missing."""
    db = read(people.person().contractor_id)
    version = queries.estimate(db, estimate_id)
    onboarding = queries.onboarding_of(db, estimate_id)
    if version is None or onboarding is None:
        raise NotFound
    return queries.sheet_for_member(db, onboarding, version, people.actor())


def _require_contact(contact_id: str) -> None:
    if not queries.has_contact(read(people.person().contractor_id), contact_id):
        raise NotFound


def newest_of(onboarding_id: str) -> Estimate:
    found = queries.versions(read(people.person().contractor_id), onboarding_id)
    if not found:
        raise NotFound
    return found[0]


def to_builder(estimate: Estimate) -> Response:
    return redirect_to(url_for(".edit", estimate_id=estimate.id))


def _as_pdf(document: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(document, mimetype="application/pdf", headers=headers)
