from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from onboarding.database import read
from onboarding.estimates import actions_answers, papers, photos, queries
from onboarding.estimates.conversation import said_of, unread
from onboarding.estimates.forms import AnswerForm, ReasonForm, chosen_in
from onboarding.estimates.models import LinePhoto
from onboarding.estimates.pictures import as_picture
from onboarding.estimates.sheet import Sheet
from onboarding.estimates.staleness import Reason, Stale
from onboarding.journey.actions import Refused
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Refusal
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render, wants_fragment
from onboarding.web.errors import NotFound
from onboarding.web.gate import gated

blueprint = Blueprint("estimates", __name__, url_prefix="/portal")


@blueprint.get("/estimate")
@access.customer_at("estimate")
def current() -> Response:
    """The latest version, whatever was sent before."""
    sheet = _of(gated(), options=_options())
    if sheet is None:
        raise NotFound
    return _show(sheet)


@blueprint.get("/estimate/<estimate_id>")
@access.customer_at("estimate")
def show(estimate_id: str) -> Response:
    return _show(_sheet(estimate_id, options=_options()))


@blueprint.get("/estimate/<estimate_id>/total")
@access.customer_at("estimate")
def total(estimate_id: str) -> Response:
    """What it comes to with the switches as they stand. Writes nothing."""
    sheet = _sheet(estimate_id, options=chosen_in(request.args))
    return _show(sheet, "estimates/_total.html")


@blueprint.post("/estimate/<estimate_id>/total")
@access.customer_at("estimate")
def update_total(estimate_id: str) -> Response:
    """*Update total*, where there is no scripting: the switches move into the address."""
    _sheet(estimate_id)
    options = chosen_in(request.form) or [""]
    return redirect_to(url_for(".show", estimate_id=estimate_id, options=options, _anchor="total"))


@blueprint.post("/estimate/<estimate_id>/approval")
@access.customer_at("estimate")
def approve(estimate_id: str) -> Response:
    _sheet(estimate_id)
    form = AnswerForm()
    options = chosen_in(request.form)
    try:
        actions_answers.approve_estimate(estimate_id, options, form.total_cents, people.actor())
    except Stale as stale:
        return _as_it_stands(stale.reason, options)
    except Refused as told:
        if told.refusal is not Refusal.LAPSED:
            raise
        return _as_it_stands(told.refusal, options)
    return redirect_to(url_for("portal.go_on"))


@blueprint.post("/estimate/<estimate_id>/approval/withdrawal")
@access.customer_at("estimate")
def withdraw(estimate_id: str) -> Response:
    _sheet(estimate_id)
    actions_answers.withdraw_approval(estimate_id, people.actor())
    return _to(estimate_id)


@blueprint.post("/estimate/<estimate_id>/rejection")
@access.customer_at("estimate")
def reject(estimate_id: str) -> Response:
    _sheet(estimate_id)
    actions_answers.reject_estimate(estimate_id, people.actor())
    return _to(estimate_id)


@blueprint.post("/estimate/<estimate_id>/rejection/reason")
@access.customer_at("estimate")
def give_reason(estimate_id: str) -> Response:
    sheet = _sheet(estimate_id)
    form = ReasonForm()
    if not form.validate():
        return _show(sheet, form=form, status=422)
    try:
        actions_answers.give_reason(estimate_id, form.reason.data, people.actor())
    except actions_answers.NotRejected:
        return _to(estimate_id)
    return _to(estimate_id)


@blueprint.get("/estimate/<estimate_id>/pdf")
@access.customer
def pdf(estimate_id: str) -> Response:
    """Also after access was revoked, and of jobs long done, where it was approved."""
    db = read(people.person().contractor_id)
    onboarding = queries.onboarding_of(db, estimate_id)
    if onboarding is None or onboarding.contact_id != people.person().contact_id:
        raise NotFound
    sheet = queries.readable_sheet(db, onboarding, people.actor(), estimate_id, _options())
    if sheet is None:
        raise NotFound
    name = f"estimate-{sheet.estimate.version}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(papers.pdf(db, sheet), mimetype="application/pdf", headers=headers)


@blueprint.get("/photos/<photo_id>")
@access.customer
def photo(photo_id: str) -> Response:
    """A photo of a line, large, with the way back."""
    found = _photo(photo_id)
    name = photos.name_of_line(read(people.person().contractor_id), found)
    return render("estimates/photo.html", photo=found, line_name=name)


@blueprint.get("/photos/<photo_id>/<size>")
@access.customer
def picture(photo_id: str, size: str) -> Response:
    return as_picture(_photo(photo_id), size)


def _photo(photo_id: str) -> LinePhoto:
    """Of a version that its customer may read; any other is missing."""
    db = read(people.person().contractor_id)
    found = photos.photo(db, photo_id)
    onboarding = queries.onboarding_of(db, found.estimate_id) if found else None
    if found is None or onboarding is None or onboarding.contact_id != people.person().contact_id:
        raise NotFound
    if queries.readable_sheet(db, onboarding, people.actor(), found.estimate_id, None) is None:
        raise NotFound
    return found


def _show(
    sheet: Sheet,
    fragment: str | None = None,
    *,
    form: ReasonForm | None = None,
    notice_text: str = "",
    status: int = 200,
) -> Response:
    """The page. A person's first look at a version is the one fact that a GET writes."""
    if request.method == "GET" and fragment is None and not people.is_prefetch():
        _open(sheet)
    said = said_of(read(people.person().contractor_id), sheet.onboarding.id)
    return render(
        "estimates/show.html",
        fragment,
        status=status,
        sheet=sheet,
        said=said,
        unread=unread(said),
        pdf_url=url_for(".pdf", estimate_id=sheet.estimate.id, options=sheet.chosen or [""]),
        form=form or ReasonForm(formdata=None),
        notice_text=notice_text,
        is_preview=False,
        is_live=fragment is not None and wants_fragment(),
    )


def _open(sheet: Sheet) -> None:
    if sheet.onboarding.opened_version < sheet.estimate.version:
        actions_answers.open_version(sheet.estimate.id, people.actor())


def _as_it_stands(reason: Reason | Refusal, options: list[str]) -> Response:
    """Nothing was approved: the page shows what is so now, and says why."""
    sheet = _of(gated(), options=options)
    if sheet is None:
        raise NotFound
    return _show(sheet, notice_text=_(reason.value), status=409)


def _sheet(estimate_id: str, options: list[str] | None = None) -> Sheet:
    """A version of the customer's own; of an earlier job too. Anybody else's is missing."""
    found = _of(gated(), estimate_id, options)
    if found is None:
        db = read(people.person().contractor_id)
        earlier = queries.onboarding_of(db, estimate_id)
        is_own = earlier is not None and earlier.contact_id == people.person().contact_id
        found = _of(earlier, estimate_id, options) if earlier is not None and is_own else None
    if found is None:
        raise NotFound
    return found


def _of(
    onboarding: Onboarding, estimate_id: str | None = None, options: list[str] | None = None
) -> Sheet | None:
    db = read(people.person().contractor_id)
    return queries.sheet_for_customer(db, onboarding, people.actor(), estimate_id, options)


def _options() -> list[str] | None:
    """The switches that an address carries, None where it carries none."""
    return chosen_in(request.args) if "options" in request.args else None


def _to(estimate_id: str) -> Response:
    return redirect_to(url_for(".show", estimate_id=estimate_id))
