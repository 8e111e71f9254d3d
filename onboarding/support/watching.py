"""Watches each request of a visit: what is shown and what is refused goes into the trail."""

import html
import re

from flask import Response, request

from onboarding.database import read
from onboarding.support import queries, trail
from onboarding.web import people
from onboarding.web.answers import wants_fragment

_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_SHOWN = ("text/html", "application/pdf", "text/csv")


def note_shown(response: Response) -> Response:
    """After each request: a page of a visit stands in the trail before it leaves the house."""
    if _is_page(response) and _is_visit():
        title = _title(response)
        look = trail.Look(request.full_path.rstrip("?"), title, _concerned(people.person()))
        _note(look)
    return response


def note_refused() -> None:
    """Something that changes things was tried in a visit."""
    path = f"{request.method} {request.path}"
    _note(trail.Look(path, "", _concerned(people.person()), is_refused=True))


def _note(look: trail.Look) -> None:
    visit = people.person().visit
    if visit is not None:
        trail.note(visit.visit_id, look, people.actor())


def _is_page(response: Response) -> bool:
    return (
        request.method == "GET"
        and response.status_code == 200
        and response.mimetype in _SHOWN
        and "HX-Redirect" not in response.headers
        and not request.path.endswith("/poll")
        and not wants_fragment()
    )


def _is_visit() -> bool:
    return people.is_signed_in() and people.person().visit is not None


def _title(response: Response) -> str:
    """The words of the page's h1, as its title opens with them."""
    if response.mimetype != "text/html" or response.direct_passthrough:
        return request.path.rpartition("/")[2]
    found = _TITLE.search(response.get_data(as_text=True))
    words = html.unescape(found.group(1)) if found else ""
    return " ".join(words.rpartition(" · ")[0].split() or words.split())


def _concerned(who: people.Person) -> str | None:
    """The onboarding that a page is about: the one its address names, or the customer's own."""
    named = {**request.args.to_dict(), **(request.view_args or {})}
    return queries.onboarding_about(read(who.contractor_id), who.contact_id, named)
