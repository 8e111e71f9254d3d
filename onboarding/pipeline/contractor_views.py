from flask import Blueprint, Response, request, url_for

from onboarding.contractors import revisions
from onboarding.database import read
from onboarding.journey.status import Status
from onboarding.pipeline import queries
from onboarding.pipeline.cards import shown, shown_column
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
    search = _search()
    db = read(people.person().contractor_id)
    found, currency = queries.board(db, search=search), queries.currency(db)
    return render(
        "pipeline/board.html",
        "pipeline/_board.html",
        board=found,
        currency=currency,
        columns=[shown_column(column, currency, search) for column in found.columns],
        current=_current(found),
        search=search,
    )


@blueprint.get("/pipeline/more/<status>")
@access.member
def more(status: str) -> Response:
    offset = min(max(0, request.args.get("offset", type=int, default=0)), queries.FARTHEST)
    db = read(people.person().contractor_id)
    cards = queries.column_page(db, _status(status), offset=offset, search=_search())
    return render(
        "pipeline/more.html",
        "pipeline/_more.html",
        cards=[shown(card) for card in cards],
        column=_status(status),
        next_offset=offset + len(cards) if len(cards) == queries.CARDS_A_COLUMN else None,
        search=_search(),
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


def _news(pulse: revisions.Pulse, seen: int) -> Response:
    db, search = read(pulse.contractor_id), _search()
    changes = queries.changed_since(db, seen, search=search)
    if len(changes) > queries.MOST_CHANGES:
        response = unchanged()
        response.headers["HX-Refresh"] = "true"
        return response
    board = queries.totals(db, pulse.revision, search=search)
    currency = queries.currency(db)
    return render(
        "pipeline/_news.html",
        board=board,
        columns=[shown_column(column, currency) for column in board.columns],
        cards=[shown(card) for card in changes],
        currency=currency,
        current=_status(request.args.get("status", "")),
        search=search,
    )


def _current(board: queries.Board) -> Status:
    """The column that a phone shows: the one asked for, else the first where there is something
    among what was searched for."""
    asked = request.args.get("status", "")
    found = (column.status for column in board.columns if column.count)
    return next(found, Status.INVITED) if _search() and not asked else _status(asked)


def _search() -> str:
    return request.args.get("search", "").strip()[:100]


def _status(name: str) -> Status:
    return next((status for status in Status if status.value == name), Status.INVITED)
