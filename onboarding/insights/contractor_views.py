from flask import Blueprint, Response, request, url_for

from onboarding.contractors.queries import contractor
from onboarding.database import read
from onboarding.insights import charts, queries, spans, wording
from onboarding.insights.figures import Figures, told
from onboarding.insights.queries import Span
from onboarding.insights.sheet import sheet
from onboarding.insights.spans import Period
from onboarding.web import access, people
from onboarding.web.answers import render

blueprint = Blueprint("insights", __name__, url_prefix="/crm")


@blueprint.get("/insights")
@access.member
def insights() -> Response:
    period, span, zone = _asked()
    figures = _figures(span)
    db = read(people.person().contractor_id)
    return render(
        "insights/insights.html",
        figures=figures,
        funnel=charts.funnel(figures),
        pillars=charts.months(figures),
        span=span,
        zone=zone,
        names=queries.names_of_members(db),
        words=wording,
        period=period,
        tabs=_tabs(period),
    )


@blueprint.get("/insights/insights.csv")
@access.member
def csv() -> Response:
    period, span, zone = _asked()
    names = queries.names_of_members(read(people.person().contractor_id))
    response = Response(sheet(_figures(span), span, zone, names), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="insights-{period.value}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _tabs(shown: Period) -> list[dict[str, object]]:
    return [
        {
            "label": wording.period(one),
            "url": url_for(".insights", period=one.value),
            "current": one is shown,
        }
        for one in Period
    ]


def _asked() -> tuple[Period, Span, str]:
    """The period in the address, in the calendar of the contractor, and whose that is."""
    own = people.person().contractor_id
    zone = contractor(read(own), own).time_zone
    period = spans.asked(request.args.get("period", ""))
    return period, spans.span_of(period, zone), zone


def _figures(span: Span) -> Figures:
    db = read(people.person().contractor_id)
    return told(queries.counts(db, span), queries.minutes(db, span), len(span.months))
