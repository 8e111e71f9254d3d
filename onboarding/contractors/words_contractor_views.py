"""The company's own lines of the messages to its customers."""

from dataclasses import asdict
from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext as _

from onboarding.contractors import message_words, samples
from onboarding.contractors.blueprints import blueprint
from onboarding.contractors.forms_words import WordsForm
from onboarding.contractors.settings_contractor_views import own_company
from onboarding.contractors.wording_names import language_name, names
from onboarding.gateways.sms import segments
from onboarding.notifications.models import Channel
from onboarding.notifications.own_words import KINDS, PLACEHOLDERS, Kind
from onboarding.notifications.typesetting import Parts
from onboarding.notifications.wording import LANGUAGES
from onboarding.web import access, people
from onboarding.web.answers import redirect_to, render
from onboarding.web.errors import NotFound, too_often
from onboarding.web.guessing import TooManyTries


@blueprint.get("/settings/messages")
@access.owner
def own_messages() -> Response:
    company = own_company()
    return render(
        "contractors/own_messages.html",
        kinds=[(kind, *names(kind.key)) for kind in KINDS.values()],
        languages=[(language, language_name(language)) for language in LANGUAGES],
        own=company.own_words,
    )


@blueprint.get("/settings/messages/<key>/<language>")
@access.owner
def own_message(key: str, language: str) -> Response:
    kind = _kind(key, language)
    kept = message_words.standing(own_company(), kind, language)
    return _editor(kind, language, WordsForm(kind, formdata=None, **_given(kept)))


@blueprint.post("/settings/messages/<key>/<language>")
@access.owner
def keep_message(key: str, language: str) -> Response:
    kind = _kind(key, language)
    form = WordsForm(kind)
    if not form.validate():
        return _editor(kind, language, form, status=422)
    message_words.keep(people.person().contractor_id, kind, language, form.parts())
    flash(_("Saved. It holds for every message from now on."))
    return redirect_to(url_for("contractors.own_message", key=key, language=language))


@blueprint.post("/settings/messages/<key>/<language>/preview")
@access.owner
def preview_message(key: str, language: str) -> Response:
    """As it would reach a customer; nothing is kept, nothing goes out."""
    kind = _kind(key, language)
    form = WordsForm(kind)
    form.validate()
    shown = _shown(kind, language, form)
    page = render("contractors/message_sample.html", "contractors/_message_sample.html", **shown)
    return samples.framing(page)


@blueprint.post("/settings/messages/<key>/<language>/test")
@access.owner
def try_message(key: str, language: str) -> Response:
    """What is typed goes to the owner's mailbox, or to the company's own number, kept or not."""
    kind = _kind(key, language)
    form = WordsForm(kind)
    if not form.validate():
        return _editor(kind, language, form, status=422)
    channel = Channel.SMS if request.form.get("by") == "sms" else Channel.EMAIL
    try:
        to = message_words.send_test(kind, language, form.parts(), channel, people.actor())
    except TooManyTries as too_many:
        return too_often(
            "contractors/own_message.html", too_many.seconds, **_told(kind, language, form)
        )
    return _editor(kind, language, form, sent_to=to)


@blueprint.post("/settings/messages/<key>/<language>/reset")
@access.owner
def reset_message(key: str, language: str) -> Response:
    kind = _kind(key, language)
    message_words.reset(people.person().contractor_id, kind, language)
    flash(_("These are our words again."))
    return redirect_to(url_for("contractors.own_message", key=key, language=language))


@blueprint.get("/settings/messages/mail/<told>")
@access.owner
def message_mail(told: str) -> Response:
    """The e-mail of what is being typed, set as it is sent, in a frame."""
    typed = samples.unsealed(told)
    kind = _kind(typed.get("key", ""), typed.get("language", ""))
    parts = Parts(typed.get("subject", ""), typed.get("opening", ""))
    shown = message_words.example(own_company(), kind, typed["language"], parts)
    return samples.framed_letter(shown.html)


def _kind(key: str, language: str) -> Kind:
    if key not in KINDS or language not in LANGUAGES:
        raise NotFound
    return KINDS[key]


def _given(parts: Parts) -> dict[str, str]:
    return asdict(parts)


def _editor(kind: Kind, language: str, form: WordsForm, **how: Any) -> Response:
    page = render("contractors/own_message.html", **_told(kind, language, form), **how)
    return samples.framing(page)


def _told(kind: Kind, language: str, form: WordsForm) -> dict[str, Any]:
    name, when = names(kind.key)
    offered = {name: PLACEHOLDERS[name] for name in kind.names_in_texts}
    return {
        "name": name,
        "when": when,
        "placeholders": offered,
        "is_own": language in own_company().own_words.get(kind.key, {}),
        "languages": [(each, language_name(each)) for each in LANGUAGES],
        **_shown(kind, language, form),
    }


def _shown(kind: Kind, language: str, form: WordsForm) -> dict[str, Any]:
    """The preview: the mail by its sealed address, the text with what it costs."""
    parts, company = form.parts(), own_company()
    message = message_words.example(company, kind, language, parts)
    told = asdict(parts) | {"key": kind.key, "language": language, "sms": ""}
    return {
        "form": form,
        "kind": kind,
        "language": language,
        "subject": message.subject,
        "sms": message.sms or "",
        "segments": segments(message.sms or ""),
        "mail_url": url_for("contractors.message_mail", told=samples.sealed(told)),
        "own": company,
    }
