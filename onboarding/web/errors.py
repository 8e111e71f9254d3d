"""Failures that people see: each has a page with a way on, and a reference that is in the log."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, make_response, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from onboarding import tokens
from onboarding.web import sessions
from onboarding.web.answers import render

log = logging.getLogger(__name__)
_BARE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{0}</title></head>'
    '<body><h1>{0}</h1><p>{1}</p><p>{2}</p><p><a href="/">Go on</a></p></body></html>'
)


class NotFound(HTTPException):
    """Missing, or somebody else's: the same answer."""

    code = 404


class Conflict(HTTPException):
    """What was on the screen is no longer so; `description` says what is."""

    code = 409


class Throttled(HTTPException):
    """Too often. `seconds` is when to try again."""

    code = 429

    def __init__(self, description: str = "", seconds: int = 60) -> None:
        super().__init__(description)
        self.seconds = seconds


def install(app: Flask) -> None:
    """Pages for every failure, expected or not."""
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _expected)
    app.register_error_handler(Exception, _unexpected)


def sentence_page(status: int, title: str, sentence: str, reference: str = "") -> Response:
    """A page that says one thing and offers a way on."""
    return render(
        "errors/sentence.html",
        "errors/_sentence.html",
        status=status,
        title=title,
        sentence=sentence,
        reference=reference,
        way_on_url=_way_on(),
    )


def too_often(page: str, seconds: int, **context: Any) -> Response:
    """429: the form again, with what was typed, and when it may be sent again: `wait` there."""
    minutes = max(1, -(-seconds // 60))
    wait = ngettext(
        "You can try again in %(num)s minute.", "You can try again in %(num)s minutes.", minutes
    )
    response = render(page, status=429, wait=wait, **context)
    response.headers["Retry-After"] = str(seconds)
    return response


Lost = Callable[[], BaseResponse | None]


def _nothing_to_say() -> None: ...


_lost: Lost = _nothing_to_say


def use_lost(answer: Lost) -> None:
    """`answer()` says what became of a session that is over, where there is more to say than that
    one has to sign in again."""
    global _lost
    _lost = answer


def lost() -> BaseResponse | None:
    return _lost()


def _stale_form(failure: CSRFError) -> BaseResponse:
    log.info("form refused: %s %s", request.path, failure.description)
    told = lost()
    if told is not None:
        return told
    elif sessions.was_ended():
        return sentence_page(
            401,
            _("You were signed out"),
            _("Nothing was sent. Sign in again, then press the button once more."),
        )
    return sentence_page(
        400,
        _("This page was open for a while"),
        _("Nothing was sent. Go back, reload the page and press the button again."),
    )


def _expected(failure: HTTPException) -> Response:
    if failure.response is not None:
        return make_response(failure.response)
    status = failure.code or 500
    title, sentence = _words(status)
    said = failure.description if isinstance(failure, Conflict | Throttled) else None
    response = sentence_page(status, title, said or sentence)
    if isinstance(failure, Throttled):
        response.headers["Retry-After"] = str(failure.seconds)
    return response


def _unexpected(failure: Exception) -> Response:
    reference = tokens.new_id()[-8:].upper()
    log.error("unexpected failure %s at %s", reference, request.path, exc_info=failure)
    title, sentence = _words(HTTPStatus.INTERNAL_SERVER_ERROR)
    try:
        return sentence_page(500, title, sentence, reference)
    except Exception:  # (what broke the page may break the frame around this one)
        log.exception("the page for failure %s failed too", reference)
        return Response(_BARE.format(title, sentence, reference), 500)


def _words(status: int) -> tuple[str, str]:
    words = {
        403: (_("This page is not yours to open"), _("Sign in as somebody who may see it.")),
        404: (
            _("There is nothing here"),
            _("The address may be mistyped, or the page was moved or belongs to somebody else."),
        ),
        405: (_("That cannot be done from here"), _("Go back and use the button on the page.")),
        409: (
            _("Something changed in the meantime"),
            _("Nothing was saved. Look at the page again and decide anew."),
        ),
        413: (_("That is too large"), _("Send less at a time, or a smaller file.")),
        429: (_("That was too often"), _("Wait a minute, then try again.")),
        500: (
            _("This page could not be shown"),
            _("It is our fault and we have a record of it. What was saved before is safe."),
        ),
    }
    default = (_("That could not be understood"), _("Go back and try again from the page."))
    return words.get(status, default)


def _way_on() -> str:
    """The nearest place that exists for the side the person is on."""
    if request.path.startswith("/i/"):
        # A tab that a phone opens again asks for the address a button was sent to.
        return "/".join(request.path.split("/")[:3])
    places = {"/portal": "/portal/next", "/crm": "/crm/pipeline", "/support": "/support"}
    return next((place for side, place in places.items() if request.path.startswith(side)), "/")
