from typing import Any

from flask import Blueprint, Response, request, url_for

from onboarding.contractors import revisions
from onboarding.contractors.queries import contractor
from onboarding.database import read
from onboarding.journey.status import Status
from onboarding.messages import queries as messages
from onboarding.pipeline import queries, reminders
from onboarding.pipeline.cards import shown, shown_column
from onboarding.pipeline.first_steps import first_steps
from onboarding.pipeline.forms import ReminderForm, around, told, wanted, why_not
from onboarding.pipeline.reminders import Outcome
from onboarding.web import access, people, polls
from onboarding.web.answers import redirect_to, render, unchanged

blueprint = Blueprint("pipeline", __name__, url_prefix="/crm")


@blueprint.get("")
@access.member
def home() -> Response:
    return redirect_to(url_for("pipeline.board"))


@blueprint.get("/pipeline")
@access.member
def board() -> Response:
    filtered, db = wanted(), read(people.person().contractor_id)
    # Held until the page is drawn: the frame around it needs the company as well.
    company = contractor(db, people.person().contractor_id)
    found, seen = queries.board(db, filtered), around(filtered)
    shown: dict[str, Any] = {
        "board": found,
        "columns": [shown_column(column, company.currency, seen) for column in found.columns],
        "current": _current(found, filtered),
        "first_steps": None if filtered else first_steps(db, found),
        # Nobody looks for whose jobs among so few.
        "members": [] if found.is_beginning and not filtered else queries.members(db),
    }
    page, fragment = "pipeline/board.html", "pipeline/_board.html"
    told: dict[str, Any] = {"own": company, "currency": company.currency, "notices": _just_told()}
    return render(page, fragment, around=seen, wanted=filtered, **shown, **told)


@blueprint.get("/pipeline/more/<status>")
@access.member
def more(status: str) -> Response:
    offset = min(max(0, request.args.get("offset", type=int, default=0)), queries.FARTHEST)
    filtered, db = wanted(), read(people.person().contractor_id)
    cards = queries.column_page(db, _status(status), offset=offset, wanted=filtered)
    return render(
        "pipeline/more.html",
        "pipeline/_more.html",
        cards=[shown(card) for card in cards],
        column=_status(status),
        next_offset=offset + len(cards) if len(cards) == queries.CARDS_A_COLUMN else None,
        around=around(filtered),
    )


@blueprint.get("/pipeline/poll")
@access.poll
def poll() -> Response:
    """One read when nothing is new. It signs nobody in, and keeps nobody's session alive."""
    pulse = polls.polled(revisions.pulse)
    if pulse is None:
        return redirect_to(url_for("contractors.sign_in"))
    seen = request.args.get("revision", type=int, default=0)
    if pulse.revision <= seen:
        return unchanged()
    return _news(pulse, seen)


@blueprint.post("/pipeline/reminders/preview")
@access.member
def preview_reminders() -> Response:
    """Who of the chosen would be written to, and who not and why; nothing is kept."""
    form, filtered = ReminderForm(), wanted()
    which = form.which()
    db = read(people.person().contractor_id)
    plans = reminders.plan(db, which, form.cards(), people.actor())
    return render(
        "pipeline/reminders.html",
        which=which.value,
        getting=[one for one in plans if one.hindrance is None],
        left_out=[(one, why_not(one.hindrance)) for one in plans if one.hindrance],
        most=reminders.MOST_CARDS,
        is_cut=len(set(form.cards())) > reminders.MOST_CARDS,
        around=around(filtered),
    )


@blueprint.post("/pipeline/reminders")
@access.member
def remind() -> Response:
    """Sends them; pressed again, it sends nothing more."""
    form, filtered = ReminderForm(), wanted()
    outcome = reminders.remind(form.which(), form.cards(), people.actor())
    if form.contact():
        return redirect_to(url_for("record.contact", contact_id=form.contact()))
    said: dict[str, Any] = {"sent": outcome.sent, "left": outcome.left_out}
    return redirect_to(url_for(".board", **(said | around(filtered))))


def _news(pulse: revisions.Pulse, seen: int) -> Response:
    db, filtered = read(pulse.contractor_id), wanted()
    changes = queries.changed_since(db, seen, filtered)
    if len(changes) > queries.MOST_CHANGES:
        response = unchanged()
        response.headers["HX-Refresh"] = "true"
        return response
    board = queries.totals(db, pulse.revision, filtered)
    currency = queries.currency(db)
    return render(
        "pipeline/_news.html",
        board=board,
        columns=[shown_column(column, currency) for column in board.columns],
        cards=[shown(card) for card in changes],
        currency=currency,
        current=_status(request.args.get("status", "")),
        around=around(filtered),
        unread=messages.unread(db),
    )


def _current(board: queries.Board, filtered: queries.Filter) -> Status:
    """The column that a phone shows: the one asked for, else the first where there is something
    among what was looked for."""
    asked = request.args.get("status", "")
    found = (column.status for column in board.columns if column.count)
    return next(found, Status.INVITED) if filtered and not asked else _status(asked)


def _just_told() -> list[str]:
    """What came of the reminders that led here, said at the top of the page."""
    sent = request.args.get("sent", type=int)
    left = request.args.get("left", type=int, default=0)
    if sent is None:
        return []
    within = [min(max(0, count), reminders.MOST_CARDS) for count in (sent, left)]
    return [told(Outcome(*within))]


def _status(name: str) -> Status:
    return next((status for status in Status if status.value == name), Status.INVITED)
