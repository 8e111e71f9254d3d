"""The builder of a draft: one form that saves itself as typed."""

from typing import Any

from flask import Response, request, url_for

from onboarding import clock
from onboarding.database import read
from onboarding.estimates import actions, pasting, price_book
from onboarding.estimates.blueprints import blueprint
from onboarding.estimates.comparison import compare
from onboarding.estimates.completeness import missing
from onboarding.estimates.drafts import DraftLine, drafted
from onboarding.estimates.forms_builder import EstimateForm
from onboarding.estimates.forms_lines import BLANK_HEADING, BLANK_LINE, LineForm, SectionForm
from onboarding.estimates.margins import margin_of, margins_of_lines
from onboarding.estimates.models import Estimate
from onboarding.estimates.sheet import Sheet
from onboarding.estimates.version_contractor_views import sheet_of
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render, wants_fragment


@blueprint.get("/estimates/<estimate_id>/draft")
@access.member
def edit(estimate_id: str) -> Response:
    """With `book` in the address, what the price book has under that name stands below."""
    sheet = sheet_of(estimate_id)
    if sheet.estimate.sent_at is not None:
        return redirect_to(url_for(".show", estimate_id=estimate_id))
    form = EstimateForm.kept(drafted(sheet.estimate), sheet.estimate.draft_revision)
    return _builder(sheet, form)


@blueprint.post("/estimates/<estimate_id>/draft")
@access.member
def save(estimate_id: str) -> Response:
    """Keeps the draft as typed. A named button also does something to its rows."""
    form = EstimateForm.typed(drafted(sheet_of(estimate_id).estimate))
    wish = request.form.get("do", "")
    fresh_key = _do(form, wish)
    if not form.validate():
        return _builder(sheet_of(estimate_id), form, wish, fresh_key, status=422)
    try:
        saved = actions.save_draft(estimate_id, form.draft(), form.seen_revision, people.actor())
    except actions.Conflict as told:
        status = 422 if wants_fragment() else 409
        sheet = sheet_of(estimate_id)
        return _builder(sheet, form, wish, fresh_key, status=status, conflict=told)
    except actions.AlreadySent:
        return redirect_to(url_for(".show", estimate_id=estimate_id))
    _keep_in_book(form, wish)
    return _saved(saved, form, wish, fresh_key)


@blueprint.get("/estimates/<estimate_id>/draft/book")
@access.member
def find_in_book(estimate_id: str) -> Response:
    """What the price book has, as somebody types its name."""
    sheet = sheet_of(estimate_id)
    if not wants_fragment():
        return redirect_to(url_for(".edit", estimate_id=estimate_id, book=request.args.get("book")))
    return render(
        "estimates/edit.html", "estimates/_found.html", estimate=sheet.estimate, **_book()
    )


def _do(form: EstimateForm, wish: str) -> str:
    """Rows from elsewhere are fetched here; the rest the form does by itself."""
    verb, _colon, key = wish.partition(":")
    below = request.form.get("below", "")
    if verb == "paste":
        return form.add_pasted(pasting.rows(request.form.get("pasted", "")), key)
    elif verb == "insert":
        item = price_book.item(read(people.person().contractor_id), key)
        return form.put([LineForm.kept(price_book.as_line(item))], below) if item else ""
    else:
        return form.rearrange(wish)


def _keep_in_book(form: EstimateForm, wish: str) -> None:
    """*Save to price book*, once the draft itself is saved."""
    verb, _colon, key = wish.partition(":")
    line = next((line for line in form.lines if line.key == key), None)
    if verb == "keep" and line is not None and line.name.data:
        price_book.keep(price_book.words_of(line.line()), people.actor())


def _builder(
    sheet: Sheet,
    form: EstimateForm,
    wish: str = "",
    fresh_key: str = "",
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
        lacks=missing(sheet.estimate, clock.today(sheet.onboarding.site_time_zone)),
        conflict=conflict,
        theirs=compare(conflict.saved, form.draft()) if conflict else None,
        fresh_key=fresh_key,
        is_fragment=wants_fragment(),
        blank_line=LineForm.kept(DraftLine(BLANK_LINE)),
        blank_section=SectionForm.kept(BLANK_HEADING, ""),
        **_sums(sheet),
        **_book(),
    )


def _sums(sheet: Sheet) -> dict[str, Any]:
    """What the lines and sections come to as they are kept, and what is left of it."""
    return {
        "amounts": {line.key: line.cents for line in sheet.totals.lines},
        "subtotals": {key: subtotal for key, _name, subtotal, _blocks in sheet.sections},
        "margins": margins_of_lines(sheet.estimate),
        "margin": margin_of(sheet.estimate, sheet.totals),
    }


def _book() -> dict[str, Any]:
    """What was looked for in the price book, and what it has; nothing before somebody looks."""
    sought = request.values.get("book", "").strip()[:100]
    db = read(people.person().contractor_id)
    return {"sought": sought, "found": price_book.items(db, sought, most=8) if sought else []}


def _saved(saved: Estimate, form: EstimateForm, wish: str, fresh_key: str) -> Response:
    if not wants_fragment():
        place = f"row-{fresh_key}" if fresh_key else "lines" if wish else None
        sought = request.form.get("book") or None if wish == "find" else None
        return redirect_to(url_for(".edit", estimate_id=saved.id, book=sought, _anchor=place))
    form.revision.data = str(saved.draft_revision)
    form.revision.raw_data = None
    return _builder(sheet_of(saved.id), form, wish, fresh_key)
