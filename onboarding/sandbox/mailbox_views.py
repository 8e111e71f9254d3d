"""The demo's mailbox page: what customers and contractors were sent, and a phone with the texts."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, abort, current_app, request
from flask_babel import get_locale
from markupsafe import Markup, escape

from onboarding.config import Settings
from onboarding.gateways.sms import segments
from onboarding.notifications import wording
from onboarding.notifications.models import Purpose
from onboarding.sandbox.mailbox import Arrival, Mailbox
from onboarding.sandbox.samples import AS_TEXT_ALONE, sample
from onboarding.sandbox.samples import samples as every_sample
from onboarding.web import access
from onboarding.web.answers import render, unchanged

blueprint = Blueprint("mailbox", __name__, url_prefix="/sandbox/mailbox")

_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:]")
# A message is a stranger's page: it may look as it likes, and do nothing but follow a link.
_FRAME = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'self'; sandbox allow-popups"
    " allow-popups-to-escape-sandbox"
)


@blueprint.get("")
@access.sandbox
def messages() -> Response:
    letters = mailbox().latest("email", most=1)
    return _page(letters[0] if letters else None)


@blueprint.get("/<int:number>")
@access.sandbox
def letter(number: int) -> Response:
    return _page(_arrival(number))


@blueprint.get("/poll")
@access.sandbox
def poll() -> Response:
    if request.args.get("seen") == str(mailbox().newest_number()):
        return unchanged()
    return render("sandbox/_arrivals.html", **_arrivals(request.args.get("chosen", type=int)))


@blueprint.get("/<int:number>/html")
@access.sandbox
def html(number: int) -> Response:
    part = _arrival(number).mail.get_body(("html",))
    return _framed(str(part.get_content()) if part else "")


@blueprint.get("/samples")
@access.sandbox
def samples() -> Response:
    """Every message there is, with sample data; `?message=` and `?in=` choose one and its
    language."""
    language = _language()
    chosen = _sample(request.args.get("message", Purpose.INVITE.value))
    return render(
        "sandbox/samples.html",
        groups=_subjects(language),
        chosen=chosen,
        message=wording.render(chosen, language),
        linked=linked,
        segments=segments,
        is_text_alone=chosen.purpose in AS_TEXT_ALONE,
        language=language,
        languages={"en": "English", "es": "Español"},
    )


@blueprint.get("/samples/<purpose>")
@access.sandbox
def sample_html(purpose: str) -> Response:
    return _framed(wording.render(_sample(purpose), _language()).html)


def _framed(body: str) -> Response:
    # Every link opens beside the mailbox, as it would in a reader of mail.
    answer = Response(body.replace("<head>", '<head><base target="_blank">', 1))
    answer.headers["Content-Security-Policy"] = _FRAME
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@blueprint.get("/<int:number>/files/<int:index>")
@access.sandbox
def file(number: int, index: int) -> Response:
    files = list(_arrival(number).mail.iter_attachments())
    if index >= len(files):
        abort(404)
    answer = Response(files[index].get_content(), mimetype=files[index].get_content_type())
    answer.headers.set("Content-Disposition", "attachment", filename=files[index].get_filename())
    return answer


def mailbox() -> Mailbox:
    return _opened(current_app.config["SETTINGS"])


@lru_cache(maxsize=4)
def _opened(settings: Settings) -> Mailbox:
    return Mailbox(settings)


def _language() -> str:
    wanted = request.args.get("in", str(get_locale())[:2])
    return wanted if wanted in wording.LANGUAGES else wording.LANGUAGES[0]


def _sample(purpose: str) -> wording.Letter:
    return sample(purpose) or abort(404)


def _subjects(language: str) -> dict[str, list[tuple[str, str]]]:
    """Purpose and subject of each sample, by who reads it."""
    return {
        reader: [(letter.purpose, wording.render(letter, language).subject) for letter in letters]
        for reader, letters in every_sample().items()
    }


def _page(chosen: Arrival | None) -> Response:
    return render(
        "sandbox/mailbox.html",
        chosen=_whole(chosen) if chosen else None,
        **_arrivals(chosen.number if chosen else None),
    )


def _arrivals(chosen: int | None) -> dict[str, Any]:
    return {
        "newest": mailbox().newest_number(),
        "chosen_number": chosen,
        "letters": [_summary(arrival) for arrival in mailbox().latest("email")],
        "phones": _phones(mailbox().latest("sms")),
    }


def _arrival(number: int) -> Arrival:
    arrival = mailbox().one(number)
    if arrival is None or arrival.channel != "email":
        abort(404)
    return arrival


def _summary(arrival: Arrival) -> dict[str, Any]:
    mail = arrival.head
    return {
        "number": arrival.number,
        "to": arrival.recipient,
        "sender": mail["From"].addresses[0].display_name,
        "subject": str(mail["Subject"]),
        "at": arrival.at,
        "has_files": mail.get_content_type() == "multipart/mixed",
    }


def _whole(arrival: Arrival) -> dict[str, Any]:
    mail = arrival.mail
    plain = mail.get_body(("plain",))
    return _summary(arrival) | {
        "headers": [(name, str(mail[name])) for name in ("From", "To", "Reply-To") if mail[name]],
        "text": linked(str(plain.get_content()) if plain else ""),
        "files": [part.get_filename() for part in mail.iter_attachments()],
    }


def _phones(texts: Sequence[Arrival]) -> list[dict[str, Any]]:
    """A phone for each number, the one that rang last first; on it the newest text first."""
    numbers = list(dict.fromkeys(text.recipient for text in texts))
    by_number = sorted(texts, key=lambda text: (numbers.index(text.recipient), -text.number))
    return [
        {"number": number, "texts": [{"at": text.at, "text": linked(text.text)} for text in group]}
        for number, group in groupby(by_number, key=lambda text: text.recipient)
    ]


def linked(text: str) -> Markup:
    """The text, escaped, with its addresses made links that open beside the mailbox."""
    parts: list[Markup] = []
    end = 0
    for found in _LINK.finditer(text):
        address = escape(found.group())
        link = Markup('<a href="{0}" target="_blank" rel="noopener">{0}</a>').format(address)
        parts += [escape(text[end : found.start()]), link]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])
