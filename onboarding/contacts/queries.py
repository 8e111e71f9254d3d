"""Reads of contacts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from onboarding.contacts.models import Contact

PAGE = 50
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class ContactPage:
    """A page of the list; `after` is the cursor of the next one, or None at the end."""

    contacts: Sequence[Contact]
    after: str | None


def contact_page(
    db: Session, *, search: str = "", after: str = "", archived: bool = False
) -> ContactPage:
    """Contacts by name, from the cursor on: keyset pages, so deep ones cost as much as the first.

    `search` finds part of a name, an e-mail address or a phone number; its wildcards are text.
    """
    statement = select(Contact).order_by(Contact.name, Contact.id).limit(PAGE + 1)
    statement = statement.where(
        Contact.archived_at.is_not(None) if archived else Contact.archived_at.is_(None)
    )
    if search.strip():
        statement = statement.where(matches(search))
    last = db.get(Contact, after) if after else None
    if last is not None:
        later = or_(Contact.name > last.name, and_(Contact.name == last.name, Contact.id > last.id))
        statement = statement.where(later)
    rows = db.scalars(statement).all()
    has_more = len(rows) > PAGE
    return ContactPage(rows[:PAGE], rows[PAGE - 1].id if has_more else None)


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
