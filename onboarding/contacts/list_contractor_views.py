"""The list, and the same contacts as a file."""

from collections.abc import Iterator

from flask import Response, request
from flask_babel import gettext as _

from onboarding.contacts import jobs, queries
from onboarding.contacts.blueprints import blueprint
from onboarding.contacts.csv_answers import csv_answer, phone_cell
from onboarding.contacts.models import Contact, Shelf
from onboarding.contacts.queries import Sort, Wish
from onboarding.database import read
from onboarding.web import access, people
from onboarding.web.answers import render


@blueprint.get("/contacts")
@access.member
def contacts() -> Response:
    wish, db = _wish(), read(people.person().contractor_id)
    after = request.args.get("after", "")
    page = queries.page_of(db, wish, after)
    return render(
        "contacts/contacts.html",
        "contacts/_found.html",
        page=page,
        jobs=jobs.jobs_of(db, [contact.id for contact in page.contacts]),
        wish=wish,
        asked=_asked(wish),
        statuses=jobs.statuses(),
        is_first=not after,
    )


@blueprint.get("/contacts/export.csv")
@access.member
def export() -> Response:
    """Everybody whom the list shows, on all its pages. Read back, it says the same."""
    pages = _pages(people.person().contractor_id, _wish())
    header = [
        *(_("Name"), _("E-mail"), _("Phone"), _("Street address"), _("Apartment, unit")),
        *(_("City"), _("State"), _("ZIP code"), _("Prefers"), _("Language"), _("Notes")),
    ]
    return csv_answer("contacts.csv", header, pages)


def _pages(contractor_id: str, wish: Wish) -> Iterator[list[list[str]]]:
    for page in queries.every_page(read(contractor_id), wish):
        yield [_cells(contact) for contact in page]


def _cells(contact: Contact) -> list[str]:
    return [
        contact.name,
        contact.email or "",
        phone_cell(contact.mobile),
        *(contact.address_line1, contact.address_line2, contact.city, contact.state),
        contact.postal_code,
        _("Text message") if contact.preferred_channel == "sms" else _("E-mail"),
        "Español" if contact.language == "es" else "English",
        contact.notes,
    ]


def _wish() -> Wish:
    """What the address asks for; what it cannot mean is left out."""
    asked = request.args
    standing = asked.get("status", "")
    sort = asked.get("sort", "")
    return Wish(
        search=asked.get("search", "").replace("\x00", ""),
        standing=standing if standing in (*jobs.statuses(), queries.NO_JOB) else "",
        sort=Sort(sort) if sort in list(Sort) else Sort.NAME,
        shelf=Shelf.ARCHIVED if asked.get("archived") == "1" else Shelf.CURRENT,
    )


def _asked(wish: Wish) -> dict[str, str | None]:
    """The wish as it stands in an address; what is not said is the usual."""
    return {
        "search": wish.search or None,
        "status": wish.standing or None,
        "sort": None if wish.sort is Sort.NAME else wish.sort.value,
        "archived": "1" if wish.shelf is Shelf.ARCHIVED else None,
    }
