"""Keeps what the list sorts, filters and searches by, in the transaction that changed it.

It hears of every Contact that is written. Of jobs it is told by `note_job`: the journey and this
room do not know each other, so they are joined where the application is put together.
"""

from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Table, case, delete, event, inspect, update
from sqlalchemy.orm import Mapper

from onboarding import clock
from onboarding.contacts import folding
from onboarding.contacts.models import Contact, ContactListing, ContactWord, Shelf

_FOUND_BY = ("name", "email", "mobile")
_LISTED_BY = (*_FOUND_BY, "archived_at", "merged_into_id", "version")
_listings = cast(Table, ContactListing.__table__)
_words = cast(Table, ContactWord.__table__)

Rows = list[dict[str, Any]]


def listing_row(contact: Contact) -> dict[str, Any]:
    """The row of a contact without a job, for an insert."""
    return {
        "contact_id": contact.id,
        "contractor_id": contact.contractor_id,
        "standing": "",
        "active_at": contact.created_at,
        **_keys(contact),
    }


def word_rows(contact_id: str, contractor_id: str, found_by: set[str]) -> Rows:
    return [
        {"contractor_id": contractor_id, "word": word, "contact_id": contact_id}
        for word in sorted(found_by)
    ]


def note_job(
    connection: Connection, contact_id: str, status: str, is_newest: ColumnElement[bool]
) -> None:
    """Something happened in a job of the contact; where the newest job stands, there it stands."""
    standing = case((is_newest, status), else_=_listings.c.standing)
    connection.execute(
        update(_listings)
        .where(_listings.c.contact_id == contact_id)
        .values(active_at=clock.now(), standing=standing)
    )


@event.listens_for(Contact, "after_insert")
def _inserted(_mapper: Mapper[Contact], connection: Connection, contact: Contact) -> None:
    connection.execute(_listings.insert(), [listing_row(contact)])
    _add_words(connection, contact)


@event.listens_for(Contact, "after_update")
def _updated(_mapper: Mapper[Contact], connection: Connection, contact: Contact) -> None:
    changed = {name for name in _LISTED_BY if inspect(contact).attrs[name].history.has_changes()}
    if not changed:
        return
    connection.execute(
        update(_listings)
        .where(_listings.c.contact_id == contact.id)
        .values(active_at=clock.now(), **_keys(contact))
    )
    if not changed.isdisjoint(_FOUND_BY):
        connection.execute(delete(_words).where(_words.c.contact_id == contact.id))
        _add_words(connection, contact)


def _keys(contact: Contact) -> dict[str, Any]:
    return {
        "shelf": _shelf(contact),
        "name_key": folding.name_key(contact.name),
        "email_key": folding.email_key(contact.email),
    }


def _shelf(contact: Contact) -> Shelf:
    if contact.merged_into_id is not None:
        return Shelf.MERGED
    return Shelf.CURRENT if contact.archived_at is None else Shelf.ARCHIVED


def _add_words(connection: Connection, contact: Contact) -> None:
    found_by = folding.words_of(contact.name, contact.email, contact.mobile)
    rows = word_rows(contact.id, contact.contractor_id, found_by)
    if rows:
        connection.execute(_words.insert(), rows)
