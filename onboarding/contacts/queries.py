"""Reads of contacts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select, tuple_
from sqlalchemy.orm import Session

from onboarding.contacts import listing  # noqa: F401 (keeps what is read here, once imported)
from onboarding.contacts.folding import terms_of
from onboarding.contacts.models import Contact, ContactListing, ContactWord, Shelf

PAGE = 50
LONGEST_SEARCH = 100
NO_JOB = "none"
_LAST_LETTER = "\U0010ffff"


class Sort(StrEnum):
    NAME = "name"
    NEWEST = "newest"
    ACTIVITY = "activity"


@dataclass(frozen=True)
class Wish:
    """Which contacts are asked for. `standing` is a status, NO_JOB, or empty for any."""

    search: str = ""
    standing: str = ""
    sort: Sort = Sort.NAME
    shelf: Shelf = Shelf.CURRENT


@dataclass(frozen=True)
class ContactPage:
    """A page of the list; `after` is the cursor of the next one, or None at the end."""

    contacts: Sequence[Contact]
    after: str | None


_Key = tuple[Any, ...]
_KEYS: dict[Sort, _Key] = {
    Sort.NAME: (ContactListing.name_key, ContactListing.contact_id),
    Sort.NEWEST: (ContactListing.contact_id,),
    Sort.ACTIVITY: (ContactListing.active_at, ContactListing.contact_id),
}


def contact_page(
    db: Session, *, search: str = "", after: str = "", archived: bool = False
) -> ContactPage:
    """Contacts by name, from the cursor on."""
    shelf = Shelf.ARCHIVED if archived else Shelf.CURRENT
    return page_of(db, Wish(search=search, shelf=shelf), after)


def page_of(db: Session, wish: Wish, after: str = "", size: int = PAGE) -> ContactPage:
    """The contacts from the cursor on. Keyset pages: deep ones cost as much as the first."""
    last = db.get(ContactListing, after) if after else None
    rows = db.scalars(_ordered(wish, last).limit(size + 1)).all()
    return ContactPage(rows[:size], rows[size - 1].id if len(rows) > size else None)


def every_page(db: Session, wish: Wish, size: int = 500) -> Iterator[Sequence[Contact]]:
    """All that are asked for, a handful at a time."""
    after: str | None = ""
    while after is not None:
        page = page_of(db, wish, after, size)
        yield page.contacts
        after = page.after
        db.expunge_all()


def _ordered(wish: Wish, last: ContactListing | None) -> Select[Contact]:
    keys = _KEYS[wish.sort]
    statement = (
        select(Contact)
        .join(ContactListing, ContactListing.contact_id == Contact.id)
        .where(ContactListing.shelf == wish.shelf.value, *_asked(wish))
    )
    if last is not None:
        here, there = tuple_(*keys), tuple_(*(getattr(last, key.key) for key in keys))
        statement = statement.where(here > there if wish.sort is Sort.NAME else here < there)
    directed = keys if wish.sort is Sort.NAME else [key.desc() for key in keys]
    return statement.order_by(*directed)


def _asked(wish: Wish) -> Iterator[ColumnElement[bool]]:
    if wish.standing:
        standing = "" if wish.standing == NO_JOB else wish.standing
        yield ContactListing.standing == standing
    if wish.search.strip():
        yield from _found_by(wish.search[:LONGEST_SEARCH])


def _found_by(search: str) -> Iterator[ColumnElement[bool]]:
    """Each word of the search begins a word of the contact's."""
    terms = terms_of(search)
    for term in terms:
        yield ContactListing.contact_id.in_(
            select(ContactWord.contact_id).where(
                ContactWord.word >= term, ContactWord.word < term + _LAST_LETTER
            )
        )
    if not terms:
        yield false()


def matches(search: str):  # type: ignore[no-untyped-def]
    """The condition for a search over name, e-mail and digits of the mobile number."""
    words = _escaped(search.strip()[:LONGEST_SEARCH])
    digits = "".join(letter for letter in search if letter.isdecimal())
    found = [
        Contact.name.ilike(f"%{words}%", escape="\\"),
        Contact.email.ilike(f"%{words}%", escape="\\"),
    ]
    if len(digits) >= 3:
        found.append(Contact.mobile.like(f"%{digits[:20]}%"))
    return or_(*found)


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
