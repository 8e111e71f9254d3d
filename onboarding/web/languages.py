"""In which language a page speaks.

A customer's page asks in this order: what they chose in this browser; their account, or the contact
whose link it is; what the browser asks for; what the company speaks. The contractor's and support's
own pages ask the browser alone.
"""

from flask import current_app, g, has_request_context, request, session
from flask_babel import get_locale, refresh
from werkzeug.exceptions import HTTPException

from onboarding.web import people, sessions
from onboarding.web.brand import shown_company

# By its own name: whoever needs it can read it.
NAMES = {"en": "English", "es": "Español"}
DEFAULT = "en"


def spoken() -> str:
    """The language of this request, a key of NAMES."""
    if not has_request_context():
        return DEFAULT
    if _is_customers_page():
        return _chosen() or _known() or _asked_for(_of_company())
    return _asked_for(DEFAULT)


def current() -> str:
    """The language that this page is being drawn in."""
    return str(get_locale() or DEFAULT)[:2]


def expect(language: str) -> None:
    """Says whose page this is before anybody signed in: the language of the contact with the link.

    English is what stands on a contact whom nobody asked, so there the browser is heard first.
    """
    g.expected_language = language if language != DEFAULT else ""
    refresh()


def choose(language: str) -> None:
    """This browser's customer reads `language` from now on; signing in keeps that."""
    session["language"] = language
    refresh()


def other() -> tuple[str, str] | None:
    """The language that a customer can change this page to, its code and own name; None where there
    is nothing to choose."""
    is_watched = people.is_signed_in() and people.person().visit is not None
    if is_watched or not _is_customers_page():
        return None
    return next((code, name) for code, name in NAMES.items() if code != current())


def way_back() -> str:
    """The page to come back to: this one, where it can be asked for again."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    routes = current_app.create_url_adapter(request)
    try:
        return request.path if routes and routes.match(method="GET") else ""
    except HTTPException:
        return ""


def _is_customers_page() -> bool:
    return sessions.kind_of(request.path) == "portal" and not request.path.endswith("/poll")


def _chosen() -> str:
    return _ours(session.get("language"))


def _known() -> str:
    if g.get("expected_language"):
        return _ours(g.expected_language)
    return _ours(people.person().language) if people.is_signed_in() else ""


def _of_company() -> str:
    return _ours(getattr(shown_company(), "language", "")) or DEFAULT


def _asked_for(otherwise: str) -> str:
    return request.accept_languages.best_match(list(NAMES), otherwise) or otherwise


def _ours(language: object) -> str:
    return language if isinstance(language, str) and language in NAMES else ""
