"""CSV as Excel opens it: UTF-8 with its mark, CRLF, no cell that is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

import phonenumbers
from flask import Flask, Response, current_app
from flask_babel import force_locale, get_locale

from onboarding.contacts.csv_files import guarded
from onboarding.database import end_reads

Cells = Sequence[str]


def csv_answer(file_name: str, header: Cells, rows: Iterable[Iterable[Cells]]) -> Response:
    """A file of its own, sent while it is read. `rows` come a handful at a time, and are read
    only when they are asked for: by then the request has given back what it read by."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    written = _written(app, str(get_locale()), header, iter(rows))
    answer = Response(written, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def phone_cell(number: str | None) -> str:
    """As people dial it at home: a spreadsheet takes `+1503…` for a sum and rounds it, and leaves
    this alone. Read back, it is the same number."""
    if not number:
        return ""
    parsed = phonenumbers.parse(number)
    if parsed.country_code == 1:
        return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL))
    return str(phonenumbers.format_out_of_country_calling_number(parsed, "US"))


def _written(
    app: Flask, language: str, header: Cells, rows: Iterator[Iterable[Cells]]
) -> Iterator[str]:
    yield "\ufeff" + _lines([header])
    try:
        while (some := _next(app, language, rows)) is not None:
            yield some
    finally:
        end_reads()


def _next(app: Flask, language: str, rows: Iterator[Iterable[Cells]]) -> str | None:
    """A handful in the reader's language. The context ends before anybody else's turn: whoever
    reads no further leaves none behind."""
    with app.app_context(), force_locale(language):
        some = next(rows, None)
        return None if some is None else _lines(some)


def _lines(rows: Iterable[Cells]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue()
