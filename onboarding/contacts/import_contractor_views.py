"""Contacts from a file: chosen, looked through, taken in."""

from collections.abc import Iterator
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from onboarding import tokens
from onboarding.contacts import actions_import, columns, queries_import, reasons
from onboarding.contacts.blueprints import blueprint
from onboarding.contacts.csv_answers import csv_answer
from onboarding.contacts.csv_files import Unreadable
from onboarding.contacts.models import ContactImport, Duplicates, ImportState
from onboarding.contractors import revisions
from onboarding.database import read
from onboarding.web import access, people, polls
from onboarding.web.answers import redirect_to, render
from onboarding.web.errors import NotFound, sentence_page

MOST_BYTES = 20 * 1024 * 1024
_FRAME_BYTES = 64 * 1024


@blueprint.url_value_preprocessor
def let_a_file_through(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Files of members may be larger than forms. Looked at before the form is read."""
    if endpoint != "contacts.upload" or not people.is_signed_in():
        return
    request.max_content_length = MOST_BYTES + _FRAME_BYTES
    if (request.content_length or 0) > request.max_content_length:
        title = _("The file is larger than 20 MB")
        sentence = _("Split it, and import the parts one after the other.")
        raise HTTPException(response=sentence_page(413, title, sentence))


@blueprint.get("/contacts/imports")
@access.member
def imports() -> Response:
    return _chooser()


@blueprint.post("/contacts/imports/new/<import_id>")
@access.member
def upload(import_id: str) -> Response:
    """The id comes with the form, so that a file sent twice is one import."""
    file = request.files.get("file")
    if not (len(import_id) == 26 and import_id.isalnum() and import_id.isascii()):
        raise NotFound
    if file is None or not file.filename:
        return _chooser(_("Choose a file first."), import_id)
    try:
        actions_import.hand_in(import_id, file.filename, file.save, people.actor())
    except Unreadable as unreadable:
        return _chooser(_unreadable(unreadable.reason), import_id)
    finally:
        file.close()
    return redirect_to(url_for("contacts.importing", import_id=import_id))


@blueprint.get("/contacts/imports/<import_id>")
@access.member
def importing(import_id: str) -> Response:
    return _shown(_import(people.person().contractor_id, import_id))


@blueprint.get("/contacts/imports/<import_id>/progress")
@access.poll
def progress(import_id: str) -> Response:
    """How far it is; when it is there, the page itself says what comes next."""
    found = polls.polled(revisions.pulse)
    if found is None:
        return redirect_to(url_for("contractors.sign_in"))
    coming_in = _import(found.contractor_id, import_id)
    if coming_in.state not in (ImportState.CHECKING, ImportState.RUNNING):
        return redirect_to(url_for("contacts.importing", import_id=import_id))
    return render("contacts/_progress.html", coming_in=coming_in)


@blueprint.post("/contacts/imports/<import_id>/columns")
@access.member
def match(import_id: str) -> Response:
    coming_in = _import(people.person().contractor_id, import_id)
    chosen = request.form.getlist("column")
    try:
        actions_import.match_columns(import_id, chosen, people.actor())
    except actions_import.UnusableColumns:
        problem = _("Two columns go into the same field: choose one of them.")
        known = [field if field in columns.FIELDS else "" for field in chosen]
        return _shown(coming_in, known if len(known) == len(coming_in.columns) else None, problem)
    return redirect_to(url_for("contacts.importing", import_id=import_id))


@blueprint.post("/contacts/imports/<import_id>/start")
@access.member
def start(import_id: str) -> Response:
    """Pressed twice it is under way once."""
    _import(people.person().contractor_id, import_id)
    wanted = request.form.get("duplicates", "")
    chosen = Duplicates(wanted) if wanted in list(Duplicates) else Duplicates.SKIP
    actions_import.start(import_id, chosen, people.actor())
    return redirect_to(url_for("contacts.importing", import_id=import_id))


@blueprint.post("/contacts/imports/<import_id>/removal")
@access.member
def discard(import_id: str) -> Response:
    _import(people.person().contractor_id, import_id)
    actions_import.discard(import_id, people.actor())
    return redirect_to(url_for("contacts.imports"))


@blueprint.get("/contacts/imports/<import_id>/left-out.csv")
@access.member
def left_out(import_id: str) -> Response:
    """The rows that were not taken, as they came, each with its line and the reasons."""
    coming_in = _import(people.person().contractor_id, import_id)
    header = [_("Line"), _("Why it was left out"), *coming_in.found.get("header", [])]
    rows = _left_out(coming_in.contractor_id, import_id)
    return csv_answer("left-out.csv", header, rows)


def _left_out(contractor_id: str, import_id: str) -> Iterator[list[list[str]]]:
    for some in queries_import.refusals(read(contractor_id), import_id):
        yield [
            [str(row.line), " ".join(map(reasons.sentence, row.reasons)), *row.cells]
            for row in some
        ]


def _chooser(problem: str = "", import_id: str = "") -> Response:
    return render(
        "contacts/imports.html",
        status=422 if problem else 200,
        problem=problem,
        import_id=import_id or tokens.new_id(),
        latest=queries_import.latest_imports(read(people.person().contractor_id)),
    )


def _shown(
    coming_in: ContactImport, chosen: list[str] | None = None, problem: str = ""
) -> Response:
    return render(
        "contacts/importing.html",
        status=422 if problem else 200,
        coming_in=coming_in,
        chosen=chosen or coming_in.columns,
        problem=problem,
        missing=columns.missing(coming_in.columns),
        labels=reasons.LABELS,
        fields=columns.FIELDS,
        said=reasons.sentence,
        already_on_file=reasons.already_on_file,
    )


def _import(contractor_id: str, import_id: str) -> ContactImport:
    found = read(contractor_id).get(ContactImport, import_id)
    if found is None or found.state == ImportState.DISCARDED:
        raise NotFound
    return found


def _unreadable(reason: str) -> str:
    words = {
        "workbook": _("This is a workbook of Excel. Open it there and save it as CSV UTF-8 first."),
        "binary": _("This is not a CSV file: choose the one that your other program exported."),
        "empty": _("There is nothing in this file."),
    }
    return str(words[reason])
