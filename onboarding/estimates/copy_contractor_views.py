"""Another estimate of the company, taken over into a draft."""

from flask import Response, request, url_for
from flask_babel import gettext as _

from onboarding.database import read
from onboarding.estimates import actions, copying
from onboarding.estimates.blueprints import blueprint
from onboarding.estimates.drafts import MOST_LINES
from onboarding.estimates.version_contractor_views import sheet_of, to_builder
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render
from onboarding.web.errors import NotFound


@blueprint.get("/estimates/<estimate_id>/source")
@access.member
def source(estimate_id: str) -> Response:
    """Which one: found by the contact's name or the job's."""
    return _sources(estimate_id)


@blueprint.post("/estimates/<estimate_id>/source")
@access.member
def copy(estimate_id: str) -> Response:
    sheet_of(estimate_id)
    wanted = request.form.get("source", "")
    try:
        return to_builder(copying.copy_into(estimate_id, wanted, people.actor()))
    except actions.EstimateMissing as gone:
        raise NotFound from gone
    except actions.AlreadySent:
        return redirect_to(url_for(".show", estimate_id=estimate_id))
    except copying.TooMany:
        return _sources(
            estimate_id,
            _("Both together have more than %(most)s lines. Take some out first.", most=MOST_LINES),
            status=422,
        )


def _sources(estimate_id: str, problem: str = "", status: int = 200) -> Response:
    sheet = sheet_of(estimate_id)
    if sheet.estimate.sent_at is not None:
        return redirect_to(url_for(".show", estimate_id=estimate_id))
    sought = request.args.get("search", "").replace("\x00", "").strip()[:100]
    db = read(people.person().contractor_id)
    return render(
        "estimates/source.html",
        "estimates/_sources.html",
        status=status,
        estimate_id=estimate_id,
        sought=sought,
        sources=copying.sources(db, sheet.onboarding.id, sought),
        problem=problem,
    )
